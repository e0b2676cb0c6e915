#!/usr/bin/python3
"""What tools/bench measures on is what it says, and its table is computed rightly. Nothing here is a matter of time.

usage: bench_test.py --sessenum PROGRAM --pcap-loop PROGRAM [UNITTEST OPTION...]
       bench_test.py --sessenum PROGRAM --self-test

--self-test damages a capture and fails where that is not noticed.
"""
import argparse
import collections
import contextlib
import functools
import hashlib
import io
import json
import pathlib
import subprocess
import sys
import tempfile
import unittest
import unittest.mock

sys.dont_write_bytecode = True

from benchmarks import captures, command_line, conversations, parts, stubs  # noqa: E402
from benchmarks.contest import Contestant, Measured, Refused, hold, measure, ratio  # noqa: E402
from benchmarks.table import Asked, Line, text  # noqa: E402
import capture_file  # noqa: E402

PROGRAMS = None


def made(make, *arguments):
    file = io.BytesIO()
    out = captures.CaptureFile(file)
    make(out, *arguments)
    out.flush()
    return file.getvalue()


def replay(*paths, stdin=b""):
    done = subprocess.run([PROGRAMS.sessenum, "replay", "--format", "ndjson", *map(str, paths)], input=stdin,
                          capture_output=True, timeout=300)
    return [json.loads(line) for line in done.stdout.splitlines()]


def described(call):
    """What a call says, whoever holds the conversation."""
    request, response = call["request"], call["response"]
    if request is None or response is None or call["undecoded"]:
        return "not whole"
    return (request["level"], request["stub_size"], call["transfer_syntax"], call["transport"], response["status"],
            json.dumps(response["container"]))


@functools.cache
def calls_in_a_round():
    """Those of the captures that the dense one is made from."""
    return collections.Counter(described(record) for name in captures.DENSE
                               for record in replay(next(conversations.PCAPS.glob(f"{name}.pcap*")))
                               if record["type"] == "call")


def problems_of(records, rounds):
    """What differs from `rounds` times the calls of the captures that the conversations come from."""
    expected = collections.Counter({what: count * rounds for what, count in calls_in_a_round().items()})
    if expected.total() != captures.CALLS_A_ROUND * rounds:
        yield f"pcaps/ has {expected.total()} calls, not {captures.CALLS_A_ROUND} a round"
    seen = collections.Counter(described(record) for record in records if record["type"] == "call")
    for what in (expected | seen):
        if expected[what] != seen[what]:
            yield f"{seen[what]} calls, not {expected[what]}, of {what}"
    if any(records[-1]["undecoded"].values()) or records[-1]["limits_hit"]:
        yield f"not all is decoded: {records[-1]}"


class CapturesTest(unittest.TestCase):
    def test_same_bytes_for_same_arguments(self):
        for make, arguments in ((captures.dense, (1,)), (captures.mixed, (1,)), (captures.half_open, (1_000,)),
                                (captures.flows, (2_000, 50)), (captures.entries, (3, 10))):
            with self.subTest(make.__name__):
                digests = {hashlib.sha256(made(make, *arguments)).hexdigest() for _ in range(2)}
                self.assertEqual(len(digests), 1)

    def test_packets_do_not_wait_for_the_end(self):
        most = 0
        out = captures.CaptureFile(io.BytesIO())
        for number in range(3 * captures.CHUNK):
            out.write(b"packet", b"of two parts")
            most = max(most, len(out._waiting))
        self.assertLessEqual(most, 3 * captures.CHUNK)
        self.assertEqual(out.packets, 3 * captures.CHUNK)

    def test_dense_has_every_call_and_its_answer(self):
        self.assertEqual(list(problems_of(replay("-", stdin=made(captures.dense, 2)), 2)), [])

    def test_dense_is_of_the_size_that_is_said(self):
        data = made(captures.dense, 2)
        packets = len(capture_file.read_packets(data))
        self.assertEqual(captures.DENSE_ROUNDS * captures.CALLS_A_ROUND, 4_000)
        self.assertAlmostEqual(packets / 2 * captures.DENSE_ROUNDS, 140_000, delta=5_000)
        self.assertAlmostEqual(len(data) / 2 * captures.DENSE_ROUNDS, 40e6, delta=2e6)

    def test_streams_of_the_dense_one_have_no_holes(self):
        """Each segment stands where its side's stream goes on."""
        following = {}
        for packet in capture_file.read_packets(made(captures.dense, 1)):
            segment = capture_file.segment_of(packet)
            taken = segment.payload_size + bool(segment.flags & 3)  # SYN and FIN
            way = segment.source, segment.destination
            end = segment.sequence + taken & 0xFFFFFFFF
            if segment.flags & 2:
                following[way] = segment.sequence
            if taken and end == following[way]:
                continue  # one of pcaps/ says its FIN twice
            self.assertEqual(segment.sequence, following[way])
            following[way] = end

    def test_mixed_adds_nothing_but_what_is_of_no_interest(self):
        data = made(captures.mixed, 1)
        self.assertEqual(list(problems_of(replay("-", stdin=data), 1)), [])
        packets = len(capture_file.read_packets(data))
        self.assertAlmostEqual(packets * captures.DENSE_ROUNDS, 2_000_000, delta=50_000)
        self.assertAlmostEqual(len(data) * captures.DENSE_ROUNDS, 1.05e9, delta=0.05e9)

    def test_half_open_connections_hit_the_cap(self):
        summary = replay("-", stdin=made(captures.half_open, 70_000))[-1]
        self.assertEqual(summary["flows"], 70_000)
        self.assertEqual(summary["limits_hit"], {"flows": 70_000 - 65_536})

    def test_entries(self):
        records = replay("-", stdin=made(captures.entries, 3, 200))
        self.assertEqual([len(record["response"]["container"]["sessions"]) for record in records[:-1]], [200] * 3)
        self.assertEqual(len(stubs.response(10)), 920)

    def test_empty_loop_reads_every_packet(self):
        data = made(captures.flows, 2_000, 50)
        with tempfile.NamedTemporaryFile() as file:
            file.write(data)
            file.flush()
            told = subprocess.run([PROGRAMS.pcap_loop, file.name], capture_output=True, text=True, check=True).stdout
        packets = capture_file.read_packets(data)
        self.assertEqual(told, f"{len(packets)} packets, {sum(len(packet.data) for packet in packets)} bytes\n")


class ContestTest(unittest.TestCase):
    def test_ratio_of_medians_with_the_spread_of_rounds(self):
        self.assertEqual(ratio([4.0, 6.0, 50.0], [2.0, 1.0, 4.0]), Measured(3.0, 2.0, 12.5))
        # The second ran in two rounds of three.
        self.assertEqual(ratio([4.0, 6.0, 50.0], [2.0, 4.0]), Measured(2.0, 1.5, 2.0))

    def test_slow_ones_run_less_often(self):
        quick, slow = Contestant("quick", ["true"]), Contestant("slow", ["true"], slow=True)
        hold([quick, slow], 5)
        self.assertEqual((len(quick.runs), len(slow.runs)), (5, 3))

    def test_memory_is_that_of_the_program(self):
        greedy = [sys.executable, "-I", "-c", "data = b'x' * (200 << 20); print(len(data))"]
        self.assertTrue(200 < measure(greedy).mib < 260)
        self.assertLess(measure(["true"]).mib, 20)

    def test_a_program_that_fails_is_not_measured(self):
        for command in (["false"], ["/nonexistent"]):
            with self.subTest(command), self.assertRaises(Refused):
                measure(command)


class TableTest(unittest.TestCase):
    def test_bounds(self):
        self.assertTrue(Asked(most=1.5).holds(1.5))
        self.assertFalse(Asked(most=1.5).holds(1.51))
        self.assertTrue(Asked(least=100).holds(100))
        self.assertFalse(Asked(least=100).holds(99.9))

    def test_text(self):
        lines = [Line("mixed", "a / b", Measured(1.614, 1.5, 1.7), "times", Asked(most=1.5)),
                 Line("dense", "memory", Measured(123.5, 123.5, 123.5), "MiB", Asked(most=256)),
                 Line("dense", "a", Measured(0.0123456, 0.01, 0.02), "s")]
        self.assertEqual([line.holds for line in lines], [False, True, True])
        self.assertEqual(text(lines), """\
| input | what   | median     | rounds       | asked       |               |
| ----- | ------ | ---------- | ------------ | ----------- | ------------- |
| mixed | a / b  | 1.61 times | 1.5 to 1.7   | at most 1.5 | DOES NOT HOLD |
| dense | memory | 124 MiB    |              | at most 256 | holds         |
| dense | a      | 0.0123 s   | 0.01 to 0.02 |             |               |""")


class CommandLineTest(unittest.TestCase):
    def ended(self, value, *arguments):
        """The exit status where a part finds `value` and at most 1 is asked, and what is printed."""
        line = Line("mixed", "a / b", Measured.of([value]), "times", Asked(most=1))
        out = io.StringIO()
        with unittest.mock.patch.dict(parts.ALL, {"mixed": lambda bench: [line]}), \
                unittest.mock.patch.object(command_line, "build", lambda: pathlib.Path()), contextlib.redirect_stdout(out):
            return command_line.main(["mixed", *arguments]), out.getvalue()

    def test_only_check_fails_and_only_where_something_does_not_hold(self):
        self.assertEqual([self.ended(value, *arguments)[0] for value in (1, 2) for arguments in ((), ("--check",))],
                         [0, 0, 0, 1])
        self.assertIn("does not hold: mixed: a / b", self.ended(2)[1])
        self.assertNotIn("does not hold", self.ended(1)[1])

    def test_an_unknown_part_is_refused(self):
        with self.assertRaises(SystemExit) as ended, contextlib.redirect_stderr(io.StringIO()) as told:
            command_line.main(["mixd"])
        self.assertEqual(ended.exception.code, 2)
        self.assertIn("no part mixd", told.getvalue())


def without_frame(data, number):
    packets = capture_file.read_packets(data)
    return capture_file.write_pcap(packets[:number] + packets[number + 1:])


def self_test():
    data = made(captures.dense, 1)
    assert not list(problems_of(replay("-", stdin=data), 1)), "the whole capture does not pass"
    carrier = next(number for number, packet in enumerate(capture_file.read_packets(data))
                   if b"\x05\0\x02\x03\x10\0\0\0" in packet.data)  # an RPC response in one fragment
    assert list(problems_of(replay("-", stdin=without_frame(data, carrier)), 1)), "a lost response is not noticed"
    assert list(problems_of(replay("-", stdin=data), 2)), "half the calls pass"
    print("self-test passed")
    return 0


def main():
    global PROGRAMS
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--sessenum", required=True, type=pathlib.Path)
    options.add_argument("--pcap-loop", type=pathlib.Path)
    options.add_argument("--self-test", action="store_true")
    PROGRAMS, rest = options.parse_known_args()
    if PROGRAMS.self_test:
        return self_test()
    unittest.main(argv=[sys.argv[0], *rest])
    return 0


if __name__ == "__main__":
    sys.exit(main())
