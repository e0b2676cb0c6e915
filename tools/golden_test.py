#!/usr/bin/python3
"""Replays every capture of pcaps/ and compares with the expected output beside it.

usage: golden_test.py --sessenum PROGRAM [--update] [NAME...]
       golden_test.py --self-test

pcaps/NAME.json holds the expected NDJSON of pcaps/NAME.pcap or NAME.pcapng. With NAME.keys beside it, the keys are
given. With NAME.stderr beside it, the capture is damaged on purpose: exit status 2 and just that on standard error are
expected; otherwise 0 and nothing. Every line must satisfy the JSON Schema of the output. --update writes what is
expected anew (read the difference before you commit it); --self-test shows that the comparison can fail.
"""
import argparse
import difflib
import json
import pathlib
import subprocess
import sys
import tempfile

import jsonschema

TOP = pathlib.Path(__file__).resolve().parent.parent
SCHEMA = TOP / "dissector" / "output" / "sessenum-1.schema.json"


class Outcome:
    def __init__(self, status, out, err):
        self.status, self.out, self.err = status, out, err


def replay(program, capture):
    """Runs in the capture's folder, so that the output names the bare file."""
    command = [str(program), "replay", "--format", "ndjson"]
    keys = capture.with_suffix(".keys")
    if keys.exists():
        command += ["--keys", keys.name]
    done = subprocess.run(command + [capture.name], cwd=capture.parent, capture_output=True, timeout=300)
    return Outcome(done.returncode, done.stdout.decode("utf-8"), done.stderr.decode("utf-8"))


def flat(value, path=""):
    """One line a leaf, so that a difference names the key and not a line of a thousand characters."""
    if isinstance(value, dict) and value:
        for key, inner in value.items():
            yield from flat(inner, f"{path}.{key}" if path else key)
    elif isinstance(value, list) and value:
        for index, inner in enumerate(value):
            yield from flat(inner, f"{path}[{index}]")
    else:
        yield f"{path} = {json.dumps(value, ensure_ascii=False)}"


def readable(line):
    try:
        return list(flat(json.loads(line)))
    except json.JSONDecodeError as error:
        return [f"no JSON ({error}): {line}"]


def line_differences(expected, actual):
    """What differs, record by record; the text itself must be equal, so the order of keys counts too."""
    want, got = expected.splitlines(), actual.splitlines()
    for number in range(max(len(want), len(got))):
        old = want[number] if number < len(want) else None
        new = got[number] if number < len(got) else None
        if old == new:
            continue
        yield f"line {number + 1}:"
        if old is None or new is None:
            yield f"  missing: {old}" if new is None else f"  not expected: {new}"
            continue
        changes = [c for c in difflib.unified_diff(readable(old), readable(new), n=0, lineterm="") if c[:2] != "@@"]
        yield from (f"  {c}" for c in changes[2:] or ["(the same values, written otherwise)", "-" + old, "+" + new])
    if not expected.endswith("\n") or not actual.endswith("\n"):
        yield "the last line has no end"


def schema_problems(validator, text):
    for number, line in enumerate(text.splitlines(), 1):
        try:
            record = json.loads(line)
        except json.JSONDecodeError as error:
            yield f"line {number}: no JSON: {error}"
            continue
        for error in validator.iter_errors(record):
            best = jsonschema.exceptions.best_match([error])
            where = ".".join(str(step) for step in best.absolute_path) or "record"
            yield f"line {number}: schema: {where}: {best.message[:300]}"


def form_problems(text):
    kinds = []
    for line in text.splitlines():
        try:
            kinds.append(json.loads(line).get("type"))
        except json.JSONDecodeError:
            return  # the schema check has said so
    if kinds.count("summary") != 1 or kinds[-1] != "summary":
        yield "the last record, and only the last, must be the summary"


def expected_messages(capture):
    path = capture.with_suffix(".stderr")
    return path.read_text(encoding="utf-8") if path.exists() else ""


def problems_of(outcome, capture, validator):
    messages = expected_messages(capture)
    status = 2 if messages else 0
    if outcome.status != status:
        yield f"exit status {outcome.status}, expected {status}"
    if outcome.err != messages:
        yield f"standard error: {outcome.err!r}, expected {messages!r}"
    yield from line_differences(capture.with_suffix(".json").read_text(encoding="utf-8"), outcome.out)
    yield from schema_problems(validator, outcome.out)
    yield from form_problems(outcome.out)


def captures_in(folder, names):
    found = sorted(p for p in folder.iterdir() if p.suffix in (".pcap", ".pcapng"))
    stems = {p.stem for p in found}
    if len(stems) != len(found):
        sys.exit("golden_test: two captures of one name")
    orphans = [p.name for p in folder.iterdir() if p.suffix in (".json", ".keys", ".stderr") and p.stem not in stems]
    if orphans:
        sys.exit(f"golden_test: no capture for {', '.join(sorted(orphans))}")
    unknown = set(names) - stems
    if unknown:
        sys.exit(f"golden_test: no capture {', '.join(sorted(unknown))}")
    chosen = [p for p in found if not names or p.stem in names]
    if not chosen:
        sys.exit(f"golden_test: no capture in {folder}")
    return chosen


def make_validator():
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


def run(program, names, update):
    validator = make_validator()
    failed = 0
    chosen = captures_in(TOP / "pcaps", names)
    for capture in chosen:
        outcome = replay(program, capture)
        expected = capture.with_suffix(".json")
        if update:
            expected.write_text(outcome.out, encoding="utf-8")
        problems = list(problems_of(outcome, capture, validator)) if expected.exists() else ["no expected output"]
        if problems:
            failed += 1
            print(f"{capture.name}:")
            print("\n".join(f"  {p}" for p in problems[:40]))
    print(f"{len(chosen) - failed} captures as expected, {failed} not")
    return 1 if failed else 0


def damaged(record):
    """The record without one key, and with one key too many, at every depth."""
    if isinstance(record, dict):
        # limits_hit is the one object whose keys vary: absent means zero.
        yield {**record, "No Such Key": 0}
        for key, value in record.items():
            yield {k: v for k, v in record.items() if k != key}
            if key != "limits_hit":
                yield from ({**record, key: worse} for worse in damaged(value))
    elif isinstance(record, list):
        for index, value in enumerate(record[:2]):  # the others are like them
            yield from (record[:index] + [worse] + record[index + 1:] for worse in damaged(value))


def schema_self_test(validator):
    records = 0
    for path in sorted((TOP / "pcaps").glob("*.json")):
        for line in path.read_text(encoding="utf-8").splitlines()[-2:]:
            record = json.loads(line)
            if record.get("undecoded") or len(line) > 5000:
                continue  # fields may lack where a stub was half decoded; a long record takes long and shows no more
            records += 1
            for worse in damaged(record):
                assert not validator.is_valid(worse), f"{path.name}: the schema accepts {json.dumps(worse)[:400]}"
    assert records, "no expected output to try the schema on"


def self_test():
    """A golden test that passes on everything would pass on this, too."""
    validator = make_validator()
    schema_self_test(validator)
    summary = {"schema": "sessenum/1", "type": "summary", "captures": 1, "packets": 1, "bytes": 60, "flows": 0,
               "calls": 0,
               "undecoded": dict.fromkeys(["encrypted", "compressed", "truncated", "gap", "malformed", "no_bind"], 0),
               "rules": dict.fromkeys(["pass", "violation", "known", "advisory", "undecided", "not_applicable"], 0),
               "limits_hit": {}}
    good = json.dumps(summary) + "\n"
    changed = {
        "another value": (0, good.replace('"packets": 1', '"packets": 2'), ""),
        "a line too many": (0, good + good, ""),
        "a line missing": (0, "", ""),
        "another order": (0, json.dumps(dict(reversed(summary.items()))) + "\n", ""),
        "an unknown key": (0, good.replace('"flows"', '"extra": 0, "flows"'), ""),
        "no JSON": (0, good[:-3] + "\n", ""),
        "another exit status": (1, good, ""),
        "a message": (0, good, "warning\n"),
    }
    with tempfile.TemporaryDirectory() as folder:
        capture = pathlib.Path(folder) / "a.pcap"
        capture.touch()
        capture.with_suffix(".json").write_text(good, encoding="utf-8")
        assert not list(problems_of(Outcome(0, good, ""), capture, validator)), "a good run is refused"
        for name, outcome in changed.items():
            assert list(problems_of(Outcome(*outcome), capture, validator)), f"{name} is not noticed"
        capture.with_suffix(".stderr").write_text("a.pcap: cut short\n", encoding="utf-8")
        assert list(problems_of(Outcome(0, good, ""), capture, validator)), "silence on a damaged capture is accepted"
        assert not list(problems_of(Outcome(2, good, "a.pcap: cut short\n"), capture, validator))
    print("each change was noticed")
    return 0


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--sessenum", type=pathlib.Path)
    parser.add_argument("--update", action="store_true")
    parser.add_argument("--self-test", action="store_true")
    parser.add_argument("names", nargs="*")
    arguments = parser.parse_args()
    if arguments.self_test:
        return self_test()
    if not arguments.sessenum:
        parser.error("--sessenum is needed")
    return run(arguments.sessenum.resolve(), arguments.names, arguments.update)


if __name__ == "__main__":
    sys.exit(main())
