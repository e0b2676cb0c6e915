#!/usr/bin/python3
"""`tools/sessenum-dask` on a scheduler and three workers, one of which is killed: nothing is lost, nothing comes twice.

usage: dask_test.py --sessenum PROGRAM [unittest arguments]
       dask_test.py --self-test

Exit status 77 (skipped) where dask.distributed is not installed. Everything listens on 127.0.0.1 alone.
"""
import contextlib
import importlib.machinery
import importlib.util
import json
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import unittest

import command_line
from capture_file import read_packets, write_pcap
from command_line import DONE, FAILED, PCAPS, TOP, main, run

SKIPPED = 77
TOOL = TOP / "tools" / "sessenum-dask"
PATIENCE = 400  # seconds; a machine may be busy with other things
CAPTURES = sorted(path for path in PCAPS.iterdir() if path.suffix in (".pcap", ".pcapng"))
CUT = "file-pcap-cut-mid-record.pcap"
HELD = "smb2-transceive-level10.pcapng"
ROTATED = PCAPS / "smb2-transceive-all-levels-rpcclient.pcap"
KEYS = PCAPS / "tcp-ntlmssp-privacy-impacket.keys"
SECRET = "Passw0rd!"

# Stands in for sessenum: notes each start, and stops in the first one that reads `held`, until it is killed.
STAND_IN = """#!/bin/sh
case "$*" in *--version) exec {program} --version;; esac
echo "$*" >> {folder}/started
case "$*" in */a/{held}) mkdir {folder}/once 2>/dev/null && {{ echo $$ $PPID > {folder}/held.new
  mv {folder}/held.new {folder}/held; exec sleep 600; }};; esac
exec {program} "$@"
"""


def load_tool():
    loader = importlib.machinery.SourceFileLoader("sessenum_dask", str(TOOL))
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader("sessenum_dask", loader))
    loader.exec_module(module)
    return module


def until(condition, what):
    end = time.monotonic() + PATIENCE
    while not condition():
        if time.monotonic() > end:
            raise AssertionError(f"waited in vain for {what}")
        time.sleep(0.05)


class Cluster:
    """A scheduler and workers, as a user starts them."""

    def __init__(self, folder, workers):
        self.file = folder / "scheduler.json"
        self.log = (folder / "cluster.log").open("wb")
        self.processes = [self._start("dask-scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard")]
        self.workers = [self._start("dask-worker", "--host", "127.0.0.1", "--no-dashboard", "--no-nanny", "--nthreads", "1",
                                    "--local-directory", str(folder / f"worker{i}")) for i in range(workers)]
        self.processes += self.workers

    def _start(self, *command):
        return subprocess.Popen([*command, "--scheduler-file", str(self.file)], stdout=self.log, stderr=self.log,
                                stdin=subprocess.DEVNULL)

    def end(self):
        for process in reversed(self.processes):
            process.kill()
            process.wait()
        self.log.close()


def differences(outputs, expected):
    """What is lost, came twice or is otherwise: both are {(folder, capture): lines}."""
    for key in expected.keys() | outputs.keys():
        if key not in outputs:
            yield f"{key} is lost"
        elif key not in expected:
            yield f"{key} was never there"
        elif outputs[key] != expected[key]:
            yield f"{key}: {len(outputs[key])} lines, not the {len(expected[key])} of sessenum replay"


def outputs_in(folder):
    """{(folder, name) of the input: lines} of every NDJSON file; an input that has two of them is an error."""
    outputs = {}
    for output in folder.glob("*.ndjson"):
        record = json.loads(output.with_suffix(".json").read_text(encoding="utf-8"))
        source = pathlib.Path(record["job"]["inputs"][0][0])
        key = source.parent.name, source.name
        assert key not in outputs, f"{key} has two outputs"
        outputs[key] = output.read_text(encoding="utf-8").splitlines()
    return outputs


class OnACluster(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.holder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(cls.holder.cleanup)
        cls.dir = pathlib.Path(cls.holder.name)
        cls.stand_in = cls.dir / "sessenum"
        cls.stand_in.write_text(STAND_IN.format(program=command_line.PROGRAM, folder=cls.dir, held=HELD))
        cls.stand_in.chmod(0o755)
        cls.cluster = Cluster(cls.dir, workers=3)
        cls.addClassCleanup(cls.cluster.end)

    def command(self, *arguments, to="out"):
        return [sys.executable, "-B", str(TOOL), "--scheduler-file", str(self.cluster.file), "--to", str(self.dir / to),
                "--sessenum", str(self.stand_in), "--patience", str(PATIENCE), *map(str, arguments)]

    def on_cluster(self, *arguments, to="out"):
        self.started.unlink(missing_ok=True)
        done = subprocess.run(self.command(*arguments, to=to), capture_output=True, text=True, timeout=PATIENCE)
        starts = self.started.read_text().splitlines() if self.started.exists() else []
        return done, starts

    @property
    def started(self):
        return self.dir / "started"

    def test_a_worker_is_killed_and_nothing_is_lost(self):
        inputs = self.dir / "in"
        expected = {}
        for folder, captures in (("a", CAPTURES), ("b", [PCAPS / CUT, PCAPS / HELD])):  # equal names, told apart
            (inputs / folder).mkdir(parents=True)
            for capture in captures:
                shutil.copy(capture, inputs / folder)
                expected[folder, capture.name] = run("replay", "--format", "ndjson", capture)[1].splitlines()

        client = subprocess.Popen(self.command(inputs), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.addCleanup(client.communicate)
        self.addCleanup(client.kill)
        out = self.dir / "out"
        held = self.dir / "held"
        until(lambda: held.exists() and len(list(out.glob("*.ndjson"))) > 10, "the middle of the run")
        program, worker = map(int, held.read_text().split())
        victim = next(process for process in self.cluster.workers if process.pid == worker)
        victim.send_signal(signal.SIGKILL)
        os.kill(program, signal.SIGKILL)  # what it had started: the machine is gone
        said, errors = client.communicate(timeout=PATIENCE)

        self.assertEqual(list(differences(outputs_in(out), expected)), [])
        self.assertEqual(client.returncode, FAILED, "two captures are cut short")
        self.assertIn(f"{len(expected)} inputs (0 kept from before)", said)
        self.assertIn("2 failed", said, errors)
        ours = [line for line in errors.splitlines() if line.startswith("sessenum-dask: ")]  # dask may have its own to say
        self.assertEqual(len(ours), 2, errors)
        starts = self.started.read_text().splitlines()
        self.assertEqual(sum(start.endswith(f"/a/{HELD}") for start in starts), 2, "the held one was done again")
        self.assertFalse([path for path in out.iterdir() if path.suffix == ".partial"])
        record = json.loads(next(out.glob(f"{CUT}-*.json")).read_text(encoding="utf-8"))
        self.assertEqual(record["status"], FAILED)
        self.assertIn("truncated", record["stderr"])

        self.second_run_does_what_is_left(inputs, out, expected)

    def second_run_does_what_is_left(self, inputs, out, expected):
        done, starts = self.on_cluster(inputs)
        self.assertEqual((done.returncode, starts), (FAILED, []))
        self.assertIn(f"({len(expected)} kept from before)", done.stdout)

        outputs = sorted(out.glob("smb2-*.ndjson"))
        lines = outputs[0].read_bytes().splitlines(keepends=True)
        outputs[0].write_bytes(b"".join(lines[:-1]))  # cut before its summary
        outputs[1].unlink()
        record = outputs[1].with_suffix(".json").rename(out / "put-aside")  # killed before its name was given:
        left = out / f".{outputs[1].stem}.0123.part"
        left.write_bytes(lines[0][:-5])
        record.unlink()
        changed = pathlib.Path(json.loads(outputs[2].with_suffix(".json").read_text())["job"]["inputs"][0][0])
        os.utime(changed, (1, 1))
        done, starts = self.on_cluster(inputs)
        self.assertEqual(len(starts), 3, starts)
        self.assertIn(f"({len(expected) - 3} kept from before)", done.stdout)
        self.assertEqual(list(differences(outputs_in(out), expected)), [])
        self.assertFalse(left.exists())

    def test_options_keys_and_what_cannot_be_done(self):
        sealed = self.dir / "sealed"
        sealed.mkdir()
        shutil.copy(KEYS.with_suffix(".pcapng"), sealed / "sealed.pcapng")
        (sealed / "garbage.pcap").write_bytes(b"garbage" * 100)
        packets = read_packets(ROTATED.read_bytes())
        third = len(packets) // 3
        for number, part in enumerate((packets[:third], packets[third:2 * third], packets[2 * third:])):
            (sealed / f"ring.pcap{number or ''}").write_bytes(write_pcap(part))

        done, starts = self.on_cluster("--keys", KEYS, sealed, "--", "--fail-on", "never", to="sealed-out")
        self.assertEqual((done.returncode, len(starts)), (FAILED, 3), done.stderr)
        self.assertIn("garbage.pcap: ", done.stderr)
        outputs = outputs_in(self.dir / "sealed-out")
        calls = [json.loads(line) for line in outputs["sealed", "sealed.pcapng"][:-1]]
        self.assertTrue(calls and all(call["undecoded"] is None for call in calls), "the keys were used")
        whole = run("replay", "--format", "ndjson", ROTATED)[1].splitlines()
        rotated = outputs["sealed", "ring.pcap"]
        self.assertEqual([{**json.loads(line), "capture": ""} for line in rotated[:-1]],
                         [{**json.loads(line), "capture": ""} for line in whole[:-1]])
        for path in [self.dir / "cluster.log", *(self.dir / "sealed-out").iterdir()]:
            self.assertNotIn(SECRET.encode(), path.read_bytes(), path.name)
        self.assertNotIn(SECRET, done.stdout + done.stderr)

        self.assertEqual(len(self.on_cluster("--keys", KEYS, sealed, "--", "--fail-on", "never", to="sealed-out")[1]), 0)
        done, starts = self.on_cluster("--keys", KEYS, sealed, "--", "--fail-on", "known", to="sealed-out")
        self.assertEqual(len(starts), 3, "other options: everything is done again")
        done, starts = self.on_cluster(sealed / "sealed.pcapng", "--", "--no-such-option", to="sealed-out")
        self.assertEqual((done.returncode, len(starts)), (FAILED, 1))
        self.assertIn("--no-such-option", done.stderr)
        self.assertEqual(len(list((self.dir / "sealed-out").glob("sealed.pcapng-*.partial"))), 1)

    def test_what_is_refused(self):
        for option in ("--nt-password", "--output=x", "--format"):
            done, _ = self.on_cluster(PCAPS, "--", option, "x", to="refused")
            self.assertEqual(done.returncode, FAILED)
            self.assertIn(option.split("=")[0], done.stderr)
        empty = self.dir / "empty"
        empty.mkdir()
        self.assertEqual(self.on_cluster(empty, to="refused")[0].returncode, FAILED)


class Rotations(unittest.TestCase):
    def setUp(self):
        holder = tempfile.TemporaryDirectory()
        self.addCleanup(holder.cleanup)
        self.dir = pathlib.Path(holder.name)
        self.tool = load_tool()

    def inputs(self, names, globs=(), detects=True):
        paths = [self.dir / name for name in names]
        found = self.tool.inputs_of(paths, [str(self.dir / glob) for glob in globs], detects)
        return sorted([path.name for path in files] for files in found.values())

    def test_names(self):
        for rotation in (
                ["x_00009_20260131000000.pcapng", "x_00010_20260131010000.pcapng.gz", "x_00011_20260131020000.pcapng"],
                ["x_20260131000000_00001.pcapng", "x_20260131010000_00002.pcapng"],
                ["x.pcap", "x.pcap1", "x.pcap2", "x.pcap10"],
                ["x.pcap00.gz", "x.pcap01.gz", "x.pcap02"],
                ["x-2026-01-31_22:00:00-eth0.pcap", "x-2026-01-31_23:00:00-eth0.pcap", "x-2026-02-01_00:00:00-eth0.pcap"],
                ["x.20260131-2200.pcap.zst", "x.20260131-2300.pcap"],
                ["x-20260131220000.pcap", "x-20260131220000.pcap1", "x-20260131230000.pcap"],
                ["1769896800.pcap", "1769900400.pcap"]):
            self.assertEqual(self.inputs(reversed(rotation)), [rotation])
            self.assertEqual(self.inputs(rotation, detects=False), sorted([name] for name in rotation))

    def test_names_of_none(self):
        for names in (["x.pcap", "y.pcap"], ["x1.pcap", "x2.pcap"], ["x.pcap", "x.pcap.gz"], ["x.pcap", "x.pcapng"],
                      ["x_00001_20260131000000.pcapng", "y_00002_20260131000001.pcapng"], ["lab-1234.pcap", "lab-1235.pcap"]):
            self.assertEqual(self.inputs(names), sorted([name] for name in names))

    def test_numbers_that_go_round_are_ordered_by_time(self):
        packets = read_packets(ROTATED.read_bytes())
        for number, at in ((0, 20), (1, 30), (2, 10)):
            (self.dir / f"x.pcap{number}").write_bytes(write_pcap(packets[at:at + 1]))
        self.assertEqual(self.inputs(["x.pcap0", "x.pcap1", "x.pcap2"]), [["x.pcap2", "x.pcap0", "x.pcap1"]])

    def test_a_rotation_that_is_named(self):
        self.assertEqual(self.inputs(["b10.pcap", "b9.pcap", "c1.pcap"], ["b*.pcap"]), [["b9.pcap", "b10.pcap"], ["c1.pcap"]])

    def test_equal_names_of_different_folders_have_different_outputs(self):
        outputs = {self.tool.output_of(self.dir, (folder, "x.pcap")) for folder in ("/a", "/b")}
        self.assertEqual(len(outputs), 2)


def self_test():
    whole = {("a", "x"): ["1", "2"], ("b", "x"): ["1"]}
    assert list(differences(whole, dict(whole))) == []
    for wrong in ({("a", "x"): ["1", "2"]}, {**whole, ("a", "x"): ["1"]}, {**whole, ("a", "x"): ["1", "2", "2"]},
                  {**whole, ("c", "x"): []}):
        assert len(list(differences(wrong, whole))) == 1, f"{wrong} is not noticed"
    return 0


if __name__ == "__main__":
    if "--self-test" in sys.argv:
        sys.exit(self_test())
    if not shutil.which("dask-scheduler") or not importlib.util.find_spec("distributed"):
        print("skipped: dask.distributed is not installed")
        sys.exit(SKIPPED)
    main(__doc__)
