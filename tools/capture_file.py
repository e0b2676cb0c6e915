"""Reads and writes captures for the tests, with no help from what they test."""
import struct

ETHERNET, LINUX_SLL2 = 1, 276
TCP = 6


class Packet:
    """One record; `source` is its place in the capture that it was read from, counted from 0."""

    def __init__(self, source, link, time_ns, data, length):
        self.source, self.link, self.time_ns, self.data, self.length = source, link, time_ns, data, length

    def with_data(self, data, length=None):
        return Packet(self.source, self.link, self.time_ns, data, self.length if length is None else length)


def read_packets(data):
    """The packets of a pcap or pcapng file; a record that is cut short ends it."""
    return list(_pcapng(data) if data[:4] == b"\x0a\x0d\x0d\x0a" else _pcap(data))


def _pcap(data):
    order = "<" if data[:4] in (b"\xd4\xc3\xb2\xa1", b"\x4d\x3c\xb2\xa1") else ">"
    magic, link = struct.unpack_from(order + "I16xI", data)
    tick = 1 if magic == 0xA1B23C4D else 1000
    at = 24
    source = 0
    while at + 16 <= len(data):
        seconds, fraction, size, length = struct.unpack_from(order + "IIII", data, at)
        if at + 16 + size > len(data):
            return
        yield Packet(source, link & 0xFFFF, seconds * 10**9 + fraction * tick, data[at + 16:at + 16 + size], length)
        at += 16 + size
        source += 1


def _resolution(options, order):
    """Nanoseconds a tick, of an interface's options."""
    at = 0
    while at + 4 <= len(options):
        code, size = struct.unpack_from(order + "HH", options, at)
        if code == 9:
            power = options[at + 4]
            return 10**9 / 2**(power & 0x7F) if power & 0x80 else 10**(9 - power)
        at += 4 + size + -size % 4
    return 1000


def _pcapng(data):
    at = 0
    source = 0
    order, interfaces = "<", []
    while at + 12 <= len(data):
        if data[at:at + 4] == b"\x0a\x0d\x0d\x0a":
            order = "<" if data[at + 8:at + 12] == b"\x4d\x3c\x2b\x1a" else ">"
            interfaces = []
        kind, size = struct.unpack_from(order + "II", data, at)
        if at + size > len(data):
            return
        body = data[at + 8:at + size - 4]
        if kind == 1:
            interfaces.append((struct.unpack_from(order + "H", body)[0], _resolution(body[8:], order)))
        elif kind == 6:
            number, high, low, kept, length = struct.unpack_from(order + "IIIII", body)
            link, tick = interfaces[number]
            yield Packet(source, link, int((high << 32 | low) * tick), body[20:20 + kept], length)
            source += 1
        at += size


def write_pcap(packets):
    """A nanosecond pcap; for packets of one link type."""
    out = bytearray(struct.pack("<IHHiIII", 0xA1B23C4D, 2, 4, 0, 0, 262144, packets[0].link if packets else ETHERNET))
    for p in packets:
        out += struct.pack("<IIII", p.time_ns // 10**9, p.time_ns % 10**9, len(p.data), p.length) + p.data
    return bytes(out)


def _block(kind, body):
    size = len(body) + -len(body) % 4 + 12
    return struct.pack("<II", kind, size) + body + bytes(-len(body) % 4) + struct.pack("<I", size)


def write_pcapng(packets):
    links = sorted({p.link for p in packets}) or [ETHERNET]
    out = bytearray(_block(0x0A0D0D0A, struct.pack("<IHHq", 0x1A2B3C4D, 1, 0, -1)))
    for link in links:
        out += _block(1, struct.pack("<HHIHHBxxxHH", link, 0, 0, 9, 1, 9, 0, 0))
    for p in packets:
        head = struct.pack("<IIIII", links.index(p.link), p.time_ns >> 32, p.time_ns & 0xFFFFFFFF, len(p.data), p.length)
        out += _block(6, head + p.data)
    return bytes(out)


class Segment:
    """A TCP segment that no tunnel or fragmentation hides; ports and addresses as (address, port)."""

    def __init__(self, source, destination, sequence, acknowledgment, flags, payload_at, payload_size):
        self.source, self.destination = source, destination
        self.sequence, self.acknowledgment, self.flags = sequence, acknowledgment, flags
        self.payload_at, self.payload_size = payload_at, payload_size

    @property
    def end(self):
        return self.sequence + self.payload_size & 0xFFFFFFFF


def segment_of(packet):
    """The TCP segment of `packet`, or None."""
    data = packet.data
    at = {ETHERNET: 14, LINUX_SLL2: 20}.get(packet.link)
    if at is None or len(data) < at + 20:
        return None
    if data[at] >> 4 == 4:
        size = (data[at] & 15) * 4
        total, _, fragment = struct.unpack_from(">HHH", data, at + 2)
        if data[at + 9] != TCP or fragment & 0x3FFF:
            return None
        source, destination, tcp, end = data[at + 12:at + 16], data[at + 16:at + 20], at + size, at + total
    elif data[at] >> 4 == 6 and len(data) >= at + 40 and data[at + 6] == TCP:
        source, destination, tcp = data[at + 8:at + 24], data[at + 24:at + 40], at + 40
        end = tcp + struct.unpack_from(">H", data, at + 4)[0]
    else:
        return None
    if len(data) < tcp + 20:
        return None
    source_port, destination_port, sequence, acknowledgment = struct.unpack_from(">HHII", data, tcp)
    payload = tcp + (data[tcp + 12] >> 4) * 4
    return Segment((source, source_port), (destination, destination_port), sequence, acknowledgment, data[tcp + 13],
                   payload, max(0, end - payload))
