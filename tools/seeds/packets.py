"""Packets for end_to_end: every link layer, tunnel, header and fragment, and each of them cut short at every byte."""
import struct

import wire

ETHERNET, RAW, SLL, NULL, PPP, SLL2, IPV4, WIFI = range(8)
CUT, EVERY_VERDICT, WITH_KEYS, LITTLE_ROOM, LAST_BIT = 8, 16, 32, 64, 128
DOCUMENTS_UNIT = 16  # sizes at which end_to_end makes whole documents
MACS = b"\x02\0\0\0\0\1\x02\0\0\0\0\2"


def piece(kind, data):
    return bytes([kind]) + struct.pack("<H", min(len(data), 0xFFFF)) + data[:0xFFFF]


def padded(pieces, unit):
    """With a last packet that makes the size a multiple of `unit`: at those a target looks at what takes long."""
    short = -len(pieces) % unit
    return pieces + (piece(ETHERNET, bytes((short - 3) % unit)) if short else b"")


def chain(kind, packets):
    return b"".join(piece(kind, packet) for packet in packets)


def shorter(kind, packet, first=0):
    """The packet as captures cut it: after each of its bytes."""
    return b"".join(piece(kind | CUT, packet[:size]) for size in range(first, len(packet)))


class Collected:
    """The IP packets of connections (wire.Connection writes to it)."""

    def __init__(self):
        self.packets = []

    def write(self, packet):
        self.packets.append(packet)


def conversation():
    """A bound association over TCP with one call."""
    out = Collected()
    connection = wire.bound(out)
    connection.ask(wire.request(2))
    connection.tell(wire.response(2))
    return out.packets


def ipv6(payload, protocol=6, length=None, source=b"\xfd" + bytes(14) + b"\1", destination=b"\xfd" + bytes(14) + b"\2"):
    return struct.pack(">IHBB", 0x60000000, len(payload) if length is None else length, protocol, 64) + source + \
        destination + payload


def tcp_of(packet):
    return packet[20:]


def in_ipv6(packet):
    return ipv6(tcp_of(packet))


def ethernet(packet, tags=()):
    kind = 0x86DD if packet[0] >> 4 == 6 else 0x0800
    return MACS + b"".join(struct.pack(">HH", tag, 7) for tag in tags) + struct.pack(">H", kind) + packet


def sll(packet):
    return bytes(14) + b"\x08\x00" + packet


def sll2(packet):
    return b"\x08\x00" + bytes(18) + packet


def gre(flags, protocol, inner, optional=b""):
    return wire.ipv4(1, 2, struct.pack(">HH", flags, protocol) + optional + inner, 47)


def erspan3(packet, subheader):
    header = bytes(10) + struct.pack(">H", int(subheader)) + (bytes(8) if subheader else b"")
    return gre(0x1000, 0x22EB, header + ethernet(packet), bytes(4))


def vxlan(packet, flags=8, port=4789):
    inner = bytes([flags]) + bytes(7) + ethernet(packet)
    return wire.ipv4(1, 2, struct.pack(">HHHH", 9, port, 8 + len(inner), 0) + inner, 17)


TUNNELS = {
    "ip-in-ip": lambda packet: wire.ipv4(1, 2, packet, 4),
    "ipv6-in-ip": lambda packet: wire.ipv4(1, 2, in_ipv6(packet), 41),
    "gre": lambda packet: gre(0, 0x0800, packet),
    "gre-ipv6-with-every-field": lambda packet: gre(0xB000, 0x86DD, in_ipv6(packet), bytes(12)),
    "gre-ethernet": lambda packet: gre(0, 0x6558, ethernet(packet)),
    "gre-of-version-1": lambda packet: gre(1, 0x0800, packet),
    "gre-of-another-protocol": lambda packet: gre(0, 0x0806, packet),
    "erspan-1": lambda packet: gre(0, 0x88BE, ethernet(packet)),
    "erspan-2": lambda packet: gre(0x1000, 0x88BE, bytes(8) + ethernet(packet), bytes(4)),
    "erspan-3": lambda packet: erspan3(packet, False),
    "erspan-3-with-subheader": lambda packet: erspan3(packet, True),
    "vxlan": vxlan,
    "vxlan-without-vni": lambda packet: vxlan(packet, flags=0),
    "udp-to-another-port": lambda packet: vxlan(packet, port=53),
    "tunnel-in-tunnel": lambda packet: wire.ipv4(1, 2, wire.ipv4(1, 2, wire.ipv4(1, 2, wire.ipv4(1, 2, wire.ipv4(
        1, 2, packet, 4), 4), 4), 4), 4),
}
# How many bytes of each tunnel stand before the inner packet, more or less: these are cut at each place.
OUTER = 60


def extension(next_protocol, size=0):
    return bytes([next_protocol, size]) + bytes(6 + 8 * size)


def extended(packet):
    """Hop-by-hop, routing, destination options, mobility, authentication, an atomic fragment."""
    headers = extension(43, 1) + extension(60) + extension(135) + extension(51) + \
        struct.pack(">BBII", 44, 0, 0, 0)[:8] + struct.pack(">BBHI", 6, 0, 0, 9)
    return ipv6(headers + tcp_of(packet), 0)


def fragmented_ipv6(packet):
    payload = tcp_of(packet)
    half = len(payload) // 2 & ~7

    def part(offset, data, more):
        return ipv6(struct.pack(">BBHI", 6, 0, offset | more, 77) + data, 44)
    return [part(0, payload[:half], 1), part(half, payload[half:], 0)]


def fragmented_ipv4(packet, cut=False):
    payload = tcp_of(packet)
    half = len(payload) // 2 & ~7
    ends = (wire.CLIENT, wire.SERVER)
    return [wire.ipv4(*ends, payload[:half], identification=5, more=True),
            wire.ipv4(*ends, payload[half:], identification=5, offset=half)]


def broken_headers():
    """IP and TCP headers that cannot be: each is passed over and counted."""
    good = conversation()[-1]

    def changed(at, value, packet=good):
        return packet[:at] + bytes([value]) + packet[at + 1:]
    yield b""
    yield changed(0, 0x55)  # IP version 5
    yield changed(0, 0x44)  # a header of 16 bytes
    yield changed(0, 0x4F)  # options
    yield changed(2, 0, changed(3, 10))  # total length below the header
    yield changed(2, 0, changed(3, 0))  # total length 0
    yield changed(9, 1)  # ICMP
    yield changed(32, 0x10)  # a TCP header of 4 bytes
    yield changed(32, 0xF0)  # TCP options
    yield ipv6(b"", 59)
    yield ipv6(extension(0) * 20, 0)  # a chain of headers that is too long
    yield ipv6(tcp_of(good), 6, length=0)  # a jumbogram


def tcp_segment(sequence, payload=b"", flags=wire.ACK, back=False, acknowledgment=1):
    ends = (wire.SERVER, wire.CLIENT, (49664, 40000)) if back else (wire.CLIENT, wire.SERVER, (40000, 49664))
    return wire.tcp(*ends, sequence, acknowledgment, flags, payload)


def connections():
    """How connections begin and end."""
    calls = conversation()
    syn, accepted, *rest = calls
    fin = tcp_segment(9999, flags=wire.ACK | 1)
    yield "tcp-without-handshake", rest
    yield "tcp-handshake-twice", [syn, syn, accepted, accepted, *rest]
    yield "tcp-answer-before-request", [syn, accepted, *reversed(rest)]
    yield "tcp-ended-by-both", [*calls, fin, tcp_segment(9999, flags=wire.ACK | 1, back=True)]
    yield "tcp-reset-and-again", [*calls, tcp_segment(9999, flags=wire.RST), *calls]
    yield "tcp-many", [packet[:20] + struct.pack(">H", 1000 + port) + packet[22:] for port in range(40)
                       for packet in calls[:1]]
    yield "tcp-backwards", calls[::-1]
    yield "tcp-only-answers", [packet for packet in calls if packet[12:16] == struct.pack(">I", wire.SERVER)]
    yield "tcp-only-requests", [packet for packet in calls if packet[12:16] == struct.pack(">I", wire.CLIENT)]


def fragmented_twice(packet):
    """A datagram in fragments whose payload says that it is a fragment again (RFC 8200 4.5 has one header a packet)."""
    again = struct.pack(">BBHI", 6, 0, 1, 8) + tcp_of(packet)
    half = len(again) // 2 & ~7
    return [ipv6(struct.pack(">BBHI", 44, 0, offset | more, 78) + part, 44)
            for offset, part, more in ((0, again[:half], 1), (half, again[half:], 0))]


def reassembly():
    """(name, content): holes that stay open, in datagrams and in streams."""
    calls = conversation()
    yield "ipv6-fragments-of-fragments", chain(RAW, fragmented_twice(calls[-1]) + calls)
    yield "ipv4-fragment-alone", chain(RAW, fragmented_ipv4(calls[-1])[:1] + calls)
    payload = bytes(range(16))
    lone = [wire.ipv4(1, 2, payload, identification=unit % 2, offset=32 * unit, more=True) for unit in range(8)]
    yield "ipv4-fragments-that-never-close-little-room", chain(RAW | LITTLE_ROOM, lone + lone[:1] + lone[2::2])
    behind, over, before = (tcp_segment(1 + at, payload) for at in (30, 25, 14))
    yield "tcp-cut-packets-before-a-hole", (chain(RAW, calls[:2] + [behind])
                                            + chain(RAW | CUT, [over[:-1], before[:-9], before[:-9]]) + chain(RAW, calls[-2:]))
    ended = tcp_segment(1, flags=wire.ACK | 1), tcp_segment(1, flags=wire.ACK | 1, back=True)
    yield "tcp-ended-then-said-elsewhere", chain(RAW, [*calls[:2], *ended, tcp_segment(1 << 30, b"later"), *calls])
    holes = [packet[:20] + struct.pack(">H", 1000 + port) + packet[22:] for port in range(2)
             for packet in [calls[0], *(tcp_segment(10 + 4 * at, b"--") for at in range(8))]]
    yield "tcp-holes-of-two-connections-little-room", chain(RAW | LITTLE_ROOM, holes)


SESSION_REQUEST = b"\x81\0\0\x44" + 2 * (b"\x20" + b"CK" * 16 + b"\0")


def tree():
    """A client that finds IPC$; the server's answers."""
    return wire.tree_connect(1) + wire.create(2), wire.tree_connect_reply(1, 1) + wire.create_reply(2, 7)


def strangers():
    """For corpus/report_page: connections that carry something else, or carry it in a strange way."""
    def packets_of(*said, **how):
        """`said`: what the client and the server say, in turn; a number is not captured."""
        out = Collected()
        connection = wire.Connection(out, **how)
        for turn, data in enumerate(said):
            if isinstance(data, int):
                connection.skip(data)
            elif data:
                (connection.tell if turn % 2 else connection.ask)(data)
        return out.packets

    asked, told = tree()
    netbios = {"ports": (40000, 139)}
    yield "netbios-session", packets_of(SESSION_REQUEST, b"\x82\0\0\0", asked, told, b"\x85\0\0\0", **netbios)
    yield "netbios-session-refused", packets_of(SESSION_REQUEST, b"\x83\0\0\1\x82", **netbios)
    yield "netbios-session-elsewhere", packets_of(SESSION_REQUEST, b"\x84\0\0\6" + bytes(6), **netbios)
    yield "netbios-byte-by-byte", packets_of(SESSION_REQUEST[:40], most=1, **netbios)
    yield "netbios-of-no-name", packets_of(SESSION_REQUEST[:8] + b"no name" + SESSION_REQUEST[15:], b"", b"more", **netbios)
    yield "smb-port-something-else", packets_of(b"SSH-2.0", b"SSH-2.0", asked, told, ports=(40000, 445))
    yield "smb-behind-other-bytes", packets_of(asked, told + b"#!?", asked, b"#!?" + told, ports=(40000, 445))
    yield "smb-byte-by-byte", packets_of(asked[:90], told[:90], most=1)
    yield "netbios-begun-before", packets_of(b"\x85\0\0\0" + asked[:70], b"", asked[70:], told, **netbios)
    yield "netbios-begun-before-and-cut", packets_of(b"\x85\0\0\0\x84\0\0\6" + bytes(2), b"", bytes(4) + asked, told, **netbios)
    yield "zeros-alone-then-smb", packets_of(b"\0", b"", b"\0", b"\0", asked, told)
    yield "zeros-alone-without-handshake", packets_of(b"\0", b"\0", asked[1:2], told[1:2], asked[2:], told[2:], handshake=False)
    yield "hole-then-much", packets_of(asked, told, 100, b"", asked * 20, told * 20, most=700)
    yield "hole-then-little-in-many-packets", packets_of(asked, told, 100, b"", asked * 6, told, most=40)
    web = packets_of(*[b"GET / HTTP/1.1\r\n\r\n", b"HTTP/1.1 200\r\n\r\n"] * 20)
    yield "web-then-a-call", web + [packet[:20] + b"\x99" + packet[21:] for packet in conversation()]
    many = [packet[:20] + struct.pack(">H", 1000 + port) + packet[22:] for port in range(8) for packet in web[:5]]
    yield "many-connections-of-another-kind", many + conversation()
    yield "said-twice-and-differently", [copy for packet in packets_of(asked, told, asked * 3, told * 3, most=150)
                                         for copy in (packet, packet[:-1] + b"!")]


def strange_connections():
    for name, said in strangers():
        yield name, chain(RAW | EVERY_VERDICT, said)
        yield name + "-little-room", chain(RAW | LITTLE_ROOM, said)
        if name.startswith("web"):
            yield name + "-on-ethernet", chain(ETHERNET | EVERY_VERDICT, map(ethernet, said))
        if name.startswith("hole"):
            yield name + "-cut-short", chain(RAW | CUT, [packet[:-9] for packet in said])


def seeds():
    """(name, content) for corpus/end_to_end."""
    calls = conversation()
    request = calls[-2]
    raw = RAW | EVERY_VERDICT
    yield "links", (chain(ETHERNET, [ethernet(calls[0]), ethernet(calls[1], (0x8100, 0x88A8)), MACS + b"\x08\x06" + bytes(9),
                                     MACS + b"\0\x20" + bytes(40)])
                    + chain(SLL, [sll(calls[2])]) + chain(SLL2, [sll2(calls[3])])
                    + chain(NULL, [b"\2\0\0\0" + calls[4], b"\0\0\0\2" + calls[5], b"\0\0\0\x63" + calls[5]])
                    + chain(PPP, [b"\xff\3\0\x21" + calls[4], b"\x21" + calls[5], b"\0\x57" + in_ipv6(calls[5]), b"\xc0\x21"])
                    + chain(IPV4, calls) + chain(WIFI, calls))
    yield "links-cut-short", b"".join([
        shorter(ETHERNET, ethernet(b"E", (0x8100,))), shorter(SLL, sll(b"E")), shorter(SLL2, sll2(b"E")),
        shorter(NULL, b"\2\0\0\0E"), shorter(PPP, b"\xff\3\0\x21E"), piece(ETHERNET, ethernet(b"E", (0x8100,) * 12))])
    for name, wrap in TUNNELS.items():
        yield f"tunnel-{name}", chain(raw, [wrap(packet) for packet in calls]) + shorter(RAW, wrap(request)[:OUTER], 20)
    yield "ipv6", chain(raw, [in_ipv6(packet) for packet in calls]) + shorter(RAW, in_ipv6(request)[:62])
    yield "ipv6-extension-headers", chain(raw, [extended(packet) for packet in calls]) + \
        shorter(RAW, extended(request)[:120], 38)
    yield "ipv6-fragments", chain(raw, [part for packet in calls for part in fragmented_ipv6(packet)])
    yield "ipv4-fragments", chain(raw, [part for packet in calls for part in fragmented_ipv4(packet)])
    yield "ipv4-fragments-cut-short", chain(raw | CUT, [part for packet in calls for part in fragmented_ipv4(packet)])
    yield "ipv4-cut-short", shorter(RAW, request[:44])
    yield from reassembly()
    yield "broken-headers", chain(raw, broken_headers()) + chain(RAW, calls)
    for name, packets in connections():
        yield name, chain(raw, packets)
        if name in ("tcp-without-handshake", "tcp-ended-by-both"):
            yield name + "-cut-short", chain(raw | CUT, [packet[:-4] for packet in packets])
