#!/usr/bin/python3
"""`sessenum replay -` behind a capture that goes on: each call comes once it is answered, and the end is clean.

usage: live_test.py --sessenum PROGRAM [unittest arguments]
"""
import io
import json
import os
import re
import select
import shutil
import signal
import socket
import subprocess
import threading
import time
import unittest
import zlib

import command_line
import wire
from capture_file import read_packets, segment_of, write_pcap, write_pcapng
from command_line import DONE, FAILED, PCAPS, CommandLineTest, main, records, run

SOUND = PCAPS / "tcp-noauth-all-levels-impacket.pcap"
FIRST_ANSWER = 9  # the frame that answers its first call; more calls follow
# TCP; SMB 1, 2 and sealed 3; answers in fragments, by IP and by RPC; several connections, several calls at once.
CAPTURES = [PCAPS / name for name in (
    "tcp-noauth-all-levels-impacket.pcap", "smb1-transact-all-levels-rpcclient.pcap", "smb2-paging-level502-impacket.pcapng",
    "smb3-encrypted-ndr64-windows-like.pcapng", "bigendian-fragmented.pcap", "ip4-fragments-reversed.pcap",
    "multi-3-clients-parallel.pcapng", "multi-5-calls-pipelined-one-pipe.pcapng", "tcp-retransmitted.pcap")]
PATIENCE = 60  # seconds, for what should take none


class Live:
    """The program behind a pipe that stays open."""

    def __init__(self, *arguments):
        self.process = subprocess.Popen([str(command_line.PROGRAM), "replay", *map(str, arguments), "-"], bufsize=0,
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self._held = b""

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()
        for pipe in (self.process.stdin, self.process.stdout, self.process.stderr):
            pipe.close()

    def feed(self, data):
        self.process.stdin.write(data)

    def take(self, wanted):
        """Output up to where the pattern `wanted` ends, or None where it does not come."""
        end = time.monotonic() + PATIENCE
        while True:
            found = re.search(wanted, self._held)
            if found:
                taken, self._held = self._held[:found.end()], self._held[found.end():]
                return taken
            if not select.select([self.process.stdout], [], [], max(0, end - time.monotonic()))[0]:
                return None
            more = os.read(self.process.stdout.fileno(), 65536)
            if not more:
                return None
            self._held += more

    def take_record(self):
        line = self.take(rb"\n")
        return None if line is None else json.loads(line)

    def end(self):
        """Exit status, the rest of standard output, and standard error."""
        status = self.process.wait(timeout=PATIENCE)
        return status, (self._held + self.process.stdout.read()).decode(), self.process.stderr.read().decode()


class PlainPipe:
    def __init__(self, write):
        self._write, self._size = write, 0

    def pieces(self, packets):
        for end in range(1, len(packets) + 1):
            whole = self._write(packets[:end])
            yield whole[self._size:]
            self._size = len(whole)

    def rest(self):
        return b""


class GzipPipe(PlainPipe):
    def pieces(self, packets):
        self._packer = zlib.compressobj(wbits=31)
        for piece in super().pieces(packets):
            yield self._packer.compress(piece) + self._packer.flush(zlib.Z_SYNC_FLUSH)

    def rest(self):
        return self._packer.flush()


def keys_of(capture):
    keys = capture.with_suffix(".keys")
    return ["--keys", keys] if keys.exists() else []


def numbers(call):
    return call["request_frames"] + call["response_frames"]


def frames_of_one_wait():
    """A capture in which one client's call is never answered, and another's is."""
    file = io.BytesIO()
    out = wire.PcapWriter(file)
    slow, quick = wire.bound(out, ports=(40001, 49664)), wire.bound(out, ports=(40002, 49664))
    slow.ask(wire.request(2))
    quick.ask(wire.request(2))
    quick.tell(wire.response(2))
    return file.getvalue()


class AsItComes(CommandLineTest):
    def assert_each_comes_at_once(self, capture, pipe, *, text=False):
        packets = read_packets(capture.read_bytes())
        expected = records(run("replay", "--format", "ndjson", *keys_of(capture), capture)[1])[:-1]
        due = {}
        for call in expected:
            due.setdefault(max(numbers(call)), []).append(call)
        with Live(*([] if text else ["--format", "ndjson"]), *keys_of(capture)) as live:
            for number, piece in enumerate(pipe.pieces(packets), 1):
                live.feed(piece)
                for call in due.get(number, []):
                    if text:
                        self.assertIsNotNone(live.take(rb"NetrSessionEnum level"), f"frame {number}")
                        continue
                    came = live.take_record()
                    self.assertIsNotNone(came, f"no call with frame {number}")
                    self.assertIn(numbers(came), [numbers(call) for call in due[number]])
            live.feed(pipe.rest())
            live.process.stdin.close()
            status, rest, errors = live.end()
        self.assertEqual((status, errors), (DONE, ""))
        if not text:
            self.assertEqual(len(records(rest)), 1, "the summary alone is left")

    def test_each_call_comes_with_the_last_packet_of_its_answer(self):
        for capture in CAPTURES:
            for pipe in (PlainPipe(write_pcap), PlainPipe(write_pcapng), GzipPipe(write_pcap)):
                with self.subTest(capture=capture.name, pipe=type(pipe).__name__):
                    self.assert_each_comes_at_once(capture, pipe)

    def test_so_it_does_in_text(self):
        for pipe in (PlainPipe(write_pcap), GzipPipe(write_pcapng)):
            self.assert_each_comes_at_once(SOUND, pipe, text=True)

    def test_a_call_without_an_answer_keeps_no_other_waiting(self):
        with Live("--format", "ndjson") as live:
            live.feed(frames_of_one_wait())
            self.assertEqual(live.take_record()["id.orig_p"], 40002)
            live.process.stdin.close()
            unanswered, summary = records(live.end()[1])
            self.assertEqual((unanswered["id.orig_p"], unanswered["response"]), (40001, None))
            self.assertEqual(summary["calls"], 2)

    def test_a_file_that_somebody_follows_grows_call_by_call(self):
        path = self.folder / "out.ndjson"
        with Live("--format", "ndjson", "--output", path) as live:
            live.feed(SOUND.read_bytes())
            end = time.monotonic() + PATIENCE
            while (not path.exists() or path.read_bytes().count(b"\n") < 5) and time.monotonic() < end:
                time.sleep(0.01)
            self.assertEqual([record["type"] for record in records(path.read_text(encoding="utf-8"))], ["call"] * 5)


class TheEnd(CommandLineTest):
    def test_an_interrupt_ends_it_with_the_summary(self):
        for told in (signal.SIGINT, signal.SIGTERM):
            packed = GzipPipe(write_pcap)
            # Whole; within a packet; within a packed stream.
            for data in (SOUND.read_bytes(), SOUND.read_bytes()[:-10],
                         b"".join(packed.pieces(read_packets(SOUND.read_bytes())))):
                with Live("--format", "ndjson") as live:
                    live.feed(data)
                    self.assertEqual(live.take_record()["type"], "call")
                    live.process.send_signal(told)
                    status, rest, errors = live.end()
                self.assertEqual((status, errors), (DONE, ""))
                *calls, summary = records(rest)
                self.assertEqual((summary["type"], summary["calls"]), ("summary", 1 + len(calls)))

    def test_it_ends_once_nobody_reads(self):
        """`| head -1`: the capture goes on, but the next call finds its reader gone."""
        pieces = list(PlainPipe(write_pcap).pieces(read_packets(SOUND.read_bytes())))
        for options in (["--format", "ndjson"], []):
            with self.subTest(options), Live(*options) as live:
                live.feed(b"".join(pieces[:FIRST_ANSWER]))
                self.assertIsNotNone(live.take(rb"\n"))
                live.process.stdout.close()
                try:
                    live.feed(b"".join(pieces[FIRST_ANSWER:]))
                except BrokenPipeError:
                    pass
                self.assertEqual((live.process.wait(timeout=PATIENCE), live.process.stderr.read()), (DONE, b""))

    def test_files_are_not_read_on_either(self):
        """With a reader gone the second input, a pipe that never ends, is not even opened."""
        fifo = self.folder / "fifo"
        os.mkfifo(fifo)
        process = subprocess.Popen([str(command_line.PROGRAM), "replay", *[str(SOUND)] * 20, str(fifo)],
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        process.stdout.readline()
        process.stdout.close()
        try:
            self.assertEqual((process.wait(timeout=PATIENCE), process.stderr.read()), (DONE, b""))
        finally:
            process.kill()
            process.stderr.close()

    def test_a_full_disk_ends_it(self):
        if not os.path.exists("/dev/full"):
            self.skipTest("no /dev/full")
        with Live("--output", "/dev/full") as live:
            live.feed(SOUND.read_bytes())
            status, out, errors = live.end()
        self.assertEqual((status, out), (FAILED, ""))
        self.assert_one_error(errors, "/dev/full", "No space left on device")


class Conversation(threading.Thread):
    """Plays what the capture's one connection carried over a real one on loopback, in the order of its packets."""

    def __init__(self, capture):
        super().__init__(daemon=True)
        segments = [(segment_of(packet), packet) for packet in read_packets(capture.read_bytes())]
        server = next(segment.destination for segment, _ in segments if segment and segment.flags & 0x12 == 0x02)
        self._said = [(segment.destination == server, packet.data[segment.payload_at:segment.payload_at + segment.payload_size])
                      for segment, packet in segments if segment and segment.payload_size]
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]

    def run(self):
        with self._listener, socket.create_connection(("127.0.0.1", self.port)) as client:
            server = self._listener.accept()[0]
            with server:
                for from_client, data in self._said:
                    source, destination = (client, server) if from_client else (server, client)
                    source.sendall(data)
                    while data:
                        data = data[len(destination.recv(len(data))):]


class WithTcpdump(CommandLineTest):
    def test_calls_on_loopback_come_while_tcpdump_captures(self):
        tcpdump = shutil.which("tcpdump", path=os.environ["PATH"] + ":/usr/sbin")
        if not tcpdump:
            self.skipTest("tcpdump is not installed")
        conversation = Conversation(SOUND)
        capture = subprocess.Popen([tcpdump, "-i", "lo", "-n", "-U", "-w", "-", "tcp", "port", str(conversation.port)],
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self.addCleanup(capture.communicate)
        self.addCleanup(capture.kill)
        if b"listening on" not in self.first_lines(capture.stderr):
            self.skipTest("tcpdump may not capture here")
        program = subprocess.Popen([str(command_line.PROGRAM), "replay", "--format", "ndjson", "-"], bufsize=0,
                                   stdin=capture.stdout, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self.addCleanup(program.communicate)
        self.addCleanup(program.kill)
        conversation.start()
        levels = [json.loads(program.stdout.readline())["response"]["level"] for _ in range(5)]
        self.assertEqual(levels, [0, 1, 2, 10, 502])
        self.assertIsNone(capture.poll(), "all came while the capture went on")
        # As Ctrl-C at a terminal does, which tells both.
        capture.send_signal(signal.SIGINT)
        program.send_signal(signal.SIGINT)
        self.assertEqual(program.wait(timeout=PATIENCE), DONE)
        self.assertEqual(json.loads(program.stdout.read())["calls"], 5)
        self.assertEqual(program.stderr.read(), b"")

    @staticmethod
    def first_lines(stream):
        said = b""
        while b"listening on" not in said:
            line = stream.readline()
            if not line:
                break
            said += line
        return said


if __name__ == "__main__":
    main(__doc__)
