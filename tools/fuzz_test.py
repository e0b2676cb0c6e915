#!/usr/bin/python3
"""Tests what tools/fuzz does without an engine: its command line, the caps of a corpus, how it reads engines' reports."""
import pathlib
import subprocess
import sys
import tempfile
import unittest
import unittest.mock

sys.dont_write_bytecode = True

import source_coverage  # noqa: E402
from fuzzing import afl, campaign, corpus, coverage, libfuzzer, project, run  # noqa: E402

FUZZ = project.TOP / "tools" / "fuzz"


def fuzz(*arguments):
    return subprocess.run([FUZZ, *arguments], text=True, capture_output=True)


class CommandLine(unittest.TestCase):
    def test_help_names_every_command(self):
        shown = fuzz("--help")
        self.assertEqual(shown.returncode, 0)
        for command in ("all", "list", "replay", "minimise", "coverage", "speed", "campaign"):
            self.assertIn(f"tools/fuzz {command}", shown.stdout)

    def test_what_makes_no_sense_is_refused(self):
        for arguments in ((), ("stub_decode", "--engine", "nope"), ("stub_decode", "--seconds", "0"),
                          ("stub_decode", "--jobs", "-1"), ("stub_decode", "--corpus", "half"),
                          ("campaign", "--engines", "libfuzzer,nope"), ("minimise",), ("--nope",)):
            refused = fuzz(*arguments)
            self.assertEqual(refused.returncode, 2, arguments)
            self.assertIn("usage: tools/fuzz", refused.stderr, arguments)


class InFolder(unittest.TestCase):
    """Each test has a repository of its own, with an empty corpus."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.top = pathlib.Path(folder.name)
        for name, path in (("CORPUS", "corpus"), ("WORK", "work"), ("FINDINGS", "findings"), ("FOUND", "found"),
                           ("DICTIONARIES", "dictionaries")):
            patch = unittest.mock.patch.object(project, name, self.top / path)
            patch.start()
            self.addCleanup(patch.stop)

    def put(self, path, content):
        path = self.top / path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        return path


class Corpus(InFolder):
    def test_too_many_files_are_told(self):
        for number in range(corpus.MOST_FILES):
            self.put(f"corpus/t/seed/{number}", b"")
        self.assertEqual(corpus.over_caps("t"), "")
        self.put("corpus/t/regress/one_more", b"")
        self.assertIn(f"{corpus.MOST_FILES + 1} files", corpus.over_caps("t"))
        with self.assertRaises(project.Refused):
            corpus.minimise("t")

    def test_too_many_bytes_are_told(self):
        self.put("corpus/t/seed/large", bytes(corpus.MOST_BYTES))
        self.assertEqual(corpus.over_caps("t"), "")
        self.put("corpus/t/seed/small", b"x")
        self.assertIn(f"{corpus.MOST_BYTES + 1} bytes", corpus.over_caps("t"))

    def test_the_shortest_are_taken_until_a_cap(self):
        kept = [self.put("corpus/t/seed/large", bytes(corpus.MOST_BYTES - 3))]
        self.assertEqual(corpus.within_caps(kept, [b"four", b"b", b"cc"]), [b"b", b"cc"])
        full = [self.put(f"corpus/u/seed/{number}", b"") for number in range(corpus.MOST_FILES - 1)]
        self.assertEqual(corpus.within_caps(full, [b"bb", b"a"]), [b"a"])

    def test_nothing_to_minimise_is_told(self):
        with self.assertRaisesRegex(project.Refused, "run `tools/fuzz t` first"):
            corpus.minimise("t")

    def test_every_seed_may_grow(self):
        self.assertEqual(corpus.most_length("t"), 4096)
        self.put("corpus/t/seed/long", bytes(5000))
        self.assertEqual(corpus.most_length("t"), 10000)

    def test_seeds_and_regress_are_replayed(self):
        self.put("corpus/t/regress/what_it_broke", b"x")
        self.assertEqual([folder.name for folder in corpus.folders("t")], ["regress"])
        self.put("corpus/t/seed/a", b"x")
        self.assertEqual([folder.name for folder in corpus.folders("t")], ["seed", "regress"])


class Runs(InFolder):
    def plan(self, **more):
        return run.Plan("t", "afl", 10, **more)

    def test_the_same_finding_is_kept_once(self):
        first = run.keep_finding("t", self.put("a/id:000000", b"broken"), "crash", pathlib.Path("p"))
        second = run.keep_finding("t", self.put("b/id:000001", b"broken"), "crash", pathlib.Path("p"))
        self.assertEqual(first, second)
        self.assertEqual(first.path.read_bytes(), b"broken")
        self.assertEqual(first.repeat, f"p {first.path}")

    def test_a_dictionary_is_used_where_there_is_one(self):
        self.assertFalse([part for part in libfuzzer.arguments(self.plan()) if part.startswith("-dict")])
        self.put("dictionaries/t.dict", b"")
        self.assertIn(f"-dict={self.top}/dictionaries/t.dict", libfuzzer.arguments(self.plan()))
        self.assertIn("-x", afl.command(self.plan(), 0, self.top))

    def test_the_first_job_of_afl_has_sanitizers(self):
        self.assertIn("afl-asan", afl.command(self.plan(), 0, self.top)[-1])
        self.assertNotIn("afl-asan", afl.command(self.plan(), 1, self.top)[-1])

    def test_afl_has_a_seed_even_from_an_empty_corpus(self):
        self.put("corpus/t/seed/empty", b"")
        for with_corpus in (True, False):
            seeds = list(afl.seeds(self.plan(with_corpus=with_corpus)).iterdir())
            self.assertEqual([path.read_bytes() for path in seeds], [afl.ANY_INPUT])

    def test_afl_crashes_and_hangs_are_findings(self):
        plan = self.plan()
        out = plan.folder.relative_to(self.top) / "out" / "job0"
        self.put(out / "fuzzer_stats", b"execs_done        : 1234\n")
        self.put(out / "crashes/README.txt", b"not a finding")
        self.put(out / "crashes/id:000000,sig:06", b"a")
        self.put(out / "hangs/id:000000", b"b")
        self.put(plan.folder.relative_to(self.top) / "log0", b"")
        outcome = run.Outcome(plan)
        afl.collect(plan, 0, 0, outcome)
        self.assertEqual((outcome.executions, outcome.failure), (1234, ""))
        self.assertEqual([finding.path.name.split("-")[0] for finding in outcome.findings], ["crash", "timeout"])

    def test_an_engine_that_did_not_run_is_no_success(self):
        plan = self.plan()
        self.put(plan.folder.relative_to(self.top) / "log0", b"no such program\n")
        outcome = run.Outcome(plan)
        afl.collect(plan, 0, 1, outcome)
        self.assertIn("no such program", outcome.failure)
        self.assertEqual(campaign.status([outcome]), 1)
        self.assertIn("failed", campaign.table([outcome], "abc"))

    def test_the_memory_of_what_afl_runs_is_seen(self):
        holds = "held = bytearray(96 << 20); print(flush=True); input()"
        runs = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {holds!r}])"
        with subprocess.Popen([sys.executable, "-c", runs], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as above:
            above.stdout.readline()
            peak = afl.peak_below(above.pid)
            above.stdin.write(b"\n")
            above.stdin.close()
        self.assertTrue(96 <= peak < 160, peak)
        self.assertEqual(afl.watch([above])[0], [0])

    def test_more_memory_than_is_allowed_is_no_success(self):
        for peak, status in (run.Plan.most_mib, 0), (run.Plan.most_mib + 1, 1):
            with (unittest.mock.patch.object(afl, "start"), unittest.mock.patch.object(afl, "collect"),
                  unittest.mock.patch.object(afl, "watch", return_value=([0], peak))):
                outcome = afl.fuzz(self.plan())
            self.assertEqual((outcome.peak_mib, campaign.status([outcome])), (peak, status))

    def test_libfuzzer_artifacts_are_findings(self):
        plan = self.plan()
        folder = plan.folder.relative_to(self.top)
        self.put(folder / "log0", b"stat::number_of_executed_units: 99\nstat::peak_rss_mb:             70\n")
        self.put(folder / "artifacts0/oom-1", b"a")
        self.put(folder / "artifacts0/slow-unit-2", b"b")
        outcome = run.Outcome(plan)
        libfuzzer.collect(plan, 0, 71, outcome)
        self.assertEqual((outcome.executions, outcome.peak_mib, outcome.failure), (99, 70, ""))
        self.assertEqual([finding.path.name.split("-")[0] for finding in outcome.findings], ["oom"])
        self.assertEqual(campaign.status([outcome]), 1)

    def test_a_campaign_says_what_ran_where(self):
        outcome = run.Outcome(self.plan(), executions=1000, peak_mib=40)
        self.assertIn("| t | afl | abc1234 | 10 | 1,000 | 100 | 40 | none |", campaign.table([outcome], "abc1234"))
        self.assertEqual(campaign.status([outcome]), 0)


class Coverage(unittest.TestCase):
    def test_lines_are_shown_as_ranges(self):
        self.assertEqual(source_coverage.ranges([1, 2, 3, 7, 9, 10]), "1-3, 7, 9-10")
        self.assertEqual(source_coverage.ranges([]), "")

    def test_each_floor_can_be_missed(self):
        full = source_coverage.Counted(100, 100, 100, 100)
        self.assertEqual(coverage.shortfalls(full, full), [])
        self.assertEqual(len(coverage.shortfalls(source_coverage.Counted(100, 97, 100, 100), full)), 1)
        self.assertEqual(len(coverage.shortfalls(source_coverage.Counted(100, 100, 100, 91), full)), 1)
        self.assertEqual(len(coverage.shortfalls(full, source_coverage.Counted(100, 94, 100, 0))), 1)

    def test_what_is_not_covered_has_its_reason(self):
        named = coverage.read_named("# why\nbase/a.h\n  return 0;  -- nobody asks\n\nrpc/b.cc\n  x -- y;  -- z\n")
        self.assertEqual([(entry.path, entry.text, entry.reason) for entry in named],
                         [("base/a.h", "return 0;", "nobody asks"), ("rpc/b.cc", "x -- y;", "z")])
        sources = {"base/a.h": ["  if (a) {", "    return 0;", "  }"], "rpc/b.cc": ["x -- y;"]}
        uncovered = {"base/a.h": [2], "rpc/b.cc": [1]}
        self.assertEqual(list(coverage.unexplained(uncovered, named, sources.get)), [])
        without_reason = list(coverage.unexplained({**uncovered, "base/a.h": [1, 2]}, named, sources.get))
        self.assertEqual(len(without_reason), 1)
        self.assertIn("base/a.h:1", without_reason[0])
        stale = list(coverage.unexplained({"base/a.h": [2]}, named, sources.get))
        self.assertEqual(len(stale), 1)
        self.assertIn("strike it off", stale[0])

    def test_a_reason_is_one_line_s(self):
        sources = {"smb/b.cc": ["return false;", "return false;"]}
        named = coverage.read_named("smb/b.cc\n  return false;  -- why\n")
        self.assertEqual(list(coverage.unexplained({"smb/b.cc": [1]}, named, sources.get)), [])
        self.assertEqual(len(list(coverage.unexplained({"smb/b.cc": [1, 2]}, named, sources.get))), 1)
        self.assertEqual(list(coverage.unexplained({"smb/b.cc": [1, 2]}, named * 2, sources.get)), [])
        self.assertIn("strike it off", next(coverage.unexplained({"smb/b.cc": [1]}, named * 2, sources.get)))

    def test_of_the_rest_every_line_needs_a_reason_of_the_core_every_branch_too(self):
        uncovered = {pathlib.PurePath(path): ([1], [2]) for path in ("base/a.h", "smb/b.cc", "capture/c.cc", "wireshark/d.c")}
        asked = coverage.to_explain(uncovered)
        self.assertEqual(asked, {"base/a.h": [1, 2], "smb/b.cc": [1]})
        named = coverage.read_named("base/a.h\n  one  -- why\n  two  -- why\n")
        sources = {"base/a.h": ["one", "two"], "smb/b.cc": ["three", "four"]}
        problems = list(coverage.unexplained(asked, named, sources.get))
        self.assertEqual(len(problems), 1)
        self.assertIn("dissector/smb/b.cc:1 is not covered, and no reason is given: three", problems[0])

    def test_a_line_without_reason_is_refused(self):
        for text in ("  return 0;  -- nobody asks\n", "base/a.h\n  return 0;\n", "base/a.h\n  return 0;  -- \n"):
            with self.assertRaises(coverage.project.Refused, msg=text):
                coverage.read_named(text)


class ThisRepository(unittest.TestCase):
    def test_every_corpus_is_within_its_caps(self):
        names = [folder.name for folder in project.CORPUS.iterdir()]
        self.assertTrue(names)
        self.assertEqual([problem for name in names if (problem := corpus.over_caps(name))], [])


if __name__ == "__main__":
    unittest.main()
