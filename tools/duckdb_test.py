#!/usr/bin/python3
"""The questions of docs/duckdb, asked of DuckDB and answered again from the same NDJSON.

usage: duckdb_test.py --sessenum PROGRAM --build-dir DIR

Exit status 77 (skipped) where node, npm or npm's packages cannot be had; they are installed to DIR/duckdb.
"""
import argparse
import collections
import datetime
import json
import math
import pathlib
import subprocess
import sys

import report_scenes
from npm_packages import installed

TOP = pathlib.Path(__file__).resolve().parent.parent
SOURCE = TOP / "docs" / "duckdb"
JUST_NOW = 4294967295


def make_ndjson(program, folder):
    """A file for each capture of pcaps/, and one of a sweep of many servers."""
    folder.mkdir(exist_ok=True)
    sweep = folder / "office.pcap"
    with sweep.open("wb") as file:
        report_scenes.office(file)
    for capture in [sweep, *sorted(p for p in (TOP / "pcaps").iterdir() if p.suffix in (".pcap", ".pcapng"))]:
        keys = capture.with_suffix(".keys")
        options = ["--keys", keys] if keys.exists() else []
        output = folder / f"{capture.stem}.ndjson"
        subprocess.run([program, "replay", "--format", "ndjson", "-o", output, *options, capture], stderr=subprocess.DEVNULL)
        yield output


def calls_of(files):
    for file in files:
        for line in file.read_text(encoding="utf-8").splitlines():
            record = json.loads(line)
            if record["type"] == "call":
                yield record


def askers(calls):
    servers, count = collections.defaultdict(set), collections.Counter()
    for call in calls:
        servers[call["id.orig_h"]].add(call["id.resp_h"])
        count[call["id.orig_h"]] += 1
    rows = [{"asker": asker, "servers": len(seen), "calls": count[asker]} for asker, seen in servers.items()]
    return sorted(rows, key=lambda row: (-row["servers"], -row["calls"], row["asker"]))


def exposed(calls):
    claims = collections.defaultdict(list)
    for call in calls:
        for session in ((call["response"] or {}).get("container") or {}).get("sessions") or []:
            if session.get("username"):
                key = session["username"], session["cname"], call["id.resp_h"], call["id.orig_h"]
                time = session.get("time")
                claims[key].append(None if time in (None, JUST_NOW) else call["ts"] - time)
    rows = []
    for (account, workstation, server, told_to), logons in claims.items():
        known = [logon for logon in logons if logon is not None]
        logon = datetime.datetime.fromtimestamp(math.floor(min(known)), datetime.timezone.utc) if known else None
        rows.append({"account": account, "workstation": workstation, "server": server, "told_to": told_to,
                     "times": len(logons), "logon": logon and logon.strftime("%Y-%m-%dT%H:%M:%SZ")})
    return sorted(rows, key=lambda row: (row["account"], (row["workstation"] is not None, row["workstation"] or ""),
                                         row["server"], row["told_to"]))


def violations(calls):
    captures, count = collections.defaultdict(set), collections.Counter()
    for call in calls:
        for finding in call["findings"]:
            if finding["verdict"] == "violation":
                key = finding["rule"], finding["party"]
                captures[key].add(call["capture"])
                count[key] += 1
    rows = [{"rule": rule, "party": party, "findings": count[rule, party], "captures": len(seen)}
            for (rule, party), seen in captures.items()]
    return sorted(rows, key=lambda row: (-row["findings"], row["rule"], row["party"]))


def problems(question, got, expected):
    if len(expected) < 2:
        yield f"{question.__name__}: the captures answer it with {len(expected)} rows, which tests nothing"
    if got != expected:
        first = next((pair for pair in zip(got, expected) if pair[0] != pair[1]), (len(got), len(expected)))
        yield f"{question.__name__}: DuckDB has {first[0]}, and it is {first[1]}"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sessenum", type=pathlib.Path, required=True)
    parser.add_argument("--build-dir", type=pathlib.Path, required=True)
    arguments = parser.parse_args()
    folder = installed(SOURCE, arguments.build_dir.resolve() / "duckdb")
    files = list(make_ndjson(arguments.sessenum.resolve(), folder / "ndjson"))
    calls = list(calls_of(files))
    found = []
    for question in (askers, exposed, violations):
        done = subprocess.run(["node", "query.mjs", f"{question.__name__}.sql", *files], cwd=folder, capture_output=True,
                              text=True, encoding="utf-8")
        if done.returncode:
            found.append(f"{question.__name__}: {done.stderr}")
            continue
        rows = [json.loads(line) for line in done.stdout.splitlines()]
        expected = question(calls)
        found += problems(question, rows, expected)
        assert list(problems(question, rows[:-1], expected)), "a row that is lost is not noticed"
        print(f"{question.__name__}: {len(rows)} rows")
    print("\n".join(found))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
