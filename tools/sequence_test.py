#!/usr/bin/env python3
"""Cuts captures of pcaps/ into rotated files and finds the same calls with `sessenum replay --sequence`.

usage: sequence_test.py SESSENUM
"""
import gzip
import json
import pathlib
import struct
import subprocess
import sys
import tempfile
import unittest

PCAPS = pathlib.Path(__file__).resolve().parent.parent / "pcaps"
BINARY = None
# Plain pcap, whose records are easily cut apart: SMB1 and SMB2, fragments, gaps, and calls that last over many packets.
NAMES = ("smb2-transceive-all-levels-rpcclient", "smb1-transact-all-levels-rpcclient", "bigendian-fragmented",
         "tcp-gap-lost-response", "ip4-fragments-reversed", "multi-tcp-pipelined-with-object-uuid", "link-sll2")


def replay(*arguments):
    done = subprocess.run([BINARY, "replay", "--format", "ndjson", *map(str, arguments)], capture_output=True, text=True,
                          encoding="utf-8", stdin=subprocess.DEVNULL, timeout=120)
    *calls, summary = [json.loads(line) for line in done.stdout.splitlines()]
    return done, calls, summary


def records(data):
    order = "<" if data[:1] in (b"\xd4", b"\x4d") else ">"
    at = 24
    while at < len(data):
        size = struct.unpack_from(order + "I", data, at + 8)[0]
        yield data[at:at + 16 + size]
        at += 16 + size


def to_pcapng(header, packets):
    """The same packets as pcapng, little-endian, times in the unit of the pcap."""
    order = "<" if header[:1] in (b"\xd4", b"\x4d") else ">"
    nanoseconds = header[:4] in (b"\x4d\x3c\xb2\xa1", b"\xa1\xb2\x3c\x4d")
    link = struct.unpack_from(order + "I", header, 20)[0] & 0xFFFF
    option = struct.pack("<HHB3xHH", 9, 1, 9 if nanoseconds else 6, 0, 0)
    out = struct.pack("<IIIHHqI", 0x0A0D0D0A, 28, 0x1A2B3C4D, 1, 0, -1, 28)
    size = 20 + len(option)
    out += struct.pack("<IIHHI", 1, size, link, 0, 0) + option + struct.pack("<I", size)
    for packet in packets:
        seconds, fraction, captured, original = struct.unpack_from(order + "IIII", packet)
        time = seconds * (10**9 if nanoseconds else 10**6) + fraction
        data = packet[16:] + bytes(-captured % 4)
        size = 32 + len(data)
        out += struct.pack("<IIIIIII", 6, size, 0, time >> 32, time & 0xFFFFFFFF, captured, original)
        out += data + struct.pack("<I", size)
    return out


class Sequence(unittest.TestCase):
    def setUp(self):
        holder = tempfile.TemporaryDirectory()
        self.addCleanup(holder.cleanup)
        self.dir = pathlib.Path(holder.name)

    def cut(self, name, first, second):
        """Three files: pcap, pcapng and packed pcap."""
        data = (PCAPS / f"{name}.pcap").read_bytes()
        header, packets = data[:24], list(records(data))
        parts = [packets[:first], packets[first:second], packets[second:]]
        paths = [self.dir / f"{name}-{i}" for i in range(3)]
        paths[0].write_bytes(header + b"".join(parts[0]))
        paths[1].write_bytes(to_pcapng(header, parts[1]))
        paths[2].write_bytes(gzip.compress(header + b"".join(parts[2])))
        return paths, [len(part) for part in parts]

    def test_rotated_files_give_the_calls_of_the_whole(self):
        for name in NAMES:
            _, whole, summary = replay(PCAPS / f"{name}.pcap")
            total = summary["packets"]
            for first, second in ((1, 2), (total // 3, 2 * total // 3), (total // 2, total // 2), (total - 2, total - 1)):
                with self.subTest(name=name, first=first, second=second):
                    paths, sizes = self.cut(name, first, second)
                    done, calls, rotated = replay("--sequence", *paths)
                    self.assertEqual(done.returncode, 0, done.stderr)
                    for call in calls:
                        frame = min(call["request_frames"] + call["response_frames"])
                        part = 0 if frame <= sizes[0] else 1 if frame <= sizes[0] + sizes[1] else 2
                        self.assertEqual(call["capture"], paths[part].name)
                        call["capture"] = f"{name}.pcap"
                    self.assertEqual(calls, whole)
                    self.assertEqual(rotated, {**summary, "captures": 3, "bytes": rotated["bytes"]})
                    self.assertEqual(rotated["bytes"], summary["bytes"])

    def test_without_it_each_file_stands_for_itself(self):
        name = "bigendian-fragmented"
        total = replay(PCAPS / f"{name}.pcap")[2]["packets"]
        paths, _ = self.cut(name, total // 3, 2 * total // 3)
        _, calls, _ = replay(*paths)
        self.assertNotEqual(calls, replay("--sequence", *paths)[1])

    def test_a_damaged_part_is_named_and_the_rest_is_read(self):
        name = "smb2-transceive-all-levels-rpcclient"
        paths, _ = self.cut(name, 20, 24)
        paths[1].write_bytes(paths[1].read_bytes()[:-10])
        done, calls, summary = replay("--sequence", *paths)
        self.assertEqual(done.returncode, 2)
        self.assertIn(paths[1].name + ": ", done.stderr)
        self.assertEqual(summary["captures"], 3)
        self.assertTrue(any(call["capture"] == paths[2].name for call in calls))


if __name__ == "__main__":
    BINARY = str(pathlib.Path(sys.argv[1]).resolve())
    unittest.main(argv=sys.argv[:1])
