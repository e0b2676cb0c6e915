#!/usr/bin/env python3
"""Holds what `sessenum extract` writes against what `replay` says of the same captures.

usage: extract_test.py SESSENUM
"""
import json
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

PCAPS = pathlib.Path(__file__).resolve().parent.parent / "pcaps"
BINARY = None
STUB = re.compile(r"(?P<capture>.+)-f(?P<frame>\d+)-c(?P<call>\d+)-(?P<side>req|resp)-(?P<syntax>ndr64|ndr)-(?P<order>little|big)"
                  r"-level(?P<level>\d+)(-status(?P<status>\d+))?\.stub")


def run(*arguments):
    return subprocess.run([BINARY, *map(str, arguments)], capture_output=True, text=True, encoding="utf-8",
                          stdin=subprocess.DEVNULL, timeout=120)


def keys_of(capture):
    keys = capture.with_suffix(".keys")
    return ["--keys", keys] if keys.exists() else []


def calls_of(capture):
    done = run("replay", "--format", "ndjson", *keys_of(capture), capture)
    return [record for record in map(json.loads, done.stdout.splitlines()) if record["type"] == "call"]


class Extract(unittest.TestCase):
    def setUp(self):
        holder = tempfile.TemporaryDirectory()
        self.addCleanup(holder.cleanup)
        self.base = pathlib.Path(holder.name)
        self.dir = self.base / "out"

    def extract(self, *arguments):
        return run("extract", "--to", self.dir, *arguments)

    def names(self):
        return sorted(path.name for path in self.dir.iterdir())

    def test_every_stub_decodes_to_what_replay_says(self):
        checked = 0
        for name in ("smb2-transceive-all-levels-rpcclient.pcap", "ndr64-windows-like-bind-all-levels.pcapng",
                     "bigendian-fragmented.pcap", "smb3-encrypted-ndr64-windows-like.pcapng",
                     "tcp-ntlmssp-privacy-impacket.pcapng"):
            capture = PCAPS / name
            if not capture.exists():
                continue
            self.assertEqual(self.extract(*keys_of(capture), capture).returncode, 0)
            calls = calls_of(capture)
            for path in self.dir.glob(name + "*.stub"):
                match = STUB.fullmatch(path.name)
                self.assertIsNotNone(match, path.name)
                side = "request" if match["side"] == "req" else "response"
                call = next(c for c in calls
                            if c["call_id"] == int(match["call"]) and int(match["frame"]) in c[side + "_frames"])
                done = run("decode", "--format", "ndjson", "--direction", side, "--syntax", match["syntax"],
                           "--byte-order", match["order"], path)
                self.assertEqual(done.returncode, 0, done.stderr)
                decoded = json.loads(done.stdout)[side]
                self.assertEqual(decoded, {**call[side], "fragments": 1}, path.name)
                checked += 1
        self.assertGreater(checked, 25)

    def test_pdus_are_there_from_bind_to_answer(self):
        self.extract(PCAPS / "smb2-transceive-level10.pcapng")
        kinds = [name.split("-c", 1)[1].split("-", 1)[1] for name in self.names() if name.endswith(".pdu")]
        self.assertEqual(kinds, ["bind.pdu", "bind-ack.pdu", "request.pdu", "response.pdu"])
        for path in self.dir.glob("*.pdu"):
            data = path.read_bytes()
            self.assertEqual(int.from_bytes(data[8:10], "little"), len(data), path.name)

    def test_what_cannot_be_decoded_is_written_too(self):
        self.extract(PCAPS / "broken-resp-truncated_mid_entry.pcap", PCAPS / "file-pcap-snaplen-300.pcap")
        names = " ".join(self.names())
        self.assertIn("-malformed.stub", names)
        self.assertIn("-truncated.stub", names)
        self.assertIn("-cut.pdu", names)

    def test_the_same_content_is_written_once(self):
        capture = PCAPS / "smb2-transceive-level10.pcapng"
        once = self.extract(capture)
        names = self.names()
        self.assertEqual(once.stdout, f"{len(names)} files in {self.dir}, 0 repeated contents left out\n")
        twice = self.extract(capture, capture)
        self.assertEqual(twice.stdout, f"{len(names)} files in {self.dir}, {len(names)} repeated contents left out\n")
        self.assertEqual(self.names(), names)

    def test_no_file_of_another_content_is_overwritten(self):
        capture = PCAPS / "smb2-transceive-level10.pcapng"
        self.extract(capture)
        victim = self.dir / self.names()[0]
        victim.write_bytes(b"mine")
        self.extract(capture)
        self.assertEqual(victim.read_bytes(), b"mine")
        self.assertTrue((self.dir / (victim.stem + "-2" + victim.suffix)).exists())

    def test_names_stay_in_the_directory(self):
        odd = self.base / "..;rm -rf $x \n.pcapng"
        odd.write_bytes((PCAPS / "smb2-transceive-level10.pcapng").read_bytes())
        self.assertEqual(self.extract(odd).returncode, 0)
        self.assertTrue(self.names())
        for name in self.names():
            self.assertRegex(name, r"\A[A-Za-z0-9_][A-Za-z0-9._-]*\Z")
        self.assertEqual(sorted(p.name for p in self.base.iterdir()), sorted(["out", odd.name]))

    def test_errors_have_their_place_and_status_2(self):
        self.base.joinpath("file").write_text("x")
        self.assertEqual(run("extract", "--to", self.base / "file", PCAPS / "smb2-bind-nak.pcap").returncode, 2)
        done = self.extract(self.base / "missing.pcap", PCAPS / "smb2-transceive-level10.pcapng")
        self.assertEqual(done.returncode, 2)
        self.assertIn("missing.pcap: No such file", done.stderr)
        self.assertTrue(self.names(), "the other capture is still read")


if __name__ == "__main__":
    BINARY = str(pathlib.Path(sys.argv[1]).resolve())
    unittest.main(argv=sys.argv[:1])
