"""SMB messages that end too early, whose lengths and offsets lead out of them, or that few still send: for smb1 and smb2,
from pcaps/."""
import struct

from seeds.packets import piece

HEADERS = {b"\xfeSMB": 64, b"\xffSMB": 32}
MOST_CUTS = 70  # bytes behind the header at which a message is cut: fixed parts are shorter
MOST_BYTES = 160  # of a message that is spoilt


def framed(message):
    return struct.pack(">I", len(message)) + message


def messages(streams):
    """(direction, message) in order, of TCP payloads [(direction, bytes)]; framing taken off."""
    rest = {0: b"", 1: b""}
    for direction, data in streams:
        rest[direction] += data
        while len(rest[direction]) >= 4:
            size = 4 + (struct.unpack(">I", rest[direction][:4])[0] & 0xFFFFFF)
            if len(rest[direction]) < size:
                break
            yield direction, rest[direction][4:size]
            rest[direction] = rest[direction][size:]


def command(direction, message):
    """What makes a message one of its kind: direction and command; None where it is no plain message."""
    size = HEADERS.get(message[:4])
    if size is None or len(message) < size:
        return None
    return direction, message[12:14] if size == 64 else message[4:5]


def cuts(message):
    """The message after each byte of its fixed part."""
    size = HEADERS[message[:4]]
    return [message[:end] for end in range(size, min(len(message), size + MOST_CUTS), 3)]


def bent(message):
    """The message with each 16 bits of its fixed part all ones."""
    size = HEADERS[message[:4]]
    for at in range(size, min(len(message) - 1, size + MOST_CUTS), 2):
        yield message[:at] + b"\xff\xff" + message[at + 2:]


def spoiled(streams, spoil):
    """For each kind of message (a name, the conversation up to a little behind the first of its kind, and before that
    one what `spoil` makes of it)."""
    whole = list(messages(streams))
    seen = set()
    for number, (direction, message) in enumerate(whole):
        kind = command(direction, message)
        if kind is None or kind in seen:
            continue
        seen.add(kind)
        spoilt = [(direction, other) for other in spoil(message[:MOST_BYTES])]
        said = whole[:number] + spoilt + whole[number:number + 4]
        name = f"{'answer' if direction else 'request'}-{kind[1][::-1].hex()}"
        yield name, b"".join(piece(side, framed(part)) for side, part in said)


# --- SMB1 as it once was

LOGOFF_ANDX, TRANSACTION, TRANSACTION_SECONDARY, READ, WRITE, WRITE_ANDX = 0x74, 0x25, 0x26, 0x0A, 0x0B, 0x2F
LOCKING_ANDX, OPEN_ANDX = 0x24, 0x2D
TRANSACT_NAMED_PIPE, CALL_NAMED_PIPE = 0x26, 0x54


class Smb1Open:
    """What names an open pipe in a message, taken from one that writes to it."""

    def __init__(self, write):
        self.tid, self.pid, self.uid, self.fid = write[24:26], write[26:28], write[28:30], write[37:39]

    def message(self, command, words, data, reply=False, mid=77):
        header = b"\xffSMB" + bytes([command]) + bytes(4) + bytes([0x80 if reply else 0]) + bytes(14) + \
            self.tid + self.pid + self.uid + struct.pack("<H", mid)
        return int(reply), header + bytes([len(words) // 2]) + words + struct.pack("<H", len(data)) + data

    def core_buffer(self, data):
        return b"\1" + struct.pack("<H", len(data)) + data

    def secondary(self, total, data, displacement):
        return self.message(TRANSACTION_SECONDARY, struct.pack("<8H", 0, total, 0, 0, 0, len(data), 51, displacement), data)


def smb1_of_old(streams, pdu):
    """A conversation that goes on in the commands of LAN Manager; `pdu` is what is written and read."""
    said = list(messages(streams))
    pipe = Smb1Open(next(message for side, message in said if not side and message[4] == WRITE_ANDX))
    half, rest = pdu[:len(pdu) // 2], pdu[len(pdu) // 2:]
    said.append(pipe.message(WRITE, pipe.fid + struct.pack("<HIH", len(pdu), 0, 0), pipe.core_buffer(pdu)))
    said.append(pipe.message(READ, pipe.fid + struct.pack("<HIH", 4280, 0, 0), b""))
    said.append(pipe.message(READ, struct.pack("<H8x", len(pdu)), pipe.core_buffer(pdu), reply=True))
    said.append(pipe.message(TRANSACTION, struct.pack("<4HBxHIHHHHHBxH", 0, len(pdu), 0, 4280, 0, 0, 0, 0, 0, 0, len(half), 67,
                                                      2, TRANSACT_NAMED_PIPE) + pipe.fid, half))
    said.append(pipe.secondary(len(pdu), rest, len(half)))
    said.append(pipe.secondary(len(pdu), rest, 0))  # came already
    said.append(pipe.secondary(len(pdu), rest, len(pdu) + 10))  # behind a hole
    said.append(pipe.message(TRANSACTION_SECONDARY, struct.pack("<8H", 0, 4, 0, 0, 0, 4, 51, 0), bytes(4), mid=99))  # of none
    said.append(pipe.message(TRANSACTION, struct.pack("<4HBxHIHHHHHBxHH", 0, len(half), 0, 4280, 0, 0, 0, 0, 0, 0, len(half),
                                                      80, 2, CALL_NAMED_PIPE, 0), b"\\PIPE\\srvsvc\0" + half, mid=78))
    said.append(pipe.message(LOCKING_ANDX, b"\xff\0\0\0" + pipe.fid + bytes(10), b""))
    said.append(pipe.message(OPEN_ANDX, b"\xff\0\0\0" + bytes(26), b"\\srvsvc\0", mid=79))
    for reply in (False, True):
        said.append(pipe.message(LOGOFF_ANDX, b"\xff\0\0\0", b"", reply))
    return b"".join(piece(side, framed(part)) for side, part in said)
