#!/usr/bin/python3
"""Compares the codec with Samba's ndrdump, both ways.

usage: ndrdump_test.py --stub-tool FILE --testdata FOLDER

What the encoder writes, ndrdump must read as the values that were meant; in NDR it must also pack them again
(--validate, which Samba 4.17 cannot do for NDR64). What Samba packed, the decoder must read as ndrdump does. ndrdump
knows little-endian stubs alone. Exit status 77, with a message, where ndrdump is not installed.
"""
import argparse
import json
import pathlib
import shutil
import subprocess
import sys
import tempfile

SKIPPED = 77
RESULTS = {0: "WERR_OK", 5: "WERR_ACCESS_DENIED", 0xEA: "WERR_MORE_DATA"}
STRINGS = {"client", "user", "client_type", "transport"}
ORDER = ["client", "user", "num_open", "time", "idle_time", "user_flags", "client_type", "transport"]


def number(name, value):
    return [f"{name}: 0x{value:08x} ({value})"]


def pointer(name, value, shown):
    return [f"{name}: NULL"] if value is None else [f"{name}: *", *shown]


def string(name, value):
    return pointer(name, value, [f"{name}: '{value}'"])


def session(level, entry):
    lines = [f"array: struct srvsvc_NetSessInfo{level}"]
    for name in ORDER:
        if name in entry:
            lines += string(name, entry[name]) if name in STRINGS else number(name, entry[name])
    return lines


def info(level, count, entries):
    """`count` is None for a NULL container, `entries` for a NULL array."""
    array = [f"array: ARRAY({len(entries or [])})"]
    for entry in entries or []:
        array += session(level, entry)
    container = [f"ctr{level}: struct srvsvc_NetSessCtr{level}", *number("count", count or 0),
                 *pointer("array", entries, array)]
    return ["info_ctr: *", "info_ctr: struct srvsvc_NetSessInfoCtr", *number("level", level),
            f"ctr: union srvsvc_NetSessCtr(case {level})", *pointer(f"ctr{level}", count, container)]


def unique_number(name, value):
    return pointer(name, value, number(name, value) if value is not None else [])


def request_lines(v):
    ctr = v["info_ctr"]
    return ["srvsvc_NetSessEnum: struct srvsvc_NetSessEnum", "in: struct srvsvc_NetSessEnum",
            *string("server_unc", v["server_unc"]), *string("client", v["client"]), *string("user", v["user"]),
            *info(v["level"], ctr and ctr["count"], None), *number("max_buffer", v["max_buffer"]),
            *unique_number("resume_handle", v["resume_handle"])]


def response_lines(v):
    entries = v["entries"]
    return ["srvsvc_NetSessEnum: struct srvsvc_NetSessEnum", "out: struct srvsvc_NetSessEnum",
            *info(v["level"], None if entries is None else len(entries), None if v["array_null"] else entries),
            "totalentries: *", *number("totalentries", v["totalentries"]),
            *unique_number("resume_handle", v["resume_handle"]), f"result: {RESULTS[v['result']]}"]


def normal(line):
    name, colon, value = line.strip().partition(":")
    return f"{name.strip()}: {value.strip()}" if colon else line.strip()


def ndrdump(path):
    """The lines that ndrdump prints of the message, or a message why it refuses."""
    direction = path.name.split("_")[0]
    wide = path.name.endswith("_ndr64.bin")
    command = ["ndrdump", "srvsvc", "srvsvc_NetSessEnum", direction, str(path), "--ndr64" if wide else "--validate"]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8")
    lines = [normal(line) for line in done.stdout.splitlines()]
    if done.returncode != 0 or lines[:1] != ["pull returned Success"] or lines[-1:] != ["dump OK"]:
        return None, f"ndrdump refuses it: {done.stdout}{done.stderr}"
    checks = [line for line in lines if " returned " in line]
    if checks != ["pull returned Success"] + ([] if wide else ["push returned Success", "pull returned Success"]):
        return None, f"ndrdump says {checks}"
    loose = [line for line in done.stdout.splitlines() + done.stderr.splitlines()
             if "unread" in line or "WARNING" in line or "mismatch" in line.lower()]
    if loose:
        return None, f"ndrdump says {loose}"
    return [line for line in lines[1:-1] if " returned " not in line], None


def compare(path, values):
    lines, refusal = ndrdump(path)
    if refusal:
        return [f"{path.name}: {refusal}"]
    expected = request_lines(values) if path.name.startswith("in_") else response_lines(values)
    for ours, theirs in zip(expected + [None], lines + [None]):
        if ours != theirs:
            return [f"{path.name}: expected {ours!r}, ndrdump has {theirs!r}"]
    return []


def encoded_stubs(tool, folder):
    subprocess.run([tool, "encode", str(folder)], check=True)
    values = json.loads((folder / "values.json").read_text(encoding="utf-8"))
    return [(folder / entry["file"], entry) for entry in values]


def samba_stubs(tool, testdata):
    paths = sorted([*testdata.glob("*_le.bin"), *testdata.glob("*_ndr64.bin")])
    done = subprocess.run([tool, "decode", *map(str, paths)], check=True, capture_output=True, text=True,
                          encoding="utf-8")
    return [(pathlib.Path(entry["path"]), entry) for entry in map(json.loads, done.stdout.splitlines())]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--stub-tool", required=True)
    parser.add_argument("--testdata", required=True, type=pathlib.Path)
    options = parser.parse_args()
    if shutil.which("ndrdump") is None:
        print("skipped: ndrdump is not installed (Debian: samba-testsuite)")
        return SKIPPED
    with tempfile.TemporaryDirectory() as folder:
        ours = encoded_stubs(options.stub_tool, pathlib.Path(folder))
        theirs = samba_stubs(options.stub_tool, options.testdata)
        failures = [failure for path, values in ours + theirs for failure in compare(path, values)]
    print("\n".join(failures[:20]))
    print(f"{len(ours)} stubs of the encoder and {len(theirs)} of Samba: {len(failures)} differ")
    return 1 if failures or len(ours) < 100 or len(theirs) < 100 else 0


if __name__ == "__main__":
    sys.exit(main())
