#!/usr/bin/python3
"""Feeds the stubs of pcaps/ through docs/zeek's handlers, as Zeek's events would, and compares with `sessenum replay`.

usage: zeek_events_test.py --sessenum PROGRAM --events REPLAY_EVENTS [unittest arguments]
"""
import json
import pathlib
import re
import subprocess
import sys

from command_line import PCAPS, CommandLineTest, calls_of, main, run

NAME = re.compile(r".*-f(?P<frame>\d+)-c(?P<call>\d+)-(?P<kind>req|resp)-.*\.stub")
EVENTS = None
# Level 0 and zeros look alike in several forms, and garbage in none.
NOT_TOLD = [
    "broken-resp-garbage.pcap: fits, unfit",
    "real-smbd-level3-nullctr.pcap: fits, ambiguous",
    "smb2-error-0x80070005.pcap: fits, ambiguous",
    "tcp-noauth-samba-ndr64.pcapng: ambiguous, fits",
]


def play(lines):
    done = subprocess.run([str(EVENTS)], input="".join(line + "\n" for line in lines), capture_output=True, text=True,
                          encoding="utf-8", timeout=120)
    assert done.returncode == 0, done.stderr
    return [line.split("\t") for line in done.stdout.splitlines()]


class Events(CommandLineTest):
    def stubs_of(self, capture, folder):
        """{(kind, frame, call id): bytes}, or None where a stub that came twice is a file only once."""
        status, out, _ = run("extract", "--to", folder, capture)
        if status or ", 0 repeated" not in out:
            return None
        stubs = {}
        for path in folder.glob("*.stub"):
            match = NAME.fullmatch(path.name)
            stubs[match["kind"], int(match["frame"]), int(match["call"])] = path.read_bytes()
        return stubs

    def stub_rules(self):
        """Those that need no more than a call's stubs. P5 knows earlier calls, and F1 how they were carried."""
        listed = [json.loads(line) for line in run("rules", "--format", "ndjson")[1].splitlines()]
        return {rule["id"] for rule in listed if rule["scope"] in ("stub", "request", "response", "pair")
                and rule["id"] not in ("P5", "F1")}

    def told_of(self, calls, stubs):
        """What the handlers print of each call: (of its request, of its answer)."""
        events = []
        for number, call in enumerate(calls):
            for event, kind, frames in (("request", "req", "request_frames"), ("response", "resp", "response_frames")):
                events.append(f"{event} C{number} 7 {stubs[kind, call[frames][0], call['call_id']].hex()}")
        told = play(events)
        return zip(told[::2], told[1::2])

    def test_what_the_handlers_find_is_what_replay_finds(self):
        rules = self.stub_rules()
        self.assertIn("S4", rules)
        captures = sorted(path for path in PCAPS.iterdir() if path.suffix in (".pcap", ".pcapng"))
        by_capture = {capture.name: [] for capture in captures}
        for call in calls_of(run("replay", "--format", "ndjson", *captures)[1]):
            by_capture[pathlib.Path(call["capture"]).name].append(call)
        read, compared, found, not_told = 0, 0, 0, []
        for capture in captures:
            calls = by_capture[capture.name]
            if not calls or any(call["undecoded"] or not call["request"] or not call["response"] for call in calls):
                continue
            stubs = self.stubs_of(capture, self.folder / capture.name)
            if not stubs:
                continue
            read += 1
            for call, (asked, answered) in zip(calls, self.told_of(calls, stubs)):
                with self.subTest(capture=capture.name, call=call["call_id"]):
                    if (asked[3], answered[3]) != ("fits", "fits"):
                        not_told.append(f"{capture.name}: {asked[3]}, {answered[3]}")
                        continue
                    self.assertIn(f"level {call['request']['level']}", asked[5])
                    sessions = ((call["response"]["container"] or {}).get("sessions")) or []
                    self.assertEqual(answered[4], str(len(sessions)))
                    expected = {f"{finding['rule']}={finding['verdict']}" for finding in call["findings"]
                                if finding["rule"] in rules}
                    told = set(asked[6].split() + answered[6].split())
                    self.assertEqual({finding for finding in told if finding.split("=")[0] in rules}, expected)
                    compared += 1
                    found += len(expected)
        print(f"{compared} calls of {read} captures, {found} findings", file=sys.stderr)
        self.assertEqual(not_told, NOT_TOLD)
        self.assertGreater(read, 30)
        self.assertGreater(found, 30)

    def test_an_answer_is_judged_by_its_own_request(self):
        capture = PCAPS / "violation-bad-client-name-accepted.pcapng"
        stubs = self.stubs_of(capture, self.folder / "x")
        request = next(stub for (kind, *_), stub in stubs.items() if kind == "req").hex()
        response = next(stub for (kind, *_), stub in stubs.items() if kind == "resp").hex()
        lines = play([f"request C1 1 {request}", f"response C2 1 {response}", f"response C1 2 {response}",
                      f"response C1 1 {response}", f"response C1 1 {response}",
                      f"request C1 1 {request}", "end C1", f"response C1 1 {response}"])
        self.assertEqual(["C1=violation" in line[6] for line in lines], [False, False, False, True, False, False, False])

    def test_what_is_no_event(self):
        done = subprocess.run([str(EVENTS)], input="nonsense\n", capture_output=True, text=True)
        self.assertEqual(done.returncode, 1)

    def test_requests_that_are_never_answered_are_bounded(self):
        self.assertEqual(len(play([f"request C{i} 1 00" for i in range(5000)])), 5000)


if __name__ == "__main__":
    at = sys.argv.index("--events")
    EVENTS = pathlib.Path(sys.argv[at + 1]).resolve()
    del sys.argv[at:at + 2]
    main(__doc__)
