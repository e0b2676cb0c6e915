#!/usr/bin/python3
"""The Wireshark plugin in tshark, as a user who is not root.

usage: wireshark_test.py --plugin SESSENUM.SO [--preload LIBRARIES] [--update] [TEST ...]

--preload   what a plugin built with a sanitizer needs to be loaded into a tshark that was not
--update    writes the goldens of dissector/wireshark/testdata/ anew
"""
import argparse
import io
import json
import pathlib
import re
import struct
import sys
import tempfile
import unittest

import capture_file
import wire
import wireshark
import wireshark_forms

TOP = pathlib.Path(__file__).resolve().parent.parent
PCAPS = TOP / "pcaps"
README = TOP / "README.md"
GOLDENS = TOP / "dissector" / "wireshark" / "testdata"
OPTIONS = None
NDR64 = bytes.fromhex("33057171babe37498319b5dbef9ccc36") + struct.pack("<I", 1)

# Each wire form, and each thing that can be wrong with a message, once.
GOLDEN_CAPTURES = [
    "smb2-transceive-level10.pcapng", "ndr64-samba-level502.pcapng", "bigendian-level1.pcapng", "bigendian-ndr64.pcap",
    "bigendian-response-little-request.pcap", "ndr64-one-context-two-syntaxes.pcapng", "bigendian-fragmented.pcap",
    "broken-req-switch_mismatch.pcap", "broken-resp-truncated_mid_entry.pcap", "broken-resp-huge_maxcount.pcap",
    "broken-req-trailing_bytes.pcap", "smb1-transact-all-levels-rpcclient.pcap",
]
# Captures in which every filter of the README finds something.
FILTERED = ["smb2-transceive-all-levels-rpcclient.pcap", "ndr64-windows-like-bind-all-levels.pcapng",
            "real-smbd-access-denied.pcapng", "smb2-paging-level502-impacket.pcapng", "smb2-qualifiers.pcapng",
            "violation-total-lt-entriesread.pcapng", "real-smbd-qualifiers.pcapng"]
# Messages of a capture that Wireshark does not hand over, or not whole, and why.
NOT_HANDED_OVER = {
    "file-pcap-snaplen-300.pcap": (2, "SMB2 is not reassembled from packets that were cut"),
    "tcp-gap-lost-request.pcap": (1, "no response is handed over without its request"),
    "tcp-segments-7-bytes.pcap": (10, "the framing of SMB2 is not found in segments shorter than its header"),
    "multi-tcp-pipelined-with-object-uuid.pcap": (0, "fragments of one request in one packet are not put together"),
}
# Wireshark puts segments into order where it is told to; then what is lost hides all that follows.
OUT_OF_ORDER = {"tcp-out-of-order.pcap": ["-o", "tcp.reassemble_out_of_order:TRUE"]}


def goldens_of(capture):
    lines = (PCAPS / (pathlib.Path(capture).stem + ".json")).read_text(encoding="utf-8").splitlines()
    return [line for line in map(json.loads, lines) if line["type"] == "call"]


def captures():
    return sorted(path for path in PCAPS.iterdir() if path.suffix in (".pcap", ".pcapng"))


def keys_of(capture):
    """Wireshark's own options for the keys of a capture; None where it takes no such keys."""
    keys = capture.with_suffix(".keys")
    options = []
    for line in keys.read_text().splitlines() if keys.exists() else ():
        kind, *rest = line.split()
        if kind == "smb-session":
            options += ["-o", f'uat:smb2_seskey_list:{rest[0].lower()},{rest[1].lower()},"",""']
        elif kind == "nt-password":
            options += ["-o", f"ntlmssp.nt_password:{rest[1]}"]
    return options


def expected_of(call, kind):
    """A message of the command line's golden, without what only the command line tells."""
    message = call[kind]
    if message is None or "level" not in message:
        return None
    names = ("server_name", "client_name", "user_name", "level", "container", "preferred_maximum_length",
             "total_entries", "resume_handle", "status")
    return {name: message[name] for name in names if name in message}


def unescaped(value):
    """The library writes what could steer a terminal as escapes."""
    if isinstance(value, dict):
        return {name: unescaped(each) for name, each in value.items()}
    if isinstance(value, list):
        return [unescaped(each) for each in value]
    if not isinstance(value, str):
        return value
    return re.sub(r"\\(?:x([0-9a-f]{2})|u([0-9a-f]{4}))", lambda found: chr(int(found[1] or found[2], 16)), value)


def places(node):
    """The layer, with of what is raw only the bytes and their place: the rest is numbers of a version's own."""
    if isinstance(node, list):
        return [places(each) for each in node]
    if not isinstance(node, dict):
        return node
    def raw(value):
        return [raw(each) for each in value] if isinstance(value[0], list) else " ".join(map(str, value[:3]))
    return {key: raw(value) if key.endswith("_raw") else places(value) for key, value in node.items()
            if key != "_ws.expert.group"}


def raw_nodes(node):
    """(name, shown, bytes) of each field that has bytes of its own."""
    for key, value in node.items() if isinstance(node, dict) else ():
        if key.endswith("_raw") and key.startswith("sessenum."):
            shown = wireshark.many(node.get(key[:-4]))
            # One entry is [hex, position, length, mask, type]; several are a list of such.
            entries = value if value and isinstance(value[0], list) else [value]
            for each, entry in zip(shown, entries):
                yield key[len("sessenum."):-4], each, bytes.fromhex(entry[0])
        for inner in wireshark.many(value):
            yield from raw_nodes(inner)


def without(node, *names):
    if isinstance(node, dict):
        return {key: without(value, *names) for key, value in node.items() if key not in names}
    return [without(value, *names) for value in node] if isinstance(node, list) else node


class PluginTest(unittest.TestCase):
    maxDiff = 4_000

    @classmethod
    def setUpClass(cls):
        cls.tshark = wireshark.Session(OPTIONS.plugin, OPTIONS.preload)
        cls.addClassCleanup(cls.tshark.close)

    def layers(self, name, *options, **how):
        return self.tshark.layers(PCAPS / name, *options, **how)

    def written(self, content):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        path = pathlib.Path(folder.name) / f"{self.id().rpartition('.')[2]}.pcap"
        path.write_bytes(content)
        return path

    def test_agrees_with_the_command_line_on_every_capture(self):
        for capture in captures():
            with self.subTest(capture.name):
                self.agree(capture)

    def agree(self, capture):
        calls = goldens_of(capture)
        unseen = {(kind, frame) for call in calls for kind in ("request", "response") if expected_of(call, kind)
                  for frame in call[f"{kind}_frames"][-1:]}
        allowed, _ = NOT_HANDED_OVER.get(capture.name, (0, ""))
        is_whole = capture.name not in NOT_HANDED_OVER
        for frame, layer in self.tshark.layers(capture, *OUT_OF_ORDER.get(capture.name, ()), *keys_of(capture)):
            for kind, read in (("request", wireshark.request_of), ("response", wireshark.response_of)):
                told = read(layer)
                if told is None:
                    continue
                wanted = [expected_of(call, kind) for call in calls if frame in call[f"{kind}_frames"]]
                wanted = [{name: value for name, value in each.items() if name in told} for each in wanted if each]
                shown = {name: value for name, value in told.items() if not wanted or name in wanted[0]}
                if not is_whole and shown not in wanted:
                    continue
                self.assertIn(unescaped(shown), wanted, f"frame {frame}")
                unseen -= {(kind, each) for call in calls if frame in call[f"{kind}_frames"]
                           for each in call[f"{kind}_frames"]}
        self.assertEqual(len(unseen), allowed, f"not handed over: {sorted(unseen)}")

    def test_goldens(self):
        for name in GOLDEN_CAPTURES:
            with self.subTest(name):
                shown = json.dumps([{"frame": frame, **places(layer)} for frame, layer in self.layers(name)], indent=1,
                                   ensure_ascii=False) + "\n"
                golden = GOLDENS / (name + ".json")
                if OPTIONS.update:
                    golden.write_text(shown, encoding="utf-8")
                self.assertEqual(shown, golden.read_text(encoding="utf-8"))

    def test_two_passes_tell_the_same_and_know_the_response(self):
        for name in ("ndr64-windows-like-bind-all-levels.pcapng", "bigendian-fragmented.pcap"):
            once, twice = self.layers(name), self.layers(name, "-2")
            self.assertEqual(once, [(frame, without(layer, "sessenum.response_in")) for frame, layer in twice])
            requests = [layer for _, layer in twice if "sessenum.request" in layer]
            self.assertTrue(requests)
            self.assertTrue(all("sessenum.response_in" in layer for layer in requests))

    def test_every_field_lies_over_its_own_bytes(self):
        seen = set()
        for name in GOLDEN_CAPTURES[:7]:
            for _, layer in self.layers(name):
                little = self.is_little(layer)
                for field, shown, data in raw_nodes(layer):
                    if not isinstance(shown, str) or field in ("transfer_syntax", "null", "rule", "rule.verdict"):
                        continue
                    if re.fullmatch(r"(0x[0-9a-f]+|\d+)", shown) and len(data) in (4, 8):
                        self.assertEqual(int(shown, 0), int.from_bytes(data, "little" if little else "big"), (name, field))
                    elif len(data) % 2 == 0 and data:
                        units = data.decode("utf-16-le" if little else "utf-16-be")
                        self.assertEqual(units.split("\0")[0], shown, (name, field))
                    seen.add(field)
        for field in ("server_name", "level", "discriminant", "container.entries_read", "session.cname", "session.time",
                      "session.num_opens", "session.transport", "preferred_maximum_length", "status", "referent",
                      "actual_count", "resume_handle", "total_entries"):
            self.assertIn(field, seen)

    def is_little(self, layer):
        message = layer.get("sessenum.request") or layer.get("sessenum.response")
        data = bytes.fromhex(message["sessenum.level_raw"][0])
        return int.from_bytes(data, "little") == int(message["sessenum.level"])

    def test_disabled_it_leaves_everything_to_wireshark(self):
        for name in ("smb2-transceive-level10.pcapng", "ndr64-samba-level502.pcapng"):
            for form in (["-V"], ["-T", "json", "-x"], []):
                off = self.tshark.run(PCAPS / name, "--disable-protocol", "sessenum", *form)
                self.assertEqual(off, self.tshark.run(PCAPS / name, *form, with_plugin=False), (name, form))

    def test_other_operations_are_shown_as_without_it(self):
        shown = 0
        for name in ("other-opnum-on-srvsvc.pcap", "smb2-transceive-level10.pcapng", "tcp-noauth-samba-ndr64.pcapng"):
            frames = {frame for frame, _ in self.layers(name)}
            others = " && ".join(["srvsvc", *(f"frame.number != {frame}" for frame in frames)])
            for form in (["-V"], ["-T", "json", "-x"], ["-T", "pdml"]):
                outputs = [re.sub(r'(creator|time)="[^"]*"', "", self.tshark.run(PCAPS / name, "-Y", others, *form,
                                                                               with_plugin=with_plugin))
                           for with_plugin in (True, False)]
                self.assertEqual(outputs[0], outputs[1], (name, form))
                shown += len(outputs[0]) > 1_000
        self.assertGreaterEqual(shown, 3)

    def test_the_syntax_that_fits_is_taken_where_the_bind_misleads(self):
        """One context offers NDR and NDR64, and the answer takes NDR: Wireshark takes what was listed last."""
        out = io.BytesIO()
        connection = wire.Connection(wire.PcapWriter(out))
        item = struct.pack("<HBx", 0, 2) + wire.SRVSVC + wire.NDR + NDR64
        connection.ask(wire.pdu(11, 1, struct.pack("<HHIBxxx", 4280, 4280, 0, 1) + item))
        connection.tell(wire.bind_ack())
        connection.ask(wire.request(2))
        connection.tell(wire.response(2))
        capture = self.written(out.getvalue())
        text = self.tshark.run(capture, "-V", "-Y", "sessenum.other_syntax")
        self.assertIn("in the transfer syntax that Wireshark took from the bind it makes no sense", text)
        story = self.tshark.run(capture, "-Y", "sessenum")
        self.assertIn("NetrSessionEnum level 10 -> 0 sessions", story)

    def test_what_is_encrypted_is_shown_with_wiresharks_own_keys(self):
        name = "smb3-encrypted-ndr64-windows-like.pcapng"
        self.assertEqual(self.layers(name), [])
        self.assertTrue(self.layers(name, *keys_of(PCAPS / name)))

    def test_info_column_tells_the_story(self):
        text = self.tshark.run(PCAPS / "smb2-transceive-level10.pcapng", "-Y", "sessenum")
        self.assertIn("NetrSessionEnum level 10 -> 4 sessions", text)

    def test_findings_are_expert_items_by_severity(self):
        capture = PCAPS / "violation-total-lt-entriesread.pcapng"
        text = self.tshark.run(capture, "-V", "-Y", "sessenum.violation")
        self.assertRegex(text, r"\[Expert Info \(Error/Protocol\): S4: ")
        self.assertRegex(self.tshark.run(capture, "-q", "-z", "expert"), r"Errors \(1\)(.|\n)*sessenum +S4: ")
        text = self.tshark.run(PCAPS / "violation-idle-gt-time.pcapng", "-V", "-Y", 'sessenum.rule == "T3"')
        self.assertRegex(text, r"\[Expert Info \(Note/Protocol\): T3: ")

    def test_preferences(self):
        name = "smb2-transceive-level10.pcapng"
        both = self.tshark.run(PCAPS / name, "-V", "-Y", "sessenum", "-o", "sessenum.show_builtin:TRUE")
        self.assertIn("Pointer to Server Unc", both)
        self.assertNotIn("Pointer to Server Unc", self.tshark.run(PCAPS / name, "-V", "-Y", "sessenum"))
        bare = self.tshark.run(PCAPS / name, "-V", "-Y", "sessenum", "-o", "sessenum.show_wire_form:FALSE")
        self.assertNotIn("Actual count", bare)
        every = self.tshark.run(PCAPS / name, "-V", "-Y", "sessenum", "-o", "sessenum.all_verdicts:TRUE")
        self.assertIn("(pass)", every)

    def test_tens_of_thousands_of_sessions_are_counted_and_not_all_shown(self):
        out = io.BytesIO()
        writer = wire.PcapWriter(out)
        count = 20_000
        stub = level0_response(count)
        connection = wire.bound(writer)
        connection.ask(wire.request(2))
        connection.tell(wire.fragments(wire.response, 2, stub, 5_000))
        capture = self.written(out.getvalue())
        layers = self.tshark.layers(capture)
        message = [layer for _, layer in layers if "sessenum.response" in layer][0]
        self.assertEqual(message["sessenum.session_count"], str(count))
        container = message["sessenum.response"]["sessenum.container"]
        self.assertEqual(len(container["sessenum.container.sessions"]["sessenum.session"]), 1_000)
        text = self.tshark.run(capture, "-Y", "sessenum.sessions_left_out", "-V")
        self.assertIn("19000 of 20000 sessions are not shown", text)
        text = self.tshark.run(capture, "-Y", "sessenum.session_count", "-o", "sessenum.most_sessions:0", "-V")
        self.assertIn("Session 19999: a19999", text)

    def test_each_filter_of_the_readme_shows_something(self):
        filters = re.findall(r"^\| `(sessenum[^`]*)` \|", README.read_text(encoding="utf-8"), re.MULTILINE)
        self.assertGreater(len(filters), 10)
        left = list(filters)
        for name in FILTERED:
            left = [each for each in left if not self.tshark.run(PCAPS / name, "-Y", each)]
        self.assertEqual(left, [])

    def test_the_readmes_table_is_what_is_so(self):
        version = wireshark.version_of()
        head = next(line for line in README.read_text(encoding="utf-8").splitlines() if line.startswith("| Wire form"))
        columns = [cell.strip() for cell in head.strip("|").split("|")]
        if f"{version} alone" not in columns:
            self.skipTest(f"the table does not tell of {version}")
        at = columns.index(f"{version} alone")
        for row in wireshark_forms.rows(OPTIONS.plugin, OPTIONS.preload):
            line = next(each for each in README.read_text(encoding="utf-8").splitlines() if each.startswith(f"| {row[0]} |"))
            cells = [cell.strip() for cell in line.strip("|").split("|")]
            self.assertEqual(cells[at:at + 2], list(row[1:]))

    def test_damaged_stubs_are_shown_as_far_as_they_go(self):
        packets = capture_file.read_packets((PCAPS / "tcp-noauth-all-levels-impacket.pcap").read_bytes())
        for cut in (30, 100, 180):
            shorter = [packet.with_data(packet.data[:54 + cut], len(packet.data)) for packet in packets]
            capture = self.written(capture_file.write_pcap(shorter))
            self.tshark.run(capture, "-V")


def level0_response(count):
    """Level 0: `count` clients "a0", "a1" and so on."""
    def u32(*values):
        return b"".join(value.to_bytes(4, "little") for value in values)
    strings = b""
    for index in range(count):
        units = f"a{index}\0".encode("utf-16-le")
        strings += u32(len(units) // 2, 0, len(units) // 2) + units + b"\0" * (-len(units) % 4)
    pointers = u32(*(0x20008 + 4 * index for index in range(count)))
    return u32(0, 0, 0x20000, count, 0x20004, count) + pointers + strings + u32(count, 0, 0)


def main():
    global OPTIONS
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--plugin", required=True, type=pathlib.Path)
    parser.add_argument("--preload", default="")
    parser.add_argument("--update", action="store_true")
    parser.add_argument("tests", nargs="*")
    OPTIONS = parser.parse_args()
    GOLDENS.mkdir(exist_ok=True)
    unittest.main(argv=[sys.argv[0], *OPTIONS.tests])


if __name__ == "__main__":
    main()
