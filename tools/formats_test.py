#!/usr/bin/python3
"""Every format of `sessenum replay` agrees with NDJSON on every capture, and real consumers take it.

usage: formats_test.py agree --sessenum PROGRAM [--update]
       formats_test.py sarif --sessenum PROGRAM --build-dir DIR
       formats_test.py --self-test

agree: the same calls, fields and findings in csv, text with --fields, zeek, eve, sarif and opengraph, over all of pcaps/
at once; sqlite, jq and Python's csv read them; OpenGraph satisfies the schema of BloodHound's documentation; and a few
captures give the very bytes that stand in dissector/output/testdata (--update writes them anew). sarif: SARIF's own
schema, which comes with an npm package; exit status 77 where npm cannot get it. --self-test damages those files and
wants each damage to be noticed.
"""
import argparse
import base64
import hashlib
import json
import pathlib
import random
import sqlite3
import subprocess
import sys
import tarfile
import tempfile

import jsonschema

import format_records as form

TOP = pathlib.Path(__file__).resolve().parent.parent
PCAPS = TOP / "pcaps"
GOLDENS = TOP / "dissector" / "output" / "testdata"
GRAPH_SCHEMA = TOP / "tools" / "opengraph.schema.json"
SKIPPED = 77

# Names and levels, what is wrong, what is missing, damage.
CHOSEN = ["smb2-transceive-level10.pcapng", "violation-bad-client-name-accepted.pcapng", "tcp-gap-lost-response.pcap",
          "tcp-ntlmssp-privacy-impacket.pcapng", "file-pcap-cut-mid-record.pcap"]
FILES = {"csv": "csv", "eve": "json", "sarif": "sarif", "opengraph": "json"}
# It holds the whole catalogue of rules.
CHOSEN_FOR_SARIF = ["violation-bad-client-name-accepted.pcapng", "file-pcap-cut-mid-record.pcap"]
PACKAGE = "@microsoft/jest-sarif@1.0.0-beta.0"
INTEGRITY = "A1fOhPd6Ic5iDk4F9YPw1qNB4XF+7+IviR7xl8r2F6QzQkx5cp" \
            "Y9LsGk2rExiFIEcBbjpVnSmwWGBukASkiQ9A=="
SCHEMA_IN_PACKAGE = "package/lib/schemas/sarif-2.1.0-rtm.5.json"


class Tool:
    def __init__(self, program, captures, *options):
        self.program, self.captures, self.options = program, captures, options

    def run(self, *options):
        done = subprocess.run([str(self.program), "replay", *options, *self.options, *self.captures], cwd=PCAPS,
                              capture_output=True, timeout=600)
        return done.returncode, done.stdout.decode("utf-8")


def all_captures():
    return sorted(path.name for path in PCAPS.iterdir() if path.suffix in (".pcap", ".pcapng"))


def fields_of(program):
    text = subprocess.run([str(program), "replay", "--list-fields"], capture_output=True, check=True, text=True).stdout
    fields = {}
    for line in text.splitlines()[1:]:
        name, kind, *_ = line.replace("list of ", "list_of_").split()
        fields[name] = kind.replace("list_of_", "list of ")
    return fields


def field_problems(fields, calls):
    """A key of NDJSON that is no field, or the other way round."""
    keys = {name for call in calls for name in form.leaves(call)}
    keys -= {"schema", "type", "request", "response", "fault", "findings", "request.container", "response.container",
             "response.container.sessions"}
    keys = {key for key in keys if not key.startswith("request.container.sessions")}
    yield from (f"no field: {key}" for key in sorted(keys - set(fields)))
    yield from (f"never a key: {field}" for field in sorted(set(fields) - keys))


def sqlite_problems(folder, text, calls):
    """What a database is told that loads the rows."""
    path = pathlib.Path(folder) / "calls.csv"
    path.write_text(text, encoding="utf-8", newline="")
    done = subprocess.run(["sqlite3", ":memory:", "-cmd", ".mode csv", "-cmd", f".import '{path}' calls",
                           'SELECT count(*), count(DISTINCT "id.orig_h"), sum(CAST("response.container.entries_read" AS INTEGER)), '
                           '(SELECT count(*) FROM calls, json_each("findings.rule")) FROM calls'],
                          capture_output=True, text=True, timeout=60)
    entries = [((call["response"] or {}).get("container") or {}).get("entries_read") or 0 for call in calls]
    want = [len(calls), len({call["id.orig_h"] for call in calls}), sum(entries),
            sum(len(call["findings"]) for call in calls)]
    if done.stdout.split() != [",".join(map(str, want))]:
        yield f"sqlite: {done.stdout.strip()!r} {done.stderr.strip()[:300]}, expected {want}"


def jq_problems(text, calls):
    query = '[.[] | select(.session_enum) | .session_enum.findings | length] | add // 0'
    done = subprocess.run(["jq", "-s", query], input=text, capture_output=True, text=True, timeout=60)
    want = sum(len(call["findings"]) for call in calls)
    if done.stdout.strip() != str(want):
        yield f"jq: {done.stdout.strip()!r} {done.stderr.strip()[:300]}, expected {want}"


def zeek_sqlite_problems(text, calls):
    """The log as any reader of tab-separated values takes it: by its own #fields."""
    lines = [line.split("\t") for line in text.split("\n")[:-1]]
    names = next(line[1:] for line in lines if line[0] == "#fields")
    rows = [line for line in lines if not line[0].startswith("#")]
    table = sqlite3.connect(":memory:")
    table.execute(f"CREATE TABLE log ({', '.join(chr(34) + name + chr(34) for name in names)})")
    table.executemany(f"INSERT INTO log VALUES ({', '.join('?' * len(names))})", rows)
    got = table.execute('SELECT count(*), count(DISTINCT uid) FROM log').fetchone()
    want = (len(calls), len({call["community_id"] for call in calls}))
    if got != want:
        yield f"zeek in sqlite: {got}, expected {want}"


def graph_problems(text):
    validator = jsonschema.Draft202012Validator(json.loads(GRAPH_SCHEMA.read_text(encoding="utf-8")))
    yield from (f"BloodHound's schema: {list(error.absolute_path)}: {error.message[:200]}"
                for error in validator.iter_errors(json.loads(text)))


def problems_of(outputs, fields, calls, summary, is_whole):
    """outputs: the text of each format by its name. What is not there is not looked at."""
    names = list(fields)
    own = [name for name in names if not name.startswith(form.SESSIONS + ".")]
    looks = {
        "csv": lambda text: form.csv_problems(text, own, calls),
        "sessions": lambda text: form.csv_problems(text, names, calls),
        "text": lambda text: form.tabbed_problems(text, names, calls),
        "dce_rpc": lambda text: form.zeek_call_problems(text, fields, calls),
        "weird": lambda text: form.zeek_finding_problems(text, fields, calls),
        "eve": lambda text: form.eve_problems(text, calls, summary),
        "sarif": lambda text: form.sarif_problems(text, calls, summary, is_whole),
        "opengraph": lambda text: [*form.opengraph_problems(text, calls), *graph_problems(text)],
    }
    for kind, text in outputs.items():
        try:
            yield from (f"{kind}: {problem}" for problem in looks[kind](text))
        except (AssertionError, ValueError, LookupError, TypeError, AttributeError) as error:
            yield f"{kind}: not readable: {error!r}"


def outputs_of(tool, fields, folder, status):
    runs = {"csv": ["--format", "csv"], "sessions": ["--format", "csv", "--fields", ",".join(fields)],
            "text": ["--fields", ",".join(fields)], "eve": ["--format", "eve"], "sarif": ["--format", "sarif"],
            "opengraph": ["--format", "opengraph"], "zeek": ["--format", "zeek", "-o", str(folder)]}
    outputs = {}
    for kind, options in runs.items():
        code, text = tool.run(*options)
        assert code == status, f"{kind}: exit status {code}, with ndjson {status}"
        outputs[kind] = text
    assert outputs.pop("zeek") == "", "zeek: something goes past the folder"
    for log in ("dce_rpc", "weird"):
        outputs[log] = (pathlib.Path(folder) / f"{log}.log").read_text(encoding="utf-8")
    code, text = tool.run("--format", "zeek")
    assert (code, text) == (status, outputs["dce_rpc"]), "zeek: standard output is not dce_rpc.log"
    return outputs


def all_keys(folder):
    path = pathlib.Path(folder) / "keys"
    path.write_bytes(b"".join(keys.read_bytes() for keys in sorted(PCAPS.glob("*.keys"))))
    return path


def agreement(program):
    fields = fields_of(program)
    with tempfile.TemporaryDirectory() as folder:
        tool = Tool(program, all_captures(), "--keys", str(all_keys(folder)), "--all-verdicts")
        status, ndjson = tool.run("--format", "ndjson")
        calls, summary = form.records(ndjson)
        outputs = outputs_of(tool, fields, pathlib.Path(folder) / "zeek", status)
        problems = [*field_problems(fields, calls), *problems_of(outputs, fields, calls, summary, status == 0),
                    *sqlite_problems(folder, outputs["csv"], calls), *jq_problems(outputs["eve"], calls),
                    *zeek_sqlite_problems(outputs["dce_rpc"], calls)]
    print(f"{len(all_captures())} captures, {len(calls)} calls, {sum(len(call['findings']) for call in calls)} findings, "
          f"{len(fields)} fields, {len(outputs)} forms")
    return problems


def golden_outputs(program, capture):
    """File name and text of each format."""
    keys = (PCAPS / capture).with_suffix(".keys")
    tool = Tool(program, [capture], *(["--keys", keys.name] if keys.exists() else []))
    stem = capture.partition(".")[0]
    for kind, extension in FILES.items():
        if kind != "sarif" or capture in CHOSEN_FOR_SARIF:
            yield f"{stem}.{kind}.{extension}", tool.run("--format", kind)[1]
    with tempfile.TemporaryDirectory() as folder:
        tool.run("--format", "zeek", "-o", folder)
        for log in ("dce_rpc", "weird"):
            yield f"{stem}.{log}.log", (pathlib.Path(folder) / f"{log}.log").read_text(encoding="utf-8")


def golden_problems(program, update):
    for capture in CHOSEN:
        for name, text in golden_outputs(program, capture):
            path = GOLDENS / name
            if update:
                path.parent.mkdir(exist_ok=True)
                path.write_text(text, encoding="utf-8", newline="")
            want = path.read_bytes().decode("utf-8") if path.exists() else None
            if text != want:
                lines = zip(text.splitlines(), (want or "").splitlines())
                first = next((f"{got[:200]!r}, expected {old[:200]!r}" for got, old in lines if got != old), "")
                yield f"{name}: differs from dissector/output/testdata: {first}"


def sarif_schema(build_dir):
    """The schema out of npm's package; None where npm cannot get it."""
    folder = build_dir / "npm-sarif"
    folder.mkdir(parents=True, exist_ok=True)
    packed = list(folder.glob("*.tgz"))
    if not packed:
        try:
            subprocess.run(["npm", "pack", PACKAGE, "--pack-destination", str(folder)], capture_output=True, check=True,
                           timeout=120)
        except (OSError, subprocess.SubprocessError) as error:
            print(f"npm cannot get {PACKAGE}: {error}")
            return None
        packed = list(folder.glob("*.tgz"))
    digest = base64.b64encode(hashlib.sha512(packed[0].read_bytes()).digest()).decode()
    assert digest == INTEGRITY, f"{packed[0].name} is another file: sha512-{digest}"
    with tarfile.open(packed[0]) as package:
        return json.load(package.extractfile(SCHEMA_IN_PACKAGE))


def sarif(program, build_dir):
    schema = sarif_schema(build_dir)
    if schema is None:
        return SKIPPED
    validator = jsonschema.Draft4Validator(schema)
    with tempfile.TemporaryDirectory() as folder:
        tool = Tool(program, all_captures(), "--keys", str(all_keys(folder)))
        log = json.loads(tool.run("--format", "sarif")[1])
    problems = [f"{list(error.absolute_path)}: {error.message[:300]}" for error in validator.iter_errors(log)]
    broken = [{**log, "version": "2.0.0"}, {**log, "more": 1},
              {**log, "runs": [{key: value for key, value in log["runs"][0].items() if key != "tool"}]}]
    problems += [f"the schema accepts {json.dumps(worse)[:100]}" for worse in broken if validator.is_valid(worse)]
    print("\n".join(problems[:40]) or f"{len(log['runs'][0]['results'])} results satisfy SARIF's schema")
    return 1 if problems else 0


def damages(text, kind, chance):
    """Texts that each say something else: lines left out, characters changed."""
    lines = text.splitlines(keepends=True)
    for number in chance.sample(range(len(lines)), min(len(lines), 12)):
        if lines[number].strip() not in ("", "]"):
            yield f"line {number + 1} left out", "".join(lines[:number] + lines[number + 1:])
    # Behind its results SARIF holds the catalogue, which no capture tells of.
    end = text.index('],"artifacts"') if kind == "sarif" else len(text)
    places = [at for at in range(end) if text[at].isalnum()]
    for at in chance.sample(places, min(len(places), 150)):
        worse = chr(ord(text[at]) ^ 1)
        yield f"{worse!r} for {text[at]!r} at {at}: {text[max(0, at - 30):at + 30]!r}", text[:at] + worse + text[at + 1:]


def self_test():
    """A comparison that passes on everything would pass on these, too."""
    chance, noticed = random.Random(12), 0
    fields = json.loads((GOLDENS / "fields.json").read_text(encoding="utf-8"))
    for capture in CHOSEN:
        stem = capture.partition(".")[0]
        calls, summary = form.records((PCAPS / f"{stem}.json").read_text(encoding="utf-8"))
        is_whole = not (PCAPS / f"{stem}.stderr").exists()
        for path in sorted(GOLDENS.glob(f"{stem}.*")):
            kind, text = path.name.split(".")[1], path.read_bytes().decode("utf-8")
            found = list(problems_of({kind: text}, fields, calls, summary, is_whole))
            assert not found, f"{path.name} is refused: {found[:3]}"
            for what, worse in damages(text, kind, chance):
                if kind == "opengraph" and '"ts":' in what:
                    continue  # NDJSON does not tell when an answer came
                found = list(problems_of({kind: worse}, fields, calls, summary, is_whole))
                assert found, f"{path.name}: not noticed: {what}"
                noticed += 1
    assert noticed > 1000, noticed
    print(f"{noticed} damages, each noticed")
    return 0


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("what", nargs="?", choices=["agree", "sarif"])
    parser.add_argument("--sessenum", type=pathlib.Path)
    parser.add_argument("--build-dir", type=pathlib.Path)
    parser.add_argument("--update", action="store_true")
    parser.add_argument("--self-test", action="store_true")
    arguments = parser.parse_args()
    if arguments.self_test:
        return self_test()
    if not arguments.what or not arguments.sessenum:
        parser.error("what to test, and --sessenum, are needed")
    program = arguments.sessenum.resolve()
    if arguments.what == "sarif":
        return sarif(program, arguments.build_dir)
    if arguments.update:
        GOLDENS.mkdir(exist_ok=True)
        (GOLDENS / "fields.json").write_text(json.dumps(fields_of(program), indent=1) + "\n", encoding="utf-8")
    problems = [*agreement(program), *golden_problems(program, arguments.update)]
    print("\n".join(problems[:60]) or "every format agrees with NDJSON")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
