"""SMB messages that end too early, and whose lengths and offsets lead out of them: for smb1 and smb2, from pcaps/."""
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
