"""Conversations of pcaps/ made ready to be held again, by other hosts, with file traffic of the same SMB2 session.

What is rewritten of a frame: addresses, ports, sequence and acknowledgment numbers, session ids of SMB2. Checksums are 0, as
in captures taken where a network card computes them; signatures no longer fit, and only a holder of the key could tell.
"""
import functools
import pathlib
import struct

import capture_file
import wire

PCAPS = pathlib.Path(__file__).resolve().parent.parent.parent / "pcaps"

ADDRESSES_AT = 26  # the source address; up to the acknowledgment number all that is rewritten stands in a row
SEGMENT_BYTES = 1448
CLOSE, WRITE, QUERY_INFO = 6, 9, 16
FIN, PUSH, ACK = 1, 8, wire.ACK
# Above the ids that the conversation itself uses.
FIRST_MESSAGE_ID = 1 << 20


class Frame:
    """`side` 0 is the client; numbers count from the start of each side's stream."""

    def __init__(self, side, data, sequence, acknowledgment, session_places=()):
        self.side, self.data, self.session_places = side, data, session_places
        self.sequence, self.acknowledgment = sequence, acknowledgment  # the latter None where there is none

    def moved(self, added):
        """The frame behind so many more bytes of each side."""
        acknowledgment = None if self.acknowledgment is None else self.acknowledgment + added[1 - self.side]
        return Frame(self.side, self.data, self.sequence + added[self.side], acknowledgment, self.session_places)


class Conversation:
    """The frames of one TCP connection, with the names taken off; `session` is its SMB2 session id or 0."""

    def __init__(self, name, frames, session):
        self.name, self.frames, self.session = name, frames, session

    def spoken_by(self, client, server, client_port, server_port, first, session):
        """Its frames as bytes; client and server are addresses as numbers, `first` the sequence number of both SYNs."""
        ends = (client, server, client_port, server_port), (server, client, server_port, client_port)
        for frame in self.frames:
            data = bytearray(frame.data)
            acknowledgment = frame.acknowledgment
            struct.pack_into(">IIHHII", data, ADDRESSES_AT, *ends[frame.side], frame.sequence + first & 0xFFFFFFFF,
                             0 if acknowledgment is None else acknowledgment + first & 0xFFFFFFFF)
            for place in frame.session_places:
                struct.pack_into("<Q", data, place, session)
            yield data


def smb2_headers(data, at):
    """Places of the SMB2 headers of a segment that starts with a message at `at`."""
    while data[at + 4:at + 8] == b"\xfeSMB":
        end = at + 4 + struct.unpack_from(">I", data, at)[0]
        header = at + 4
        while True:
            yield header
            following = struct.unpack_from("<I", data, header + 20)[0]
            if not following:
                break
            header += following
        at = end


def neutral(packet, segment):
    """The packet's bytes without checksums, and no more of them than the IP length says."""
    end = segment.payload_at + segment.payload_size
    data = bytearray(packet.data[:end])
    data[24:26] = data[50:52] = b"\0\0"
    return data


def read_conversation(path):
    frames, session = [], 0
    packets = capture_file.read_packets(path.read_bytes())
    segments = [capture_file.segment_of(packet) for packet in packets]
    client = segments[0].source
    starts = {segment.source: segment.sequence for segment in segments[1::-1]}
    for packet, segment in zip(packets, segments):
        side = int(segment.source != client)
        places = [place + 40 for place in smb2_headers(packet.data, segment.payload_at)
                  if any(packet.data[place + 40:place + 48])]
        for place in places:
            session = struct.unpack_from("<Q", packet.data, place)[0]
        acknowledgment = segment.acknowledgment - starts[segment.destination] if segment.flags & ACK else None
        frames.append(Frame(side, neutral(packet, segment), segment.sequence - starts[segment.source], acknowledgment,
                            places))
    return Conversation(path.name, frames, session)


def opened_session(frames):
    """How many frames there are up to the one that says that the SMB2 session is set up; None where none does."""
    for number, frame in enumerate(frames):
        for place in frame.session_places:
            command, status = struct.unpack_from("<12xH", frame.data, place - 40)[0], frame.data[place - 32:place - 28]
            if frame.side == 1 and command == wire.SESSION_SETUP and not any(status):
                return number + 1
    return None


class FileWork:
    """Makes the frames of a client that works with files, from a point of a conversation on."""

    def __init__(self, frames, session, random):
        self._session, self._random = session, random
        last = frames[-1]
        size = len(last.data) - payload_at(last.data)
        self._next = [last.acknowledgment, last.sequence + size]
        self._heads = [next(bytes(frame.data[:payload_at(frame.data)]) for frame in frames
                            if frame.side == side and frame.acknowledgment is not None and not frame.data[47] & wire.SYN)
                       for side in (0, 1)]
        self._message_id = FIRST_MESSAGE_ID
        self.frames = []
        self.added = [0, 0]  # bytes of each side

    def _emit(self, side, payload, places=()):
        head = bytearray(self._heads[side])
        struct.pack_into(">H", head, 16, len(head) - 14 + len(payload))
        head[47] = ACK | (PUSH if payload else 0)
        self.frames.append(Frame(side, head + payload, self._next[side], self._next[1 - side],
                                 [len(head) + place for place in places]))
        self._next[side] += len(payload)
        self.added[side] += len(payload)

    def _message(self, side, command, body):
        data = wire.smb2(command, self._message_id, body, bool(side), self._session, 5)
        for at in range(0, len(data), SEGMENT_BYTES):
            self._emit(side, data[at:at + SEGMENT_BYTES], (44,) if at == 0 else ())

    def exchange(self, command, request, reply):
        self._message(0, command, request)
        self._message(1, command, reply)
        if len(reply) > SEGMENT_BYTES or self._random.random() < 0.5:
            self._emit(0, b"")
        self._message_id += 1

    def connect(self):
        name = "\\\\files\\data".encode("utf-16-le")
        self.exchange(wire.TREE_CONNECT, struct.pack("<HHHH", 9, 0, 72, len(name)) + name,
                      struct.pack("<HBxIII", 16, wire.DISK_SHARE, 0, 0, 0x1F01FF))

    def one_file(self, number, reads, read_bytes):
        """Open, ask for attributes, read some, write a little, close."""
        name = f"projects\\2026\\report-{number:04}.docx".encode("utf-16-le")
        handle = struct.pack("<QQ", number, number)
        self.exchange(wire.CREATE, struct.pack("<HBBIQQIIIIIHHII", 57, 0, 0, 2, 0, 0, 0x120089, 0, 7, 1, 0, 120, len(name), 0, 0)
                      + name, struct.pack("<HBBI32xQQII", 89, 0, 0, 1, 4096, 4000, 32, 0) + handle + bytes(8))
        self.exchange(QUERY_INFO, struct.pack("<HBBIHHIII", 41, 1, 18, 128, 0, 0, 0, 0, 0) + handle + b"\0",
                      struct.pack("<HHI", 9, 72, 104) + self._random.randbytes(104))
        for at in range(reads):
            size = self._random.randrange(16, 2 * read_bytes)
            self.exchange(wire.READ, struct.pack("<HBBIQ", 49, 0x50, 0, size, at * size) + handle + bytes(17),
                          struct.pack("<HBBIII", 17, 80, 0, size, 0, 0) + self._random.randbytes(size))
        size = self._random.randrange(16, read_bytes)
        self.exchange(WRITE, struct.pack("<HHIQ", 49, 112, size, 0) + handle + bytes(16) + self._random.randbytes(size),
                      struct.pack("<HHIIHH", 17, 0, size, 0, 0, 0))
        self.exchange(CLOSE, struct.pack("<HHI", 24, 0, 0) + handle, struct.pack("<HHI52x", 60, 0, 0))


def payload_at(data):
    return 34 + (data[46] >> 4) * 4


def with_file_work(conversation, random, files, reads, read_bytes):
    """The conversation whose client, once its SMB2 session is set up, works with `files` files before it goes on."""
    opened = opened_session(conversation.frames)
    if opened is None:
        return conversation
    before, after = conversation.frames[:opened], conversation.frames[opened:]
    work = FileWork(before, conversation.session, random)
    work.connect()
    for number in range(files):
        work.one_file(number + 1, reads, read_bytes)
    return Conversation(conversation.name, before + work.frames + [frame.moved(work.added) for frame in after],
                        conversation.session)


@functools.cache
def named(name):
    return read_conversation(next(path for path in (PCAPS / f"{name}.pcap", PCAPS / f"{name}.pcapng") if path.exists()))
