"""SMB2 messages under every compression of MS-SMB2 2.2.42 (MS-XCA; LZ4 blocks): for smb2, from pcaps/.

The compressors are as simple as can be: they take the nearest longest match among a few, and no table is fitted.
"""
import struct

from seeds import smb
from seeds.packets import piece

NONE, LZNT1, LZ77, LZ77_HUFFMAN, PATTERN, LZ4 = range(6)
MOST_CUTS = 25


def items(data, shortest, longest, reach):
    """Literals (0, byte) and matches (distance, length). `longest(at)`: how long a match may be there."""
    seen = {}
    at = 0
    while at < len(data):
        start = seen.get(data[at:at + shortest], -1)
        length = 0
        if 0 <= start and at - start <= reach(at):
            most = min(longest(at), len(data) - at)
            while length < most and data[start + length] == data[at + length]:
                length += 1
        taken = length if length >= shortest else 1
        yield (at - start, length) if length >= shortest else (0, data[at])
        for place in range(at, at + min(taken, 64)):
            seen[data[place:place + shortest]] = place
        at += taken


def lznt1(data):
    def distance_bits(at):
        return max(4, (at - 1).bit_length())

    out = b""
    for first in range(0, len(data), 4096):
        chunk = data[first:first + 4096]
        groups, flags, group, count, at = b"", 0, b"", 0, 0
        for distance, value in items(chunk, 3, lambda at: (1 << 16 - distance_bits(at)) + 2, lambda at: 4096):
            if distance:
                flags |= 1 << count
                group += struct.pack("<H", distance - 1 << 16 - distance_bits(at) | value - 3)
            else:
                group += bytes([value])
            at += value if distance else 1
            count += 1
            if count == 8:
                groups, flags, group, count = groups + bytes([flags]) + group, 0, b"", 0
        groups += bytes([flags]) + group if count else b""
        is_shorter = len(groups) < len(chunk)
        body = groups if is_shorter else chunk
        out += struct.pack("<H", (0xB000 if is_shorter else 0x3000) | len(body) - 1) + body
    return out + b"\0\0"


def lz77(data):
    out, flags_at, count, half_at = bytearray(), 0, 0, None
    for distance, value in items(data, 3, lambda at: 1 << 20, lambda at: 8192):
        if count % 32 == 0:
            flags_at = len(out)
            out += bytes(4)
        if not distance:
            out.append(value)
        else:
            out[flags_at + 3 - count % 32 // 8] |= 0x80 >> count % 8
            rest = value - 3
            out += struct.pack("<H", distance - 1 << 3 | min(rest, 7))
            if rest >= 7:
                nibble = min(rest - 7, 15)
                if half_at is None:
                    half_at = len(out)
                    out.append(nibble)
                else:
                    out[half_at] |= nibble << 4
                    half_at = None
                out += long_length(rest, 7 + 15) if nibble == 15 else b""
        count += 1
    return bytes(out)


def long_length(rest, counted):
    """What follows where the shorter forms of a length are full: a byte, or behind it two or six more."""
    if rest - counted < 255:
        return bytes([rest - counted])
    return b"\xff" + (struct.pack("<H", rest) if rest < 1 << 16 else struct.pack("<HI", 0, rest))


def lz77_huffman(data):
    """With a code of nine bits for each of the 512 symbols: a symbol is its own code."""
    out, words, bits = [b"\x99" * 256, None, None], 0, ""

    def put(value, size):
        nonlocal words, bits
        bits += f"{value:0{size}b}" if size else ""
        while len(bits) > 16 * (words + 1):  # the reader takes its next word here
            out.append(None)
            words += 1

    for distance, value in items(data, 3, lambda at: 1 << 20, lambda at: 32767):
        if not distance:
            put(value, 9)
            continue
        size, rest = distance.bit_length() - 1, value - 3
        put(256 + 16 * size + min(rest, 15), 9)
        if rest >= 15:
            out.append(long_length(rest, 15))
        put(distance - (1 << size), size)
    bits += "0" * 64
    at = iter(range(0, len(bits), 16))
    return b"".join(struct.pack("<H", int(bits[(place := next(at)):place + 16], 2)) if part is None else part for part in out)


def lz4(data):
    def more(length):
        return b"" if length < 15 else b"\xff" * ((length - 15) // 255) + bytes([(length - 15) % 255])

    out, literals = b"", b""
    for distance, value in items(data, 4, lambda at: 1 << 20, lambda at: 65535):
        if not distance:
            literals += bytes([value])
            continue
        out += bytes([min(len(literals), 15) << 4 | min(value - 4, 15)]) + more(len(literals)) + literals
        out += struct.pack("<H", distance) + more(value - 4)
        literals = b""
    return out + bytes([min(len(literals), 15) << 4]) + more(len(literals)) + literals


COMPRESSORS = {"lznt1": (LZNT1, lznt1), "lz77": (LZ77, lz77), "lz77-huffman": (LZ77_HUFFMAN, lz77_huffman), "lz4": (LZ4, lz4)}
IN_CLEAR = 16  # bytes of a message that stand before what is compressed


def message(algorithm, compress, plain):
    return b"\xfcSMB" + struct.pack("<IHHI", len(plain) - IN_CLEAR, algorithm, 0, IN_CLEAR) + plain[:IN_CLEAR] + \
        compress(plain[IN_CLEAR:])


def payload(algorithm, data, flags=0):
    return struct.pack("<HHI", algorithm, flags, len(data)) + data


def chained(plain, zeros):
    """One part of each kind, and at last a run of zeros."""
    quarter = len(plain) // 4
    parts = [payload(NONE, plain[:IN_CLEAR], flags=1)]
    begin = IN_CLEAR
    for number, (algorithm, compress) in enumerate(COMPRESSORS.values(), 1):
        end = len(plain) if number == len(COMPRESSORS) else max(begin, quarter * number)
        parts.append(payload(algorithm, struct.pack("<I", end - begin) + compress(plain[begin:end])))
        begin = end
    parts.append(payload(PATTERN, struct.pack("<BxxxI", 0, zeros)))
    return b"\xfcSMB" + struct.pack("<I", len(plain) + zeros) + b"".join(parts)


def seeds(streams):
    """(name, content): a conversation in which every message is compressed, and at its end one with a long run of zeros,
    whole and cut short."""
    said = [(side, part) for side, part in smb.messages(streams) if part[:4] == b"\xfeSMB"]
    last_side, last = said[-1]
    ways = {name: lambda plain, way=way: message(*way, plain) for name, way in COMPRESSORS.items()}
    ways["chained"] = lambda plain: chained(plain, 40)
    for name, way in ways.items():
        parts = [(side, way(part)) for side, part in said]
        for zeros in (30, 300, 70_000):
            parts.append((last_side, way(last + bytes(zeros))))
        whole = parts[-1][1]
        parts += [(last_side, whole[:size]) for size in range(8, min(len(whole), 8 + 3 * MOST_CUTS), 3)]
        yield f"compressed-{name}", b"".join(piece(side, smb.framed(part)) for side, part in parts)
    yield "compressed-by-an-unknown-way", b"".join(
        piece(side, smb.framed(message(9, bytes, part))) for side, part in said[:2])
