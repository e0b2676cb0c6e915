"""Makes the captures that are measured; the same bytes for the same arguments, with bounded memory.

dense      Traffic with many calls. Sixteen conversations of pcaps/ (SMB2 by smbd 4.17, rpcclient and impacket, SMB1, RPC over
           TCP; NDR and NDR64; all levels; 50 calls in about 480 frames) are held 80 times over by hosts of their own: 4,000
           calls, that is 8,000 PDUs of opnum 12. Where there is an SMB2 session, its client also works with files, as
           clients do: open, ask, read, write, close, with acknowledgments, so that 140,000 frames and 40 MB come about and
           seven frames of ten have to do with files. 32 conversations run at a time.
mixed      The dense capture's traffic, and 13 times as many packets of no interest: 2 million packets, 1 GB. TLS with random
           payload, files read by SMB2 on port 445, interactive TCP, UDP on port 443, DNS; 300 TCP flows at a time, each with
           its handshake and an end, of 100 packets in the mean.
half-open  A million connections that never come about: a SYN each from a host and port of its own, half of them answered.
flows      As many packets of TLS-like flows, by few or many.
entries    Calls of level 10 over TCP whose answers have as many sessions as asked.
"""
import itertools
import random
import struct

import wire
from benchmarks import conversations, stubs

SEED = 20260629
PACKET_NS = 20_000  # between two packets
CHUNK = 4096  # packets are handed to the file by that many
AT_A_TIME = 32
FRAGMENT_BYTES = 4256  # of a stub, as Windows and Samba send them

DENSE_ROUNDS = 80
DENSE = ("smb2-transceive-all-levels-rpcclient", "real-smbd-rpcclient-levels", "ndr64-windows-like-bind-all-levels",
         "multi-5-calls-pipelined-one-pipe", "smb2-zero-entries", "smb2-null-strings-in-entries",
         "smb1-transact-all-levels-rpcclient", "tcp-noauth-all-levels-impacket", "real-smbd-access-denied",
         "smb2-unicode-strings", "smb2-transceive-level0", "smb2-transceive-level10", "smb2-transceive-level2",
         "smb2-writeread-dialect202", "smb2-unsigned", "smb311-signed-gmac")
CALLS_A_ROUND = 50
BULK_A_FRAME = 13.07  # packets of the mixed capture beside one of the dense


class CaptureFile:
    """A pcap file of Ethernet packets; what is written takes no memory for long."""

    def __init__(self, file):
        self._file = file
        self._time = 1_700_000_000 * 10**9
        self._waiting = []
        self.packets = 0
        file.write(struct.pack("<IHHiIII", 0xA1B23C4D, 2, 4, 0, 0, 262144, 1))

    def write(self, *parts):
        """One packet, in pieces."""
        size = sum(map(len, parts))
        self._time += PACKET_NS
        self._waiting.append(struct.pack("<IIII", self._time // 10**9, self._time % 10**9, size, size))
        self._waiting += parts
        self.packets += 1
        if self.packets % CHUNK == 0:
            self.flush()

    def flush(self):
        self._file.write(b"".join(self._waiting))
        self._waiting.clear()


def alternating(sequences, chance):
    """What `sequences` give, from AT_A_TIME of them in turn, by chance."""
    sequences = iter(sequences)
    active = list(itertools.islice(sequences, AT_A_TIME))
    while active:
        place = chance.randrange(len(active))
        try:
            yield next(active[place])
        except StopIteration:
            following = next(sequences, None)
            if following is None:
                active.pop(place)
            else:
                active[place] = following


def dense_frames(rounds):
    chance = random.Random(SEED)
    held = [conversations.with_file_work(conversations.named(name), chance, files=4, reads=5, read_bytes=460)
            for name in DENSE]

    def spoken():
        for number in range(rounds * len(held)):
            conversation = held[number % len(held)]
            server_port = 445 if conversation.session or "smb" in conversation.name else 49664
            # Two addresses ask one server; 50,000 ports, so that none comes again soon.
            yield conversation.spoken_by(0x0A010000 + number // 2 % 65_000, 0x0A020000 + number % 64, 10_000 + number % 50_000,
                                         server_port, chance.getrandbits(32), chance.getrandbits(62) | 1 << 62)

    return alternating(spoken(), chance)


def dense(out, rounds=DENSE_ROUNDS):
    for frame in dense_frames(rounds):
        out.write(frame)


# --- traffic of no interest ------------------------------------------------------------------------------------------

ETHERNET = b"\x02\0\0\0\0\1\x02\0\0\0\0\2\x08\0"
HEAD = struct.Struct(">14sBBHHBBBBHIIHHIIBBHHH")  # Ethernet, IPv4, TCP
UDP_HEAD = struct.Struct(">14sBBHHBBBBHIIHHHH")
NOISE = 1 << 20
# What a reader of files says on port 445; its share is no share of pipes.
FILE_SESSION, FILE_TREE = 0x400000000007, 5
OPEN_TREE = wire.tree_connect(1, "\\\\files\\data", FILE_SESSION)
TREE_OPENED = wire.tree_connect_reply(1, FILE_TREE, FILE_SESSION, wire.DISK_SHARE)
READ_REQUEST = wire.smb2(wire.READ, 2, struct.pack("<HBBIQQQ17x", 49, 0x50, 0, 1 << 16, 0, 7, 7), session=FILE_SESSION,
                         tree=FILE_TREE)
READ_HEAD = 84  # of a READ response: framing, SMB2 header, what precedes the data


class Bulk:
    """Flows that carry nothing of interest."""

    def __init__(self, out, chance, at_a_time=300, mean_packets=100):
        self._out, self._chance, self._mean = out, chance, mean_packets
        self._noise = memoryview(chance.randbytes(NOISE))
        self._opened = 0
        self._owed = 0
        self._flows = [self._tcp_flow() for _ in range(at_a_time)]

    def write(self, count):
        """`count` more packets, of flows by chance; what a burst has too many, the next time has less."""
        self._owed += count
        while self._owed > 0:
            before = self._out.packets
            self._burst()
            self._owed -= self._out.packets - before

    def _burst(self):
        kind = self._chance.random()
        if kind < 0.12:
            self._datagrams()
        elif kind < 0.2:
            self._dns()
        else:
            place = self._chance.randrange(len(self._flows))
            if next(self._flows[place], None) is None:
                self._flows[place] = self._tcp_flow()

    def _payload(self, size):
        at = self._chance.randrange(NOISE - size)
        return self._noise[at:at + size]

    def _tcp(self, ends, sequence, acknowledgment, flags, payload=b""):
        self._out.write(HEAD.pack(ETHERNET, 0x45, 0, 40 + len(payload), 0, 0x40, 0, 64, 6, 0, *ends, sequence & 0xFFFFFFFF,
                                  acknowledgment & 0xFFFFFFFF, 0x50, flags, 64240, 0, 0), payload)

    def _tcp_flow(self):
        """A connection; one step is a burst of one side and what acknowledges it."""
        self._opened += 1
        number, chance = self._opened, self._chance
        port = chance.choices((443, 445, 22), (45, 20, 35))[0]
        client, server = 0x0A800000 + number % 200_000, 0xC6336400 + number % 251
        up = client, server, 20_000 + number % 40_000, port
        down = server, client, port, up[2]
        sequence, acknowledgment = chance.getrandbits(32), chance.getrandbits(32)
        self._tcp(up, sequence, 0, wire.SYN)
        self._tcp(down, acknowledgment, sequence + 1, wire.SYN | wire.ACK)
        self._tcp(up, sequence + 1, acknowledgment + 1, wire.ACK)
        sequence, acknowledgment = sequence + 1, acknowledgment + 1
        if port == 445:
            self._tcp(up, sequence, acknowledgment, wire.ACK, OPEN_TREE)
            self._tcp(down, acknowledgment, sequence + len(OPEN_TREE), wire.ACK, TREE_OPENED)
            sequence, acknowledgment = sequence + len(OPEN_TREE), acknowledgment + len(TREE_OPENED)
        left = chance.expovariate(1 / self._mean)
        while left > 0:
            yield True
            asked, sizes = self._sizes(port)
            self._tcp(up, sequence, acknowledgment, wire.ACK, self._request(port, asked))
            sequence += asked
            for count, size in enumerate(sizes):
                self._tcp(down, acknowledgment, sequence, wire.ACK,
                          self._payload(size) if count else self._answer(port, size, sum(sizes)))
                acknowledgment += size
                if count % 2 == 0:
                    self._tcp(up, sequence, acknowledgment, wire.ACK)
            left -= 1 + len(sizes) * 1.5
        self._tcp(up, sequence, acknowledgment, wire.ACK | conversations.FIN)
        self._tcp(down, acknowledgment, sequence + 1, wire.ACK | conversations.FIN)
        self._tcp(up, sequence + 1, acknowledgment + 1, wire.ACK)

    def _sizes(self, port):
        """Bytes of a request, and of the segments of its answer."""
        chance = self._chance
        if port == 22:
            return chance.randrange(16, 120), [chance.randrange(16, 400)]
        full = [conversations.SEGMENT_BYTES] * chance.randrange(port == 445, 4)
        return (len(READ_REQUEST) if port == 445 else chance.randrange(60, 700)), full + [chance.randrange(100, 1448)]

    def _request(self, port, size):
        return READ_REQUEST if port == 445 else self._record(port, size)

    def _answer(self, port, size, whole):
        """The first segment of an answer of `whole` bytes."""
        if port != 445:
            return self._record(port, size)
        head = struct.pack("<HBBIII", 17, 80, 0, whole - READ_HEAD, 0, 0)
        message = wire.smb2(wire.READ, 2, head, True, FILE_SESSION, FILE_TREE, length=whole - 4)
        return message + bytes(self._payload(size - len(message)))

    def _record(self, port, size):
        """TLS says what it is, and the rest is noise from the start."""
        if port != 443:
            return self._payload(size)
        return struct.pack(">BHH", 23, 0x303, size - 5) + bytes(self._payload(size - 5))

    def _udp(self, ends, payload):
        self._out.write(UDP_HEAD.pack(ETHERNET, 0x45, 0, 28 + len(payload), 0, 0x40, 0, 64, 17, 0, *ends, 8 + len(payload), 0),
                        payload)

    def _datagrams(self):
        number = self._chance.randrange(200)
        for _ in range(self._chance.randrange(1, 6)):
            self._udp((0xC6336500 + number, 0x0A800000 + number, 443, 50_000 + number), self._payload(
                self._chance.randrange(40, 1250)))

    def _dns(self):
        client, port, name = self._chance.randrange(4000), self._chance.randrange(1024, 65536), self._chance.randrange(1 << 30)
        question = b"\x0a%010x\x07example\x03org\0\0\1\0\1" % name
        head = struct.pack(">HHHHHH", name & 0xFFFF, 0x0100, 1, 0, 0, 0)
        self._udp((0x0A800000 + client, 0x0A000035, port, 53), head + question)
        head = struct.pack(">HHHHHH", name & 0xFFFF, 0x8180, 1, 1, 0, 0)
        self._udp((0x0A000035, 0x0A800000 + client, 53, port),
                  head + question + b"\xc0\x0c\0\1\0\1" + struct.pack(">IHI", 300, 4, name))


def mixed(out, rounds=DENSE_ROUNDS):
    bulk = Bulk(out, random.Random(SEED + 1))
    for frame in dense_frames(rounds):
        out.write(frame)
        bulk.write(BULK_A_FRAME)


def flows(out, packets, at_a_time):
    """About `packets` packets; every flow lasts until the end."""
    Bulk(out, random.Random(SEED + 2), at_a_time, mean_packets=10**9).write(packets)


def half_open(out, connections=1_000_000):
    for number in range(connections):
        client, port = 0x0B000000 + number, 1024 + number % 60_000
        ends = client, wire.SERVER, port, 445
        out.write(HEAD.pack(ETHERNET, 0x45, 0, 40, 0, 0x40, 0, 64, 6, 0, *ends, number, 0, 0x50, wire.SYN, 64240, 0, 0))
        if number % 2:
            ends = wire.SERVER, client, 445, port
            out.write(HEAD.pack(ETHERNET, 0x45, 0, 40, 0, 0x40, 0, 64, 6, 0, *ends, number, number + 1, 0x50,
                                wire.SYN | wire.ACK, 64240, 0, 0))


class _IpWriter:
    """What wire.Connection writes to."""

    def __init__(self, out):
        self._out = out

    def write(self, ip):
        self._out.write(ETHERNET, ip)


def entries(out, calls, count):
    """`calls` calls, each answered with `count` sessions in one response."""
    connection = wire.bound(_IpWriter(out), most=conversations.SEGMENT_BYTES)
    stub = stubs.response(count)
    for number in range(calls):
        connection.ask(wire.request(number + 2))
        connection.tell(wire.fragments(wire.response, number + 2, stub, FRAGMENT_BYTES))
