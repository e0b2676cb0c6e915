#!/usr/bin/env python3
"""Holds dissector/rules/RULES.md against the program, and tries `rules`, `explain` and --all-verdicts.

usage: rules_test.py SESSENUM [--update]
"""
import argparse
import json
import pathlib
import subprocess
import sys
import unittest

ROOT = pathlib.Path(__file__).resolve().parent.parent
PAGE = ROOT / "dissector" / "rules" / "RULES.md"
CAPTURE = ROOT / "pcaps" / "smb2-errors-natural.pcapng"
BINARY = None


def run(*arguments):
    return subprocess.run([BINARY, *map(str, arguments)], capture_output=True, text=True, encoding="utf-8",
                          stdin=subprocess.DEVNULL, timeout=120)


def rules():
    return [json.loads(line) for line in run("rules", "--format", "ndjson").stdout.splitlines()]


class Catalogue(unittest.TestCase):
    def test_the_page_is_current(self):
        self.assertEqual(PAGE.read_text(encoding="utf-8"), run("rules", "--format", "markdown").stdout,
                         "run tools/rules_test.py SESSENUM --update")

    def test_every_rule_can_be_explained(self):
        for rule in rules():
            done = run("explain", rule["id"].lower())
            self.assertEqual(done.returncode, 0, rule["id"])
            self.assertTrue(done.stdout.startswith(rule["id"] + "  " + rule["title"]), rule["id"])

    def test_a_rule_that_does_not_exist_is_an_error(self):
        done = run("explain", "Z1")
        self.assertEqual(done.returncode, 2)
        self.assertEqual(done.stdout, "")
        self.assertEqual(done.stderr, "sessenum: there is no rule Z1; `sessenum rules` lists them\n")


class Verdicts(unittest.TestCase):
    def replay(self, *options):
        done = run("replay", "--format", "ndjson", *options, CAPTURE)
        self.assertEqual(done.returncode, 0, done.stderr)
        *calls, summary = [json.loads(line) for line in done.stdout.splitlines()]
        return calls, summary

    def test_all_verdicts_prints_what_the_summary_counts(self):
        calls, summary = self.replay("--all-verdicts")
        told = dict.fromkeys(summary["rules"], 0)
        for call in calls:
            for finding in call["findings"]:
                # Lawful oddities of a stub are told with it, and are no verdicts of their own.
                if finding["verdict"] != "pass" or not finding["rule"].startswith("G5-"):
                    told[finding["verdict"]] += 1
        self.assertEqual(told, summary["rules"])

    def test_every_judged_rule_is_told_once_a_call(self):
        judged = [r["id"] for r in rules() if r["observable"] and r["scope"] != "stub"]
        calls, _ = self.replay("--all-verdicts")
        self.assertTrue(calls)
        for call in calls:
            told = [f["rule"] for f in call["findings"] if not f["rule"].startswith("G5")]
            self.assertEqual(told, judged)

    def test_without_it_only_what_is_notable(self):
        calls, summary = self.replay()
        verdicts = {f["verdict"] for call in calls for f in call["findings"]}
        self.assertEqual(verdicts, {"violation", "known", "advisory"})
        self.assertEqual(summary, self.replay("--all-verdicts")[1])

    def test_thresholds_can_be_set(self):
        def watches(*options):
            calls, _ = self.replay(*options)
            return sum(f["rule"] == "D2" for call in calls for f in call["findings"])
        self.assertEqual(watches("--repeats", "1000"), 0)
        self.assertGreater(watches("--repeats", "2"), watches("--repeats", "10"))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sessenum", type=pathlib.Path)
    parser.add_argument("--update", action="store_true")
    args = parser.parse_args()
    global BINARY
    BINARY = str(args.sessenum.resolve())
    if args.update:
        PAGE.write_text(run("rules", "--format", "markdown").stdout, encoding="utf-8")
        return 0
    return not unittest.main(argv=[sys.argv[0]], exit=False).result.wasSuccessful()


if __name__ == "__main__":
    sys.exit(main())
