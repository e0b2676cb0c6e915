#!/usr/bin/python3
"""`sessenum replay` as its users and scripts meet it: exit status, standard output and standard error.

usage: replay_cli_test.py --sessenum PROGRAM [unittest arguments]
"""
import gzip
import json
import os
import pathlib
import pty
import struct
import subprocess

import command_line
from command_line import PCAPS, DONE, FINDINGS, FAILED, REQUEST, CommandLineTest, calls_of, records, run, main

SOUND = PCAPS / "tcp-noauth-all-levels-impacket.pcap"  # nothing is broken
CALLS = 5
NO_FINDING = PCAPS / "smb2-transceive-level0.pcapng"
ADVISORY = PCAPS / "bigendian-ndr64.pcap"
KNOWN = PCAPS / "smb2-transceive-level10.pcapng"
VIOLATION = PCAPS / "broken-resp-string_offset_nonzero.pcap"


def pcapng_block(kind, body):
    body += bytes(-len(body) % 4)
    size = struct.pack("<I", len(body) + 12)
    return struct.pack("<I", kind) + size + body + size


def pcapng_of(pcap, second_link):
    """The packets of a microsecond pcap as pcapng, with one packet of a second interface in their midst."""
    data = pcap.read_bytes()
    assert data[:4] == b"\xd4\xc3\xb2\xa1"
    out = pcapng_block(0x0A0D0D0A, struct.pack("<IHHq", 0x1A2B3C4D, 1, 0, -1))
    for link in (1, second_link):
        out += pcapng_block(1, struct.pack("<HHI", link, 0, 0))
    at = 24
    number = 0
    while at < len(data):
        seconds, fraction, size, original = struct.unpack_from("<IIII", data, at)
        ticks = seconds * 1000000 + fraction
        packet = data[at + 16:at + 16 + size]
        head = struct.pack("<IIIII", 0, ticks >> 32, ticks & 0xFFFFFFFF, size, original)
        out += pcapng_block(6, head + packet)
        at += 16 + size
        number += 1
        if number == 3:
            out += pcapng_block(6, struct.pack("<IIIII", 1, 0, 0, 20, 20) + bytes(20))
    return out


class BadCaptureTest(CommandLineTest):
    def assert_nothing_read(self, path, reason=None):
        for output in ("text", "ndjson"):
            status, out, err = run("replay", "--format", output, path)
            self.assertEqual(status, FAILED)
            self.assert_one_error(err, path, reason)
        self.assertEqual(calls_of(out), [])
        self.assertEqual(records(out)[-1]["packets"], 0)

    def test_a_device_and_a_pipe_that_give_nothing(self):
        self.assert_nothing_read("/dev/null", "empty")
        status, out, err = run("replay", "--format", "ndjson", "-")
        self.assertEqual(status, FAILED)
        self.assert_one_error(err, "-", "empty")

    def test_gzip_with_zeros_or_garbage_behind_it(self):
        whole = run("replay", "--format", "ndjson", SOUND)[1].replace(SOUND.name, "packed.gz")
        packed = gzip.compress(SOUND.read_bytes())
        path = self.file("packed.gz", packed + bytes(1000))
        self.assertEqual(run("replay", "--format", "ndjson", path), (DONE, whole, ""))
        self.file("packed.gz", packed + b"garbage")
        status, out, err = run("replay", "--format", "ndjson", path)
        self.assertEqual((status, out), (FAILED, whole))
        self.assert_one_error(err, path, "damaged")

    def test_missing_file(self):
        self.assert_nothing_read(self.folder / "missing.pcap", "No such file or directory")

    def test_directory(self):
        self.assert_nothing_read(self.folder, "directory")

    def test_empty_file(self):
        self.assert_nothing_read(self.file("empty.pcap", b""), "empty")

    def test_garbage(self):
        for content in (b"x", b"GET / HTTP/1.1\r\n" * 100, bytes(4096), b"\xff" * 4096, SOUND.read_bytes()[1:]):
            self.assert_nothing_read(self.file("garbage.pcap", content))

    def test_file_that_may_not_be_read(self):
        path = self.file("secret.pcap", SOUND.read_bytes())
        path.chmod(0)
        if os.access(path, os.R_OK):
            self.skipTest("this user may read everything")
        self.assert_nothing_read(path, "Permission denied")

    def test_unknown_link_type(self):
        data = bytearray(SOUND.read_bytes())
        for link, name in ((105, "IEEE802_11"), (147, "147")):
            data[20:24] = struct.pack("<I", link)
            path = self.file("link.pcap", data)
            status, out, err = run("replay", "--format", "ndjson", path)
            self.assertEqual(status, FAILED)
            self.assert_one_error(err, path, name)
            self.assert_summary_adds_up(out)

    def test_capture_cut_short(self):
        data = SOUND.read_bytes()
        cut = self.file("cut.pcap", data[:-10])
        status, out, err = run("replay", "--format", "ndjson", cut)
        self.assertEqual(status, FAILED)
        self.assert_one_error(err, cut, "truncated")
        self.assertEqual(len(calls_of(out)), CALLS, "all calls stand before the damage")
        half = self.file("half.pcap", data[:len(data) // 2])
        status, out, err = run("replay", "--format", "ndjson", half)
        self.assertEqual(status, FAILED)
        self.assert_one_error(err, half)
        self.assertGreater(len(calls_of(out)), 0)
        self.assertLess(len(calls_of(out)), CALLS)
        self.assert_summary_adds_up(out)

    def test_pcapng_with_differing_link_types_that_are_read(self):
        path = self.file("mixed.pcapng", pcapng_of(SOUND, 101))
        status, out, err = run("replay", "--format", "ndjson", path)
        self.assertEqual((status, err), (DONE, ""))
        self.assertEqual(len(calls_of(out)), CALLS)

    def test_pcapng_with_a_link_type_that_is_not_read(self):
        path = self.file("mixed.pcapng", pcapng_of(SOUND, 105))
        status, out, err = run("replay", "--format", "ndjson", path)
        self.assertEqual(status, FAILED)
        self.assert_one_error(err, path, "105")
        self.assertEqual(len(calls_of(out)), CALLS)

    def test_one_bad_capture_among_several(self):
        missing = self.folder / "missing.pcap"
        status, out, err = run("replay", "--format", "ndjson", SOUND, missing, ADVISORY)
        self.assertEqual(status, FAILED)
        self.assert_one_error(err, missing)
        captures = {call["capture"] for call in calls_of(out)}
        self.assertEqual(captures, {SOUND.name, ADVISORY.name})
        self.assertEqual(records(out)[-1]["captures"], 3)
        self.assert_summary_adds_up(out)

    def test_hostile_file_name(self):
        path = self.folder / "a\x1b[31m\nb.pcap"
        status, out, err = run("replay", path, SOUND)
        self.assertEqual(status, FAILED)
        self.assertEqual(len(err.splitlines()), 1)
        self.assertNotIn("\x1b", err)
        self.assertNotIn("\x1b", out)
        self.assertIn("a\\x1b[31m\\x0ab.pcap", err)


class ReplayTest(CommandLineTest):
    def test_text_is_the_default(self):
        status, out, err = run("replay", SOUND)
        self.assertEqual((status, err), (DONE, ""))
        self.assertIn("NetrSessionEnum level", out)
        self.assertEqual(out.count("NetrSessionEnum level"), CALLS)
        self.assertEqual(run("replay", "--format", "text", SOUND)[1], out)
        self.assertNotIn("\x1b", out)

    def test_ndjson(self):
        status, out, err = run("replay", "--format", "ndjson", SOUND)
        self.assertEqual((status, err), (DONE, ""))
        self.assertEqual(len(calls_of(out)), CALLS)
        self.assert_summary_adds_up(out)

    def test_summaries_of_all_captures_add_up(self):
        for capture in sorted(PCAPS.glob("*.pcap*")):
            with self.subTest(capture.name):
                _, out, _ = run("replay", "--format", "ndjson", capture)
                self.assert_summary_adds_up(out)

    def test_the_summary_of_several_captures_is_their_sum(self):
        captures = [SOUND, ADVISORY, VIOLATION]
        single = [records(run("replay", "--format", "ndjson", capture)[1])[-1] for capture in captures]
        status, out, _ = run("replay", "--format", "ndjson", *captures)
        self.assertEqual(status, DONE)
        whole = records(out)[-1]
        for key in ("captures", "packets", "bytes", "flows", "calls"):
            self.assertEqual(whole[key], sum(summary[key] for summary in single), key)
        for group in ("undecoded", "rules"):
            for key in whole[group]:
                self.assertEqual(whole[group][key], sum(summary[group][key] for summary in single), key)

    def test_several_captures_are_titled_in_text(self):
        out = run("replay", SOUND, ADVISORY)[1]
        self.assertIn(f"== {SOUND}\n", out)
        self.assertIn(f"== {ADVISORY}\n", out)
        self.assertNotIn("== ", run("replay", SOUND)[1])

    def test_standard_input(self):
        for capture in (SOUND, PCAPS / "smb2-transceive-level10.pcapng"):
            expected = run("replay", "--format", "ndjson", capture)[1]
            status, out, err = run("replay", "--format", "ndjson", "-", stdin=capture.read_bytes())
            self.assertEqual((status, err), (DONE, ""))
            self.assertEqual({call["capture"] for call in calls_of(out)}, {"-"})
            self.assertEqual(out.replace('"capture":"-"', f'"capture":"{capture.name}"'), expected)

    def test_bad_standard_input(self):
        for data in (b"", b"garbage" * 100, SOUND.read_bytes()[:-10]):
            status, out, err = run("replay", "--format", "ndjson", "-", stdin=data)
            self.assertEqual(status, FAILED)
            self.assert_one_error(err, "-")
            self.assert_summary_adds_up(out)

    def test_fail_on(self):
        expected = {
            NO_FINDING: {},
            ADVISORY: {"known": FINDINGS, "advisory": FINDINGS},
            KNOWN: {"known": FINDINGS, "advisory": FINDINGS},
            VIOLATION: {"violation": FINDINGS, "known": FINDINGS, "advisory": FINDINGS},
        }
        for capture, statuses in expected.items():
            for grade in ("violation", "known", "advisory", "never"):
                with self.subTest(f"{capture.name} {grade}"):
                    status, out, err = run("replay", "--fail-on", grade, "--format", "ndjson", capture)
                    self.assertEqual((status, err), (statuses.get(grade, DONE), ""))
                    self.assertGreater(len(calls_of(out)), 0)
            self.assertEqual(run("replay", capture)[0], DONE, "never is the default")

    def test_damage_counts_for_more_than_findings(self):
        self.assertEqual(run("replay", "--fail-on", "violation", VIOLATION, self.folder / "missing")[0], FAILED)


class OutputTest(CommandLineTest):
    def test_output_to_a_file(self):
        expected = run("replay", "--format", "ndjson", SOUND)[1]
        path = self.folder / "out.ndjson"
        path.write_text("something that was there before\n" * 10000)
        for option in ("--output", "-o"):
            status, out, err = run("replay", "--format", "ndjson", option, path, SOUND)
            self.assertEqual((status, out, err), (DONE, "", ""))
            self.assertEqual(path.read_text(encoding="utf-8"), expected)
        self.assertEqual(run("replay", "--format", "ndjson", "--output", "-", SOUND)[1], expected)

    def test_output_never_overwrites_an_input(self):
        whole = pathlib.Path(SOUND).read_bytes()
        capture = self.folder / "evidence.pcapng"
        capture.write_bytes(whole)
        status, out, err = run("replay", "--output", capture, SOUND, capture)
        self.assertEqual((status, out), (FAILED, ""))
        self.assert_one_error(err, capture, "overwritten")
        self.assertEqual(capture.read_bytes(), whole)

    def test_output_never_overwrites_the_keys(self):
        keys = self.file("keys", b"# none\n")
        link = self.folder / "link"
        link.symlink_to(keys)
        for output in (keys, link):
            status, out, err = run("replay", "--keys", keys, "--output", output, SOUND)
            self.assertEqual((status, out), (FAILED, ""))
            self.assert_one_error(err, output, "overwritten")
        self.assertEqual(keys.read_bytes(), b"# none\n")

    def test_output_to_a_place_that_cannot_be_written(self):
        place = self.folder / "missing" / "out"
        status, out, err = run("replay", "--output", place, SOUND)
        self.assertEqual((status, out), (FAILED, ""))
        self.assert_one_error(err, place, "No such file or directory")
        status, out, err = run("replay", "--output", self.folder, SOUND)
        self.assertEqual((status, out), (FAILED, ""))
        self.assert_one_error(err, self.folder, "directory")

    def test_a_full_disk(self):
        if not os.path.exists("/dev/full"):
            self.skipTest("no /dev/full")
        for command in (["replay", SOUND], ["decode", "--direction", "request", self.file("request", REQUEST)]):
            status, _, err = run(*command, "--output", "/dev/full")
            self.assertEqual(status, FAILED)
            self.assert_one_error(err, "/dev/full", "No space left on device")

    def test_closed_pipe_is_quiet(self):
        for arguments in (["--format", "ndjson"], []):
            process = subprocess.Popen([str(command_line.PROGRAM), "replay", *arguments, *[str(SOUND)] * 20],
                                       stdout=subprocess.PIPE, stderr=subprocess.PIPE)
            process.stdout.readline()
            process.stdout.close()
            err = process.stderr.read()
            process.stderr.close()
            self.assertEqual((process.wait(timeout=60), err), (DONE, b""))

    def test_color(self):
        for arguments, env, colored in (
                ([], {}, False),
                (["--color", "auto"], {}, False),
                (["--color", "never"], {}, False),
                (["--color", "always"], {}, True),
                (["--color", "always"], {"NO_COLOR": "1"}, True),
        ):
            with self.subTest(arguments=arguments, env=env):
                self.assertEqual("\x1b[" in run("replay", *arguments, SOUND, env=env)[1], colored)

    def test_ndjson_has_no_color(self):
        self.assertNotIn("\x1b", run("replay", "--color", "always", "--format", "ndjson", SOUND)[1])

    def on_terminal(self, *arguments, env=None):
        """What the program prints to a terminal."""
        master, slave = pty.openpty()
        environment = {key: value for key, value in os.environ.items() if key != "NO_COLOR"}
        process = subprocess.Popen([str(command_line.PROGRAM), *map(str, arguments)], stdout=slave, stderr=subprocess.DEVNULL,
                                   env={**environment, **(env or {})})
        os.close(slave)
        out = b""
        while True:
            try:
                chunk = os.read(master, 65536)
            except OSError:
                break
            if not chunk:
                break
            out += chunk
        os.close(master)
        self.assertEqual(process.wait(timeout=60), DONE)
        return out.decode("utf-8")

    def test_color_on_a_terminal(self):
        self.assertIn("\x1b[", self.on_terminal("replay", SOUND))
        self.assertNotIn("\x1b[", self.on_terminal("replay", SOUND, env={"NO_COLOR": "1"}))
        self.assertIn("\x1b[", self.on_terminal("replay", SOUND, env={"NO_COLOR": ""}), "empty is not set")
        self.assertNotIn("\x1b[", self.on_terminal("replay", "--color", "never", SOUND))


class UsageTest(CommandLineTest):
    def test_version(self):
        status, out, err = run("--version")
        self.assertEqual((status, err), (DONE, ""))
        self.assertRegex(out, r"\Asessenum \d+\.\d+\.\d+\n")

    def test_help(self):
        for arguments in (["--help"], ["-h"], ["replay", "--help"], ["decode", "--help"]):
            with self.subTest(arguments):
                status, out, err = run(*arguments)
                self.assertEqual((status, err), (DONE, ""))
                self.assertIn("Usage: sessenum", out)
                self.assertIn("--help", out)
        for option in ("--format", "--output", "--fail-on", "--color"):
            self.assertIn(option, run("replay", "--help")[1])
            self.assertIn(option, run("decode", "--help")[1])
        for option in ("--direction", "--syntax", "--byte-order", "--hex"):
            self.assertIn(option, run("decode", "--help")[1])

    def test_what_cannot_be_understood(self):
        stub = self.file("request", REQUEST)
        for arguments in (
                [],
                ["frobnicate"],
                ["--frobnicate"],
                ["replay"],
                ["replay", "--frobnicate", SOUND],
                ["replay", "--format", "xml", SOUND],
                ["replay", "--format"],
                ["replay", "--fail-on", "everything", SOUND],
                ["replay", "--color", "sometimes", SOUND],
                ["decode", stub],
                ["decode", "--direction", "request"],
                ["decode", "--direction", "sideways", stub],
                ["decode", "--direction", "request", "--syntax", "xdr", stub],
                ["decode", "--direction", "request", "--byte-order", "middle", stub],
                ["decode", "--direction", "request", stub, stub],
        ):
            with self.subTest(arguments):
                status, out, err = run(*arguments)
                self.assertEqual((status, out), (FAILED, ""))
                self.assertNotEqual(err, "")


if __name__ == "__main__":
    main(__doc__)
