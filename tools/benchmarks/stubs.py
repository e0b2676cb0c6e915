"""Stubs of level 10 as the benchmark asks for: so many sessions, little-endian NDR."""
import struct


def string(text):
    data = (text + "\0").encode("utf-16-le")
    return struct.pack("<III", len(data) // 2, 0, len(data) // 2) + data + bytes(-len(data) % 4)


def response(count):
    """`count` sessions with names as they are met: 960 bytes for 10."""
    heads, names = bytearray(), bytearray()
    for number in range(count):
        heads += struct.pack("<IIII", 0x20008 + number * 8, 0x2000C + number * 8, 60 + number, number % 60)
        names += string(f"\\\\10.77.{number // 250}.{number % 250}") + string(f"user{number:06}")
    head = struct.pack("<IIIIII", 10, 10, 0x20000, count, 0x20004, count)
    return head + bytes(heads) + bytes(names) + struct.pack("<IIII", count, 0, 0, 0)
