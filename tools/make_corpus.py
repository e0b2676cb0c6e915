#!/usr/bin/env python3
"""Makes seeds of the fuzz targets, from pcaps/ and by rule: corpus/<target>/seed/.

usage: make_corpus.py SESSENUM [--check]

Each seed is named for what it is. --check makes none, and fails where a seed that this makes is missing or another.
"""
import argparse
import gzip
import json
import pathlib
import re
import struct
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True

import report_scenes  # noqa: E402
import wire  # noqa: E402
from seeds import channels, compressed, packets, rpc, rules, smb, stubs  # noqa: E402
from seeds.packets import piece  # noqa: E402

TOP = pathlib.Path(__file__).resolve().parent.parent
PCAPS = TOP / "pcaps"
CORPUS = TOP / "corpus"
MOST_BYTES = 256 * 1024

ETHERNET_CAPTURES = ("smb2-transceive-level0", "smb2-transceive-all-levels-rpcclient", "smb2-errors-natural",
                     "smb1-transact-all-levels-rpcclient",
                     "real-smbd-access-denied", "frag-response-buffer-overflow-read",
                     "smb311-compressed-lznt1", "smb311-compressed-chained-lz77", "smb3-encrypted-ndr64-windows-like",
                     "tcp-noauth-all-levels-impacket")
# Those that reach what no other does: of a kind one.
WHOLE_CAPTURES = (
    "smb2-transceive-level0", "smb1-transact-all-levels-rpcclient",
    "real-smbd-access-denied", "smb311-compressed-lznt1",
    "smb311-compressed-chained-lz77", "smb3-encrypted-ndr64-windows-like", "tcp-noauth-all-levels-impacket",
    "tcp-keepalives", "smb2-bind-nak", "file-pcap-snaplen-200",
    "tcp-ntlmssp-privacy-impacket", "tcp-ntlmssp-connect-samba", "tcp-noauth-samba-ndr64",
    "multi-tcp-pipelined-with-object-uuid", "frag-request-impacket",
    "smb2-writeread-dialect202", "other-opnum-on-srvsvc", "broken-resp-garbage",
    "broken-resp-lone_surrogate", "violation-bad-client-name-accepted")
# What a report shows differently: who asks, what is answered, what cannot be seen.
REPORT_CAPTURES = (
    "smb2-transceive-all-levels-rpcclient", "real-smbd-access-denied", "smb2-errors-natural",
    "smb3-encrypted-ndr64-windows-like", "broken-resp-lone_surrogate", "violation-bad-client-name-accepted",
    "tcp-noauth-all-levels-impacket", "smb2-null-strings-in-entries",
    "file-pcap-snaplen-200", "tcp-ntlmssp-privacy-impacket")
WHOLE_PAGE_UNIT = 64  # sizes at which report_page makes the page around its sections
# What a user may type for a column: a name, the end of one, what several stand under, and what is none.
COLUMNS = ("request.level", "level", "sessions", "id", "request.levl", "nonsense")
LINK_CODES = {1: 0, 101: 1, 113: 2, 0: 3, 9: 4, 276: 5, 228: 6, 105: 7}


def packets_of(path):
    """(link type, bytes, cut) for each packet; pcap and pcapng by the little that pcaps/ needs."""
    data = path.read_bytes()
    if data[:4] == b"\x0a\x0d\x0d\x0a":
        links = []
        at = 0
        while at + 12 <= len(data):
            kind, size = struct.unpack_from("<II", data, at)
            if kind == 0x0A0D0D0A:
                links = []
            elif kind == 1:
                links.append(struct.unpack_from("<H", data, at + 8)[0])
            elif kind == 6:
                interface, _, _, captured, original = struct.unpack_from("<IIIII", data, at + 8)
                yield links[interface], data[at + 28:at + 28 + captured], captured < original
            at += size
        return
    order = "<" if data[:1] in (b"\xd4", b"\x4d") else ">"
    link = struct.unpack_from(order + "I", data, 20)[0] & 0xFFFF
    at = 24
    while at + 16 <= len(data):
        captured, original = struct.unpack_from(order + "II", data, at + 8)
        yield link, data[at + 16:at + 16 + captured], captured < original
        at += 16 + captured


def capture_path(name):
    return next(path for path in (PCAPS / f"{name}.pcap", PCAPS / f"{name}.pcapng") if path.exists())


def bare_acknowledgment(link, data):
    """An IPv4 packet on Ethernet that carries nothing and opens or ends no connection."""
    if link != 1 or data[12:14] != b"\x08\x00" or data[23] != 6 or data[20] & 0x3F or data[21]:
        return False
    tcp = 14 + 4 * (data[14] & 15)
    end = 14 + struct.unpack_from(">H", data, 16)[0]
    return end == tcp + 4 * (data[tcp + 12] >> 4) and not data[tcp + 13] & 7


def as_packets(path, options=0):
    """end_to_end reads packets; `options` are bits of the first one."""
    pieces = [(LINK_CODES[link] | (8 if cut else 0), data) for link, data, cut in packets_of(path)
              if link in LINK_CODES and not bare_acknowledgment(link, data)]
    return b"".join(piece(kind | (0 if i else options), data) for i, (kind, data) in enumerate(pieces))


def as_ethernet(said):
    return b"".join(piece(packets.ETHERNET | (0 if i else packets.WITH_KEYS), data) for i, data in enumerate(said))


def spoilt_keys():
    """Conversations that the keys of pcaps/ would open, had not something of them changed on the way."""
    said = [data for link, data, _ in packets_of(capture_path("tcp-ntlmssp-privacy-impacket"))
            if not bare_acknowledgment(link, data)]
    last = next(i for i, data in enumerate(said) if b"NTLMSSP\0\3\0\0\0" in data)
    at = said[last].index(b"NTLMSSP\0\3\0\0\0")
    answer_at = at + struct.unpack_from("<I", said[last], at + 24)[0]
    for name, place, change in (("answer", answer_at, 1), ("session-security", at + 62, 8), ("strength", at + 63, 0x20)):
        spoilt = bytearray(said[last])
        spoilt[place] ^= change
        yield f"ntlm-{name}-spoilt", as_ethernet([*said[:last], bytes(spoilt), *said[last + 1:last + 4]])
    said = [data for link, data, _ in packets_of(capture_path("smb3-encrypted-ndr64-windows-like"))
            if not bare_acknowledgment(link, data)]
    first = next(i for i, data in enumerate(said) if b"\xfdSMB" in data)
    yield "smb3-cipher-text-spoilt", as_ethernet([*said[:first], said[first][:-1] + bytes([said[first][-1] ^ 1])])


def reports():
    """report_page reads packets, too: bit 7 of the first says that the capture ends in an error."""
    yield from packets.strange_connections()
    for name in REPORT_CAPTURES:
        yield name, as_packets(capture_path(name), packets.EVERY_VERDICT)
    yield from channels.scenes()
    yield from rpc.reported()
    yield from spoilt_keys()
    whole_page = "tcp-noauth-all-levels-impacket"
    yield whole_page + "-whole-page", packets.padded(as_packets(capture_path(whole_page)), WHOLE_PAGE_UNIT)
    little_room = packets.EVERY_VERDICT | packets.LITTLE_ROOM
    yield "errors-little-room", as_packets(capture_path("smb2-errors-natural"), little_room)
    with tempfile.TemporaryDirectory() as folder:
        scene = pathlib.Path(folder) / "hostile.pcap"
        with scene.open("wb") as file:
            report_scenes.hostile(file)
        yield "names-that-mean-harm", as_packets(scene)
        yield "names-that-mean-harm-little-room", as_packets(scene, little_room | packets.LAST_BIT)
    yield "error-alone", b"\x80\2\0<b>"


def streams(path):
    """(direction, TCP payload) of an Ethernet capture in the order of its packets; retransmissions left out."""
    due = {}
    client = None
    for link, data, _ in packets_of(path):
        if link != 1 or data[12:14] != b"\x08\x00" or data[23] != 6:
            continue
        ip = 14
        tcp = ip + 4 * (data[ip] & 15)
        end = ip + struct.unpack_from(">H", data, ip + 2)[0]
        source = (data[ip + 12:ip + 16], data[tcp:tcp + 2])
        sequence = struct.unpack_from(">I", data, tcp + 4)[0]
        client = client or source
        payload = data[tcp + 4 * (data[tcp + 12] >> 4):end]
        if data[tcp + 13] & 2:
            due[source] = sequence + 1 & 0xFFFFFFFF
        elif payload and sequence == due.get(source):
            due[source] = sequence + len(payload) & 0xFFFFFFFF
            yield (0 if source == client else 1), payload


def as_streams(path):
    return b"".join(piece(direction, payload) for direction, payload in streams(path))


def stub_pairs(binary):
    """Requests with their responses, as call_pair_rules reads them."""
    names = ("smb2-errors-natural", "smb2-qualifiers", "ndr64-paging-errors", "real-smbd-qualifiers", "bigendian-level1",
             "smb2-paging-level502-impacket", "violation-resume-null-but-stored", "violation-total-lt-entriesread",
             "smb2-transceive-all-levels-rpcclient", "broken-resp-lone_surrogate")
    with tempfile.TemporaryDirectory() as folder:
        for name in names:
            path = capture_path(name)
            subprocess.run([binary, "extract", "--to", folder, path], check=True, stdout=subprocess.DEVNULL)
            calls = [json.loads(line) for line in subprocess.run(
                [binary, "replay", "--format", "ndjson", path], capture_output=True, text=True).stdout.splitlines()]
            for call in calls[:-1]:
                stubs = {}
                for side, short in (("request", "req"), ("response", "resp")):
                    for frame in call[side + "_frames"]:
                        found = list(pathlib.Path(folder).glob(f"{path.name}-f{frame}-c{call['call_id']}-{short}-*.stub"))
                        if found:
                            stubs[side] = found[0].read_bytes()
                if len(stubs) == 2 and len(stubs["request"]) + len(stubs["response"]) < 3000:
                    flags = (call["transfer_syntax"] == "ndr64") | 2 * (call["request"]["byte_order"] == "big") | 128
                    yield (f"{name}-call-{call['call_id']}",
                           bytes([flags]) + struct.pack("<H", len(stubs["request"])) + stubs["request"] + stubs["response"])


def tcp_segments():
    text = bytes(range(65, 91)) * 8

    def at(position, size, kind=0):
        return piece(kind, struct.pack("<H", position) + text[position:position + size])
    yield "in-order", at(0, 20) + at(20, 30) + at(0, 40, 1)
    yield "out-of-order", at(20, 30) + at(0, 20) + at(80, 20) + at(50, 30)
    yield "retransmitted", at(0, 20) + at(0, 20) + at(10, 30)
    yield "gap", at(0, 20) + at(60, 20) + b"".join(at(80 + i, 4) for i in range(0, 100, 4))
    yield "conflict", at(0, 20) + piece(0, struct.pack("<H", 5) + b"!" * 30) + at(35, 20)
    yield "unacknowledged-hole", at(0, 20, 2) + at(60, 20, 2) + at(20, 40, 2)


def ip_fragments():
    def at(unit, size, more=True, kind=0):
        return piece(kind | (4 if more else 0), bytes([unit]) + bytes((unit * 8 + i) & 255 for i in range(size)))
    yield "in-order", at(0, 16) + at(2, 16) + at(4, 5, False)
    yield "reversed", at(4, 5, False) + at(2, 16) + at(0, 16)
    yield "overlapping", at(0, 24) + at(1, 24) + at(4, 3, False)
    yield "two-datagrams", at(0, 16) + at(0, 16, True, 1) + at(2, 4, False) + at(2, 4, False, 1)
    yield "ipv6", at(0, 16, True, 8) + at(2, 1, False, 8)
    yield "cut-by-snaplen", at(0, 16, True, 16) + at(2, 4, False)
    yield "pieces-beyond-the-cap", b"".join(at(2 * unit, 8, True, unit % 8 == 7) for unit in range(100))
    yield "pieces-of-one-beyond-the-cap", b"".join(at(2 * unit, 8) for unit in range(100))
    yield "too-many", b"".join(at(0, 8, True, kind) for kind in (0, 1, 2, 3, 8, 9, 10, 11))


def keys():
    for path in sorted(PCAPS.glob("*.keys")):
        yield path.stem, path.read_bytes()
    yield "every-form", (b"# comment\nsmb-session 0x1122 000102030405060708090a0b0c0d0e0f\r\n"
                         b"smb-session 0102030405060708 00112233445566778899aabbccddeeff # note\n"
                         b"nt-password alice@corp pass word # kept\nnt-hash bob 0123456789abcdef0123456789ABCDEF\n")
    for name, line in (("short-hash", b"nt-hash bob 0123\n"), ("odd-digits", b"smb-session 0x1 abc\n"),
                       ("utf8-that-is-none", b"nt-password alice \xed\xa0\x80 \xf4\x90\x80\x80 \xc1\xbf \xe0\x80\x80 \xf8\n"),
                       ("letters-behind-the-last-capital", "nt-hash \uFFE6\uFF5A@\uFFFC 0123456789abcdef0123456789abcdef\n".encode()),
                       ("astral-password", "nt-password alice \U0001F511 \uE000\n".encode()),
                       ("unknown-word", b"\n\nkey 1 2\n"), ("no-value", b"nt-password alice\n"), ("not-utf8", b"\xff\xfe\n")):
        yield name, line


def captures():
    for name in ("smb2-transceive-level0", "file-pcap-nanosecond", "file-pcap-cut-mid-record", "file-pcapng-two-interfaces",
                 "link-sll2", "bigendian-level1"):
        yield name, capture_path(name).read_bytes()
    small = capture_path("smb2-transceive-level0").read_bytes()
    yield "gzip", gzip.compress(small, mtime=0)
    yield "gzip-cut", gzip.compress(small, mtime=0)[:-20]
    yield "pcap-big-endian-empty", struct.pack(">IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, 1)
    yield "pcap-huge-record", struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, 1) + b"\xff" * 16


def seeds(binary):
    for name in WHOLE_CAPTURES:
        if not capture_path(name).with_suffix(".keys").exists():
            yield "end_to_end", name, packets.padded(as_packets(capture_path(name)), packets.DOCUMENTS_UNIT)
        else:
            options = packets.EVERY_VERDICT | packets.WITH_KEYS
            yield "end_to_end", name + "-with-keys", as_packets(capture_path(name), options)
    for name, data in (*packets.seeds(), *rpc.conversations()):
        yield "end_to_end", name, data
    yield "end_to_end", "smb2-answer-compressed-in-an-unknown-way", channels.compressed_answer()
    for name in COLUMNS:
        yield "end_to_end", "column-" + name.replace(".", "-"), name.encode()
    for name, data in (*rpc.streams(), *rpc.associations_at_once()):
        yield "rpc_pdus", name, data
    for name, data in rules.seeds():
        yield "call_pair_rules", name, data
    for name, data in stubs.seeds():
        yield "stub_roundtrip", name, data
    for name in ETHERNET_CAPTURES:
        path = capture_path(name)
        if not name.startswith("tcp-"):
            yield ("smb1" if name.startswith("smb1") else "smb2"), name, as_streams(path)
    for target, name in (("smb1", "smb1-transact-all-levels-rpcclient"), ("smb2", "smb2-transceive-level0")):
        for how, spoil in (("cut-short", smb.cuts), ("bent", smb.bent)):
            for message, data in smb.spoiled(streams(capture_path(name)), spoil):
                yield target, f"{how}-{message}", data
    yield "smb1", "commands-of-lan-manager", smb.smb1_of_old(
        streams(capture_path("smb1-writeandx-readandx-impacket")), wire.request(9))
    for name, data in channels.sessions():
        yield "smb2", name, data
    for name, data in compressed.seeds(streams(capture_path("smb2-transceive-level0"))):
        yield "smb2", name, data
    for name, data in stub_pairs(binary):
        yield "call_pair_rules", name, data
        yield "c_abi", name, data
    for target, made in (("report_page", reports()), ("tcp_stream", tcp_segments()), ("ip_defrag", ip_fragments()),
                         ("keys_file", keys()), ("capture_file", captures())):
        for name, data in made:
            yield target, name, data


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sessenum", type=pathlib.Path)
    parser.add_argument("--check", action="store_true")
    args = parser.parse_args()
    bad = []
    sizes = {}
    for target, name, data in seeds(str(args.sessenum.resolve())):
        assert re.fullmatch(r"[A-Za-z0-9_-]+", name), name
        path = CORPUS / target / "seed" / name
        sizes[target] = sizes.get(target, 0) + len(data)
        if args.check:
            if not path.exists() or path.read_bytes() != data:
                bad.append(str(path.relative_to(TOP)))
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
    bad += [f"{target}: {size} bytes of seeds" for target, size in sizes.items() if size > MOST_BYTES]
    for line in bad:
        print(line)
    print(f"{len(sizes)} targets, {sum(sizes.values())} bytes of seeds")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
