#!/usr/bin/python3
"""Whatever becomes of a capture, the program ends well and its summary adds up.

usage: damage_test.py --sessenum PROGRAM [--variants N]
       damage_test.py --sessenum PROGRAM --only CAPTURE:KIND:SEED [--keep FILE]
       damage_test.py --self-test

Replays every capture of pcaps/ as it is, and N (2000) damaged variants of them. The same seed makes the same variant:
a failure names CAPTURE:KIND:SEED, which --only replays alone and --keep writes to a file.

What adds up, of one run:
- Exit status: 2 with a message where the file could not be read to its end, else 1 where --fail-on says so, else 0;
  nothing on standard error without a reason.
- Every line satisfies the schema; the last, and only the last, is the summary.
- `packets` and `bytes` are those that are in the file; `captures` is 1.
- `calls` is the number of call lines, in the order of their first packets, each of packets that exist.
- `undecoded[reason]` counts messages, not calls: it is no less than the calls whose `undecoded` is that reason. A call
  with two unreadable messages counts twice, what could not be attributed to a call counts alone.
- `rules[verdict]` counts every judgement of every call: no less than the findings printed, and with --all-verdicts
  just as many, but for marks that are merely allowed (G5-padding): they are told and counted with their stub's G5.
- A call without an answer, or without a request, and without `undecoded` says: there was none. So the packets of the
  one that the whole capture has are not all there, and no later packet of the connection shows that bytes are missing.
- Nothing vanishes: a call whose packets are all still there is printed, or something is counted as undecoded.
"""
import argparse
import collections
import concurrent.futures
import functools
import json
import os
import pathlib
import random
import re
import subprocess
import sys
import tempfile

import jsonschema

import capture_file

TOP = pathlib.Path(__file__).resolve().parent.parent
PCAPS = TOP / "pcaps"
SCHEMA = TOP / "dissector" / "output" / "sessenum-1.schema.json"
FIN, RST = 1, 4
SECONDS = 60  # for a run; the longest takes a fraction of one


class Variant:
    """A damaged capture: the bytes of the file, and its packets where the file itself is sound."""

    def __init__(self, data, packets=None, moved_only=False, in_order=True):
        self.data, self.packets = data, packets
        self.moved_only = moved_only  # every packet is as it was, though not every one may be there
        self.in_order = in_order  # no packet stands before one that was sent earlier


# --- what may happen to a capture ------------------------------------------------------------------------------------

def written(packets, rng, moved_only=False, in_order=True):
    one_link = len({p.link for p in packets}) < 2
    write = capture_file.write_pcap if one_link and rng.random() < 0.7 else capture_file.write_pcapng
    return Variant(write(packets), packets, moved_only, in_order)


def as_it_is(data, packets, _rng):
    return Variant(data, packets, True)


def cut_file(data, _packets, rng):
    return Variant(data[:rng.randrange(len(data))])


def flip_file(data, _packets, rng):
    changed = bytearray(data)
    for _ in range(rng.randint(1, 8)):
        changed[rng.randrange(len(changed))] ^= 1 << rng.randrange(8)
    return Variant(bytes(changed))


def flip_packets(_data, packets, rng):
    """Bytes behind the link layer's header: the program has to meet the damage, not overlook the packet."""
    packets = list(packets)
    for _ in range(rng.randint(1, 12)):
        index = rng.randrange(len(packets))
        changed = bytearray(packets[index].data)
        if len(changed) > 54:
            changed[rng.randrange(34 if rng.random() < 0.1 else 54, len(changed))] = rng.randrange(256)
        packets[index] = packets[index].with_data(bytes(changed))
    return written(packets, rng)


def drop_packets(_data, packets, rng):
    share = rng.choice((0.02, 0.1, 0.3))
    gone = {rng.randrange(len(packets))}
    return written([p for i, p in enumerate(packets) if i not in gone and rng.random() >= share], rng, True)


def duplicate_packets(_data, packets, rng):
    out = list(packets)
    for _ in range(rng.randint(1, max(1, len(packets) // 3))):
        index = rng.randrange(len(out))
        out.insert(min(len(out), index + rng.randint(1, 10)), out[index])
    return written(out, rng, True)


def ends_connection(packet):
    segment = capture_file.segment_of(packet)
    return segment is None or bool(segment.flags & (FIN | RST))


def reorder_packets(_data, packets, rng):
    """Neighbours change places, as they do on the way, handshakes too. What comes behind the end of a connection that
    both sides have acknowledged is not waited for, so nothing is moved behind one."""
    out = list(packets)
    for _ in range(rng.randint(1, max(1, len(packets) // 4))):
        index = rng.randrange(len(out))
        behind = min(len(out) - 1, index + rng.randint(1, 3))
        if not any(map(ends_connection, out[index:behind + 1])):
            out.insert(behind, out.pop(index))
    return written(out, rng, True, False)


def snaplen(_data, packets, rng):
    size = rng.randint(20, 400)
    some = rng.random() < 0.3
    return written([p if some and rng.random() < 0.5 else p.with_data(p.data[:size]) for p in packets], rng)


def one_direction(_data, packets, rng):
    """What a one-sided tap sees."""
    keep_clients = rng.random() < 0.5
    kept = []
    for packet in packets:
        segment = capture_file.segment_of(packet)
        if segment is None or (segment.source[1] > segment.destination[1]) == keep_clients:
            kept.append(packet)
    return written(kept, rng, True)


def late_start(_data, packets, rng):
    """Where segments are out of order, some that belong before the first one may follow it: a stream begins with the
    first one seen, so nothing is asked of what was there."""
    return written(packets[rng.randrange(len(packets)):], rng, in_sequence(packets))


def in_sequence(packets):
    """Whether no segment stands behind one of its direction that has later bytes."""
    latest = {}
    for segment in filter(None, map(capture_file.segment_of, packets)):
        way = (segment.source, segment.destination)
        if segment.payload_size and is_later(latest.get(way, segment.sequence), segment.sequence):
            return False
        latest[way] = segment.sequence
    return True


def mixed(data, packets, rng):
    """Two misfortunes in a row."""
    first = rng.choice((drop_packets, duplicate_packets, reorder_packets, flip_packets, snaplen))
    second = rng.choice((drop_packets, flip_packets, reorder_packets, snaplen, flip_file))
    between = first(data, packets, rng)
    if not between.packets:
        return between
    return Variant(second(between.data, between.packets, rng).data, in_order=False)


DAMAGES = (cut_file, flip_file, flip_packets, drop_packets, duplicate_packets, reorder_packets, snaplen, one_direction,
           late_start, mixed)


# --- the form of the output ------------------------------------------------------------------------------------------

FREE_TEXT = {"capture", "server_name", "client_name", "user_name", "cname", "username", "cltype_name", "transport_name",
             "user", "workstation", "status_name", "message", "field", "named_pipe", "id.orig_h", "id.resp_h"}
COMMUNITY_ID = re.compile("1:[A-Za-z0-9+/]{27}=")
LEVELS = {0, 1, 2, 10, 502}


def form(value, key=None):
    """`value` with everything taken out that the schema cannot tell apart: equal forms are equally valid."""
    if isinstance(value, dict):
        return tuple((k, form(v, k)) for k, v in value.items())
    if isinstance(value, list):
        return (len(set(map(str, value))) == len(value),) + tuple(dict.fromkeys(form(v, key) for v in value))
    if isinstance(value, bool) or value is None:
        return str(value)
    if isinstance(value, (int, float)):
        if key == "level" and value in LEVELS or key == "opnum":
            return str(value)
        return type(value).__name__, value < 0, value < 1, value > 0xFFFF, value > 0xFFFFFFFF
    if key in FREE_TEXT:
        return "text" if value else "empty"
    if key == "community_id" and COMMUNITY_ID.fullmatch(value):
        return "id"
    return "'" + value


class Validator:
    """The JSON Schema; a form that was once found valid is not looked at again."""

    def __init__(self):
        schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
        jsonschema.Draft202012Validator.check_schema(schema)
        self._validator = jsonschema.Draft202012Validator(schema)
        self._valid = set()

    def problems(self, record):
        shape = form(record)
        if shape in self._valid:
            return
        error = jsonschema.exceptions.best_match(self._validator.iter_errors(record))
        if error is None:
            self._valid.add(shape)
            return
        where = ".".join(str(step) for step in error.absolute_path) or "record"
        yield f"schema: {where}: {error.message[:300]}"


@functools.lru_cache(maxsize=None)
def validator():
    return Validator()


# --- what must add up ------------------------------------------------------------------------------------------------

class Run:
    def __init__(self, status, out, err, all_verdicts=False, fail_on=None):
        self.status, self.err = status, err
        self.all_verdicts, self.fail_on = all_verdicts, fail_on
        self.text = out
        self.records = []

    def calls(self):
        return [r for r in self.records if r.get("type") == "call"]

    def summary(self):
        return self.records[-1]


def parse(run):
    for number, line in enumerate(run.text.splitlines(), 1):
        try:
            run.records.append(json.loads(line))
        except json.JSONDecodeError as error:
            yield f"line {number}: no JSON: {error}"
            return
        for problem in validator().problems(run.records[-1]):
            yield f"line {number}: {problem}"
    kinds = [record.get("type") for record in run.records]
    if kinds.count("summary") != 1 or kinds[-1] != "summary":
        yield "the last record, and only the last, must be the summary"


def status_problems(run, file_is_sound):
    if run.status not in (0, 1, 2):
        yield f"exit status {run.status}: {run.err[-2000:]}"
        return
    complaints = [line for line in run.err.splitlines() if "key does not fit" not in line]
    if (run.status == 2) != bool(complaints):
        yield f"exit status {run.status} with standard error {run.err[:500]!r}"
    if file_is_sound and run.status == 2:
        yield f"a sound file is refused: {run.err[:500]!r}"
    if run.status == 2:
        return
    rules = run.summary()["rules"]
    grades = {"violation": ["violation"], "advisory": ["violation", "known", "advisory"], None: []}[run.fail_on]
    if (run.status == 1) != any(rules[grade] for grade in grades):
        yield f"exit status {run.status} with --fail-on {run.fail_on} and {rules}"


def count_problems(run, packets):
    summary, calls = run.summary(), run.calls()
    if summary["calls"] != len(calls):
        yield f"summary.calls is {summary['calls']}, call lines {len(calls)}"
    if summary["captures"] != 1:
        yield f"summary.captures is {summary['captures']}"
    if packets is not None and summary["packets"] != len(packets):
        yield f"summary.packets is {summary['packets']} of {len(packets)}"
    if packets is not None and summary["bytes"] != sum(len(p.data) for p in packets):
        yield f"summary.bytes is {summary['bytes']} of {sum(len(p.data) for p in packets)}"
    reasons = collections.Counter(call["undecoded"] for call in calls if call["undecoded"])
    for reason, times in reasons.items():
        if summary["undecoded"][reason] < times:
            yield f"summary.undecoded.{reason} is {summary['undecoded'][reason]}, calls that say so {times}"
    found = collections.Counter(finding["verdict"] for call in calls for finding in call["findings"]
                                if not is_allowed_mark(finding))
    for verdict, times in summary["rules"].items():
        if found[verdict] > times or (run.all_verdicts and found[verdict] != times):
            yield f"summary.rules.{verdict} is {times}, findings printed {found[verdict]}"


def is_allowed_mark(finding):
    return finding["verdict"] == "pass" and finding["rule"].startswith("G5-")


def first_packet(call):
    return (call["request_frames"] or call["response_frames"] or [0])[0]


def frame_problems(run, in_order):
    summary, calls = run.summary(), run.calls()
    for number, call in enumerate(calls, 1):
        for frames in (call["request_frames"], call["response_frames"]):
            if frames != sorted(frames) or (frames and not 1 <= frames[0] <= frames[-1] <= summary["packets"]):
                yield f"call {number}: packets {frames} of {summary['packets']}"
        mine = set(call["request_frames"]) | set(call["response_frames"]) | {None}
        for finding in call["findings"]:
            if finding["frame"] not in mine:
                yield f"call {number}: {finding['rule']} is of packet {finding['frame']}, not of the call's"
    order = [first_packet(call) for call in calls]
    if in_order and order != sorted(order):
        yield f"calls are not in the order of their first packets: {order}"


def is_later(sequence, other):
    return 0 < (sequence - other & 0xFFFFFFFF) < 0x80000000


class Surviving:
    """Which packets of the whole capture are in the variant, by their numbers there (from 1)."""

    def __init__(self, variant, whole):
        self._packets, self._whole = variant.packets, whole
        self._there = {p.source + 1 for p in variant.packets}

    def all_of(self, frames):
        return bool(frames) and self._there.issuperset(frames)

    def original_numbers(self, frames):
        return {self._packets[frame - 1].source + 1 for frame in frames}

    def shows_loss(self, frames):
        """Whether the same direction of the connection has bytes before and behind those of one of `frames`, which is
        not there."""
        return any(self._is_hole(frame) for frame in frames if frame not in self._there)

    def _is_hole(self, frame):
        lost = capture_file.segment_of(self._whole[frame - 1])
        if lost is None or lost.payload_size == 0:
            return False
        same = [seen for seen in map(capture_file.segment_of, self._packets) if seen is not None and seen.payload_size
                and (seen.source, seen.destination) == (lost.source, lost.destination)]
        return (any(is_later(lost.end, seen.end) for seen in same) and
                any(not is_later(lost.end, seen.sequence) for seen in same))


def matching(call, originals, surviving):
    """The calls of the whole capture that `call` may be."""
    mine = surviving.original_numbers(call["request_frames"] + call["response_frames"])
    return [o for o in originals if o["call_id"] == call["call_id"] and mine & {*o["request_frames"],
                                                                                *o["response_frames"]}]


def absence_problems(run, originals, surviving):
    """Of calls that say that there was no answer, or no request."""
    for number, call in enumerate(run.calls(), 1):
        if call["undecoded"]:
            continue
        lacks = [frames for frames in ("request_frames", "response_frames") if not call[frames]]
        same = matching(call, originals, surviving)
        for frames in lacks:
            known = [o[frames] for o in same if o[frames]]
            if len(same) != 1 or not known:
                continue
            if surviving.all_of(known[0]):
                yield f"call {number}: has no {frames}, and packets {known[0]} of the whole capture are there"
            elif surviving.shows_loss(known[0]):
                yield f"call {number}: has no {frames} and no `undecoded`; the packets around show that bytes are missing"


def call_key(call):
    return call["call_id"], call["id.orig_h"], call["id.orig_p"], call["id.resp_h"], call["id.resp_p"]


def vanished_problems(run, originals, surviving):
    if sum(run.summary()["undecoded"].values()):
        return
    there = collections.Counter(call_key(o) for o in originals if surviving.all_of(o["request_frames"]))
    for key, times in (there - collections.Counter(map(call_key, run.calls()))).items():
        yield f"{times} calls of {key} are there and neither printed nor counted"


def problems_of(run, variant, whole, originals):
    yield from parse(run)
    if not run.records or run.summary().get("type") != "summary":
        yield f"no summary; exit status {run.status}: {run.err[-2000:]}"
        return
    yield from status_problems(run, variant.packets is not None)
    yield from count_problems(run, variant.packets)
    yield from frame_problems(run, variant.in_order)
    if variant.moved_only:
        surviving = Surviving(variant, whole)
        yield from absence_problems(run, originals, surviving)
        yield from vanished_problems(run, originals, surviving)


# --- running ---------------------------------------------------------------------------------------------------------

def replay(program, path, keys, rng):
    all_verdicts = rng.random() < 0.3
    fail_on = rng.choice((None, None, "violation", "advisory"))
    command = [program, "replay", "--format", "ndjson", str(path)]
    command += ["--keys", str(keys)] if keys else []
    command += ["--all-verdicts"] if all_verdicts else []
    command += ["--fail-on", fail_on] if fail_on else []
    try:
        done = subprocess.run(command, capture_output=True, timeout=SECONDS)
    except subprocess.TimeoutExpired:
        return Run(-1, "", f"no end after {SECONDS} s")
    out, err = done.stdout.decode("utf-8", "replace"), done.stderr.decode("utf-8", "replace")
    return Run(done.returncode, out, err, all_verdicts, fail_on)


@functools.lru_cache(maxsize=None)
def captures():
    return sorted(p for p in PCAPS.iterdir() if p.suffix in (".pcap", ".pcapng"))


@functools.lru_cache(maxsize=None)
def whole_capture(capture):
    data = capture.read_bytes()
    lines = capture.with_suffix(".json").read_text(encoding="utf-8").splitlines()
    return data, capture_file.read_packets(data), [json.loads(line) for line in lines[:-1]]


def keys_of(capture):
    keys = capture.with_suffix(".keys")
    return keys if keys.exists() else None


def make(name, kind, seed):
    data, packets, _ = whole_capture(PCAPS / name)
    rng = random.Random(f"{name}:{kind}:{seed}")
    return globals()[kind](data, packets, rng), rng


def try_one(program, name, kind, seed):
    """The problems of one variant, each with what it takes to see it again."""
    variant, rng = make(name, kind, seed)
    if capture_file_is_cut(name):
        variant = Variant(variant.data) if kind == "as_it_is" else variant
    _, whole, originals = whole_capture(PCAPS / name)
    with tempfile.NamedTemporaryFile(suffix=".pcap") as file:
        file.write(variant.data)
        file.flush()
        run = replay(program, file.name, keys_of(PCAPS / name), rng)
    try:
        problems = list(problems_of(run, variant, whole, originals))
    except Exception as error:  # an output that the checks did not foresee is a finding, not the end of the test
        problems = [f"the output cannot be checked: {error!r}"]
    return [f"{name}:{kind}:{seed}: {problem}" for problem in problems]


def capture_file_is_cut(name):
    return (PCAPS / name).with_suffix(".stderr").exists()


def plan(variants):
    names = [capture.name for capture in captures()]
    for name in names:
        yield name, "as_it_is", 0
    # The same ones of each capture, however many captures there are.
    for seed in range(-(-variants // len(names))):
        for name in names:
            yield name, DAMAGES[seed % len(DAMAGES)].__name__, seed


def run_all(program, variants):
    todo = list(plan(variants))
    with concurrent.futures.ProcessPoolExecutor(2) as pool:
        found = pool.map(functools.partial(try_task, program), todo, chunksize=16)
        failures = [problems for problems in found if problems]
    for problems in failures[:20]:
        print("\n".join(problems[:5]))
    if failures:
        print("again: tools/damage_test.py --sessenum PROGRAM --only CAPTURE:KIND:SEED [--keep FILE]")
    print(f"{len(todo)} captures, {len(todo) - len(failures)} add up, {len(failures)} do not")
    return 1 if failures else 0


def try_task(program, task):
    return try_one(program, *task)


def run_one(program, which, keep):
    name, kind, seed = which.rsplit(":", 2)
    if keep:
        keep.write_bytes(make(name, kind, seed)[0].data)
    problems = try_one(program, name, kind, seed)
    print("\n".join(problems) or "adds up")
    return 1 if problems else 0


def changed(run, line, change):
    """`run`, with `change` done to its record `line`."""
    records = [json.loads(text) for text in run.text.splitlines()]
    change(records[line])
    text = "".join(json.dumps(record) + "\n" for record in records)
    return Run(run.status, text, run.err, run.all_verdicts, run.fail_on)


def self_test():
    """Outputs that do not add up; a test that accepts all would accept these."""
    name = "tcp-gap-lost-response.pcap"
    data, packets, originals = whole_capture(PCAPS / name)
    whole = Variant(data, packets, True)
    good = Run(0, (PCAPS / name).with_suffix(".json").read_text(encoding="utf-8"), "")
    lone = next(i for i, call in enumerate(originals) if call["undecoded"] == "gap")
    answered = next(i for i, call in enumerate(originals) if call["response_frames"])

    def without_line(run, line):
        lines = run.text.splitlines(keepends=True)
        return Run(0, "".join(lines[:line] + lines[line + 1:]), "")

    def miss(record):
        record.update(response=None, response_frames=[])

    worse = {
        "another exit status": Run(3, good.text, ""),
        "status 2 without a message": Run(2, good.text, ""),
        "a message without status 2": Run(0, good.text, "sessenum: something\n"),
        "no status 1 for --fail-on": Run(0, good.text, "", fail_on="advisory"),
        "a sound file refused": Run(2, good.text, "sessenum: x.pcap: damaged\n"),
        "no output": Run(0, "", ""),
        "no summary": without_line(good, -1),
        "a call vanishes": without_line(good, answered),
        "a call too many counted": changed(good, -1, lambda r: r.update(calls=r["calls"] + 1)),
        "a packet not counted": changed(good, -1, lambda r: r.update(packets=r["packets"] - 1)),
        "bytes not counted": changed(good, -1, lambda r: r.update(bytes=r["bytes"] - 1)),
        "undecoded not counted": changed(good, -1, lambda r: r["undecoded"].update(gap=0)),
        "findings not counted": changed(good, -1, lambda r: r["rules"].update(advisory=0)),
        "an answer vanishes": changed(good, answered, miss),
        "a packet that is not there": changed(good, lone, lambda r: r["request_frames"].append(9999)),
        "another order": changed(good, lone, lambda r: r.update(request_frames=[1])),
        "an unknown key": changed(good, lone, lambda r: r.update(extra=1)),
    }
    assert not list(problems_of(good, whole, packets, originals)), list(problems_of(good, whole, packets, originals))
    for what, run in worse.items():
        assert list(problems_of(run, whole, packets, originals)), f"{what} is not noticed"
    lost = Variant(b"", [p for p in packets if p.source + 1 not in originals[answered]["response_frames"]], True)
    surviving = Surviving(lost, packets)
    run = changed(good, answered, miss)
    assert not list(parse(run))
    numbers = {p.source + 1: number for number, p in enumerate(lost.packets, 1)}
    for call in run.calls():
        call["request_frames"] = [numbers[frame] for frame in call["request_frames"]]
        call["response_frames"] = [numbers[frame] for frame in call["response_frames"]]
    assert list(absence_problems(run, originals, surviving)), "an unexplained hole is not noticed"
    for damage in DAMAGES:
        variants = [damage(data, packets, random.Random(seed)).data for seed in (1, 1, 2, 3)]
        assert variants[0] == variants[1] and len(set(variants)) > 1, f"{damage.__name__} is not what its seed says"
    sent = [capture_file.segment_of(p) for p in packets]
    assert all(sent) and any(s.payload_size for s in sent), "segments are not read"
    for write in (capture_file.write_pcap, capture_file.write_pcapng):
        again = capture_file.read_packets(write(packets))
        assert [vars(p) for p in again] == [vars(p) for p in packets], f"{write.__name__} changes packets"
    print("self-test passed")
    return 0


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sessenum", type=os.path.abspath)
    parser.add_argument("--variants", type=int, default=2000)
    parser.add_argument("--only", metavar="CAPTURE:KIND:SEED")
    parser.add_argument("--keep", type=pathlib.Path)
    parser.add_argument("--self-test", action="store_true")
    options = parser.parse_args()
    if options.self_test:
        return self_test()
    if not options.sessenum:
        parser.error("--sessenum is needed")
    if options.only:
        return run_one(options.sessenum, options.only, options.keep)
    return run_all(options.sessenum, options.variants)


if __name__ == "__main__":
    sys.exit(main())
