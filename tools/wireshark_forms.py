#!/usr/bin/python3
"""How this Wireshark shows NetrSessionEnum by itself and with the plugin, by wire form: rows for the README's table.

usage: wireshark_forms.py --plugin SESSENUM.SO

"right": no error is shown, and every level, name and status of the messages stands in the tree. "malformed": Wireshark
says so, or "Long frame". "wrong": neither.
"""
import argparse
import json
import pathlib
import re

import wireshark

PCAPS = pathlib.Path(__file__).resolve().parent.parent / "pcaps"
FORMS = [
    ("NDR, little-endian", "smb2-transceive-level10.pcapng"),
    ("NDR, big-endian", "bigendian-level502.pcapng"),
    ("NDR64, little-endian (Windows)", "ndr64-windows-like-bind-all-levels.pcapng"),
    ("NDR64, big-endian", "bigendian-ndr64.pcap"),
    ("NDR and NDR64 in one bind", "ndr64-one-context-two-syntaxes.pcapng"),
    ("big-endian answer to a little-endian request", "bigendian-response-little-request.pcap"),
    ("big-endian, in fragments", "bigendian-fragmented.pcap"),
]
BROKEN = re.compile(r"Malformed Packet|Long frame|Dissector bug")


def words_of(message):
    """What must stand in the tree of a message."""
    yield str(message["level"])
    for name in ("server_name", "client_name", "user_name"):
        if message.get(name):
            yield message[name]
    for session in (message.get("container") or {}).get("sessions") or ():
        yield from (value for value in session.values() if isinstance(value, str) and value)


def judge(tshark, name, with_plugin):
    frames = {}
    for line in (PCAPS / (pathlib.Path(name).stem + ".json")).read_text(encoding="utf-8").splitlines():
        call = json.loads(line)
        for kind in ("request", "response"):
            if call.get(kind):
                frames[call[kind + "_frames"][-1]] = call[kind]
    for frame, message in frames.items():
        shown = tshark.run(PCAPS / name, "-V", "-Y", f"frame.number == {frame}", with_plugin=with_plugin)
        tree = shown[shown.index("Server Service"):] if "Server Service" in shown else ""
        if BROKEN.search(tree):
            return "malformed"
        if not tree or not re.search(rf"Level: [^\n]*\b{message['level']}\b", tree):
            return "wrong"
        if not all(word in tree for word in words_of(message)):
            return "wrong"
    return "right"


def rows(plugin, preload=""):
    tshark = wireshark.Session(plugin, preload)
    try:
        return [(form, judge(tshark, name, False), judge(tshark, name, True)) for form, name in FORMS]
    finally:
        tshark.close()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--plugin", required=True, type=pathlib.Path)
    version = wireshark.version_of()
    print(f"| Wire form | {version} alone | {version} with the plugin |\n|---|---|---|")
    for row in rows(parser.parse_args().plugin):
        print("| " + " | ".join(row) + " |")


if __name__ == "__main__":
    main()
