#!/usr/bin/python3
"""Compares the program with tshark on pcaps/: how many requests there are, and every field of every message.

usage: tshark_differential_test.py --sessenum PROGRAM [CAPTURE...]
       tshark_differential_test.py --self-test

For each capture, the requests of opnum 12 that tshark sees must be those that are printed. Each message that both see
must say the same: names, level, entries with all their fields, counts, resume handle, status. Where tshark is known to
be wrong or blind, the capture or the form stands below with the reason; one that no longer differs fails the test, so
that the list stays true. Strings are compared by the bytes that tshark attributes to them, not by how it prints them.

Written for Debian 12's tshark 4.0. Exit status 77, with a message, where another version, or none, is installed.
"""
import argparse
import collections
import concurrent.futures
import functools
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import xml.etree.ElementTree

TOP = pathlib.Path(__file__).resolve().parent.parent
PCAPS = TOP / "pcaps"
SKIPPED = 77
VERSION = "4.0."
REQUEST, RESPONSE = 0, 2
FIELD = "srvsvc.srvsvc_NetSessEnum."

# Forms that tshark 4.0 gets wrong, as they show in a line of ours.
WRONG_FORMS = {
    "ndr64": "reads Level and the union as two parameters aligned to 4 bytes; MS-SRVS has one struct, aligned to 8",
    "union contradicts Level": "reads the arm of the union; whatever stands behind it does not fit",
}
# Messages that tshark does not decode, or not to their end, by capture: call id and message.
CUT = "does not decode what the capture has of a PDU"
ENTRIES = "shows entries until the bytes end; we refuse a count for which there are too few"
ALTERNATING = "joins the fragments of two calls that alternate in one packet"
COMPRESSED = "does not unpack this form of compression"
REASSEMBLY = "does not reassemble PDUs of RPC over TCP whose first segment is shorter than their header"
WRONG_MESSAGES = {
    "broken-resp-huge_maxcount.pcap": {(2, "response"): ENTRIES},
    "broken-resp-truncated_mid_entry.pcap": {(2, "response"): ENTRIES},
    "file-pcap-snaplen-300.pcap": {(2, "request"): CUT, (2, "response"): CUT},
    "multi-tcp-pipelined-with-object-uuid.pcap": {
        (5, "request"): ALTERNATING, (6, "request"): ALTERNATING},
    "smb311-compressed-chained-lz77.pcap": {(2, "request"): COMPRESSED, (2, "response"): COMPRESSED},
    "smb311-compressed-lznt1.pcap": {(2, "request"): COMPRESSED, (2, "response"): COMPRESSED},
    "tcp-gap-lost-request.pcap": {(2, "response"): "does not decode a response without its request"},
    "tcp-segments-7-bytes.pcap": {(call_id, name): REASSEMBLY for call_id in (1, 2, 3, 4, 5)
                                  for name in ("request", "response")},
}
# tshark puts segments in order only where it is told to; then it waits for lost ones to the end of the capture.
OUT_OF_ORDER = {"tcp-out-of-order.pcap"}
# Requests of opnum 12: how many tshark sees, how many we do, and why.
COUNTS = {
    "file-pcap-snaplen-200.pcap": (0, 5, "the opnum is cut off: we print what may be a call"),
    "smb311-compressed-chained-lz77.pcap": (0, 1, COMPRESSED),
    "smb311-compressed-lznt1.pcap": (0, 1, COMPRESSED),
    "tcp-segments-7-bytes.pcap": (0, 5, REASSEMBLY),
}


# --- what tshark sees ------------------------------------------------------------------------------------------------

class Message:
    """A request or response as tshark has it; `fields` is None where it did not decode the stub."""

    def __init__(self, frame, kind, call_id, is_first):
        self.frame, self.kind, self.call_id, self.is_first = frame, kind, call_id, is_first
        self.fields = None


def shown(node, name):
    """The `show` of the one field `name` in `node`, or None."""
    found = [field for field in node.iter("field") if field.get("name") == name]
    return found[0].get("show") if found else None


def number(node, name):
    text = shown(node, name)
    return None if text is None else int(text, 0)


def raw(node, name):
    """The bytes of the one field `name` in `node`, or None."""
    found = [field for field in node.iter("field") if field.get("name") == name]
    return bytes.fromhex(found[0].get("value") or "") if found else None


def string(node, name, order):
    """A string by its bytes; None for a NULL pointer."""
    data = raw(node, name)
    if data is None:
        return None
    text = data.decode("utf-16-" + order, "replace")
    return text[:-1] if text.endswith("\0") else text


def flags(node, name, order):
    """By its bytes: tshark shows bit fields in little-endian order, whatever theirs is."""
    data = raw(node, name)
    return None if data is None else int.from_bytes(data, "little" if order == "le" else "big")


STRINGS = {"cname": "client", "username": "user", "cltype_name": "client_type", "transport": "transport"}
NUMBERS = {"num_opens": "num_open", "time": "time", "idle_time": "idle_time"}
OF_LEVEL = {0: ["cname"], 1: ["cname", "username", "num_opens", "time", "idle_time", "user_flags"],
            2: ["cname", "username", "num_opens", "time", "idle_time", "user_flags", "cltype_name"],
            10: ["cname", "username", "time", "idle_time"],
            502: ["cname", "username", "num_opens", "time", "idle_time", "user_flags", "cltype_name", "transport"]}


def session(node, level, order):
    prefix = f"srvsvc.srvsvc_NetSessInfo{level}."

    def value(name):
        if name in STRINGS:
            return string(node, prefix + STRINGS[name], order)
        return flags(node, prefix + name, order) if name == "user_flags" else number(node, prefix + NUMBERS[name])

    return {name: value(name) for name in OF_LEVEL[level]}


def container(node, level, order):
    if level not in OF_LEVEL or number(node, f"srvsvc.srvsvc_NetSessCtr{level}.count") is None:
        return None
    array = [field for field in node.iter("field") if field.get("name") == f"srvsvc.srvsvc_NetSessCtr{level}.array"]
    pointer = [field for field in node.iter("field") if (field.get("show") or "").startswith("Pointer to Array")]
    return {"entries_read": number(node, f"srvsvc.srvsvc_NetSessCtr{level}.count"),
            "sessions": [session(entry, level, order) for entry in array] if pointer else None}


def fields_of(node, kind, order):
    level = number(node, FIELD + "level")
    fields = {"level": level, "container": container(node, level, order),
              "resume_handle": number(node, FIELD + "resume_handle")}
    if kind == REQUEST:
        fields["server_name"] = string(node, FIELD + "server_unc", order)
        fields["client_name"] = string(node, FIELD + "client", order)
        fields["user_name"] = string(node, FIELD + "user", order)
        fields["preferred_maximum_length"] = number(node, FIELD + "max_buffer")
    else:
        fields["total_entries"] = number(node, FIELD + "totalentries")
        fields["status"] = number(node, "srvsvc.werror")
    return fields


def messages_in(packet):
    frame = int(shown(packet, "num"))
    message, order = None, "le"
    for proto in packet.iter("proto"):
        if proto.get("name") == "dcerpc":
            kind, marks = number(proto, "dcerpc.pkt_type"), number(proto, "dcerpc.cn_flags")
            message = None
            if kind in (REQUEST, RESPONSE) and number(proto, "dcerpc.opnum") == 12:
                message = Message(frame, kind, number(proto, "dcerpc.cn_call_id"), bool(marks & 1))
                order = "le" if number(proto, "dcerpc.drep.byteorder") == 1 else "be"
                yield message
        elif proto.get("name") == "srvsvc" and message is not None:
            message.fields = fields_of(proto, message.kind, order)


def ask_tshark(capture):
    command = ["tshark", "-n", "-r", str(capture), "-Y", "dcerpc.opnum == 12", "-T", "pdml", "-J", "dcerpc srvsvc"]
    if capture.name in OUT_OF_ORDER:
        command += ["-o", "tcp.reassemble_out_of_order:TRUE"]
    done = subprocess.run(command, capture_output=True, timeout=300,
                          env={**os.environ, "HOME": "/nonexistent", "LC_ALL": "C.UTF-8"})
    if not done.stdout.rstrip().endswith(b"</pdml>"):
        sys.exit(f"tshark failed on {capture.name}: {done.stderr.decode('utf-8', 'replace')}")
    tree = xml.etree.ElementTree.fromstring(done.stdout)
    return [message for packet in tree.iter("packet") for message in messages_in(packet)]


# --- what we see -----------------------------------------------------------------------------------------------------

def ask_sessenum(program, capture):
    done = subprocess.run([program, "replay", "--format", "ndjson", str(capture)], capture_output=True, timeout=300)
    records = [json.loads(line) for line in done.stdout.decode("utf-8").splitlines()]
    return [record for record in records if record["type"] == "call"]


def wrong_form(call, ours):
    """Why tshark cannot be right about this message of ours, or None."""
    if call["transfer_syntax"] == "ndr64":
        return "ndr64"
    if any(finding["rule"] == "G5-level-mismatch" for finding in call["findings"]):
        return "union contradicts Level"
    return None


def differences(ours, theirs):
    for key, their in theirs.items():
        if ours[key] != their:
            yield f"{key}: {ours[key]!r}, tshark has {their!r}"


# --- comparing -------------------------------------------------------------------------------------------------------

class Comparison:
    def __init__(self):
        self.problems = {}  # by call id and message
        self.compared = 0
        self.forms = collections.Counter()  # messages of WRONG_FORMS that differ


def compare_message(call, name, message, comparison):
    """`name` is "request" or "response"; `message` is what tshark has of it, or None."""
    ours = call[name]
    if ours is None:
        return
    form = wrong_form(call, ours)
    found = ["tshark does not decode it"] if message is None or message.fields is None else [
        *differences(ours, message.fields)]
    if form is not None:
        comparison.forms[form] += bool(found)
        return
    comparison.compared += not found
    if found:
        where = f"call {call['call_id']}, packets {call[name + '_frames'][:9]}, {name}"
        comparison.problems[call["call_id"], name] = [f"{where}: {problem}" for problem in found]


def find_message(messages, kind, call_id, frames):
    """What tshark has of a message, which stands in the packet that ends it."""
    found = [m for m in messages if (m.kind, m.call_id) == (kind, call_id) and m.frame in frames]
    decoded = [m for m in found if m.fields is not None]
    return (decoded or found or [None])[-1]


def compare(calls, messages):
    comparison = Comparison()
    for call in calls:
        for name, kind in (("request", REQUEST), ("response", RESPONSE)):
            message = find_message(messages, kind, call["call_id"], call[name + "_frames"])
            compare_message(call, name, message, comparison)
    return comparison


def count_of(calls, messages):
    theirs = sum(message.kind == REQUEST and message.is_first for message in messages)
    return theirs, sum(bool(call["request_frames"]) for call in calls)


def judge(name, calls, messages):
    comparison = compare(calls, messages)
    theirs, ours = count_of(calls, messages)
    known = COUNTS.get(name)
    if known is None and theirs != ours:
        yield f"tshark sees {theirs} requests of opnum 12, we {ours}"
    if known is not None and known[:2] != (theirs, ours):
        yield f"tshark sees {theirs} requests of opnum 12, we {ours}; known is {known}"
    expected = WRONG_MESSAGES.get(name, {})
    for message, problems in comparison.problems.items():
        if message not in expected:
            yield from problems
    for message in expected.keys() - comparison.problems.keys():
        yield f"{message} is known to differ, and does not: {expected[message]}"


def try_one(program, capture):
    calls, messages = ask_sessenum(program, capture), ask_tshark(capture)
    comparison = compare(calls, messages)
    return list(judge(capture.name, calls, messages)), comparison.compared, comparison.forms


def tshark_version():
    if shutil.which("tshark") is None:
        return None
    done = subprocess.run(["tshark", "--version"], capture_output=True, text=True)
    found = re.search(r"(\d+\.\d+\.\d+)", done.stdout)
    return found.group(1) if found else None


def run(program, names):
    version = tshark_version()
    if version is None or not version.startswith(VERSION):
        print(f"skipped: tshark {version or 'is not installed'}, {VERSION}x is asked for (Debian 12: tshark)")
        return SKIPPED
    captures = sorted(p for p in PCAPS.iterdir() if p.suffix in (".pcap", ".pcapng"))
    if names:
        captures = [capture for capture in captures if capture.stem in names or capture.name in names]
    failed = compared = 0
    forms = collections.Counter()
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        for capture, result in zip(captures, pool.map(functools.partial(try_one, program), captures)):
            problems, same, differing = result
            failed += bool(problems)
            compared += same
            forms += differing
            if problems:
                print("\n".join(f"{capture.name}: {problem}" for problem in problems[:6]))
                print(f"again: tools/tshark_differential_test.py --sessenum PROGRAM {capture.stem}")
    stale = [] if names else sorted((WRONG_MESSAGES.keys() | COUNTS.keys()) - {c.name for c in captures})
    stale += [] if names else [form for form in WRONG_FORMS if not forms[form]]
    print("\n".join(f"listed as known, and there is none: {what}" for what in stale))
    print(f"tshark {version}: {len(captures)} captures, {compared} messages the same, {failed} captures not; "
          f"not compared: {dict(forms)}")
    return 1 if failed or stale or not compared else 0


def self_test():
    """Fields that differ; a comparison that accepts all would accept these."""
    lines = (PCAPS / "smb2-transceive-level2.json").read_text(encoding="utf-8").splitlines()
    calls = [json.loads(line) for line in lines[:-1]]
    call = calls[0]

    def seen():
        request = Message(call["request_frames"][0], REQUEST, call["call_id"], True)
        response = Message(call["response_frames"][0], RESPONSE, call["call_id"], True)
        for message, ours in ((request, call["request"]), (response, call["response"])):
            fields = json.loads(json.dumps(ours))
            for key in ("byte_order", "fragments", "stub_size", "status_name"):
                fields.pop(key, None)
            message.fields = fields
        return [request, response]

    assert not list(judge("x", calls, seen())), list(judge("x", calls, seen()))
    tried = 0
    for index, message in enumerate(seen()):
        for key in message.fields:
            other = seen()
            other[index].fields[key] = "another"
            assert list(judge("x", calls, other)), f"{key} is not compared"
            tried += 1
    for number_of_session in range(4):
        for key in OF_LEVEL[2]:
            other = seen()
            other[1].fields["container"]["sessions"][number_of_session][key] = "another"
            assert list(judge("x", calls, other)), f"{key} is not compared"
            tried += 1
    assert list(judge("x", calls, seen()[1:])), "a request that tshark does not see is not noticed"
    assert list(judge("x", calls, seen() + seen()[:1])), "a request that we do not see is not noticed"
    undecoded = seen()
    undecoded[0].fields = None
    assert list(judge("x", calls, undecoded)), "a stub that tshark does not decode is not noticed"
    print(f"self-test passed, {tried} fields")
    return 0


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sessenum", type=os.path.abspath)
    parser.add_argument("--self-test", action="store_true")
    parser.add_argument("captures", nargs="*")
    options = parser.parse_args()
    if options.self_test:
        return self_test()
    if not options.sessenum:
        parser.error("--sessenum is needed")
    return run(options.sessenum, options.captures)


if __name__ == "__main__":
    sys.exit(main())
