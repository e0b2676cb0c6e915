#!/usr/bin/python3
"""Fails where a check of tools/oss_fuzz_check refuses a good product or passes a broken one. Builds no fuzz target.

usage: oss_fuzz_check_test.py
"""
import os
import pathlib
import subprocess
import tempfile
import unittest
import zipfile

from oss_fuzz import base_builder, breaks, product_checks, project_files, runner

TOP = base_builder.TOP
MAIN = '#include <stdio.h>\n%s\nint main(int c, char** v) { fprintf(stderr, "%%d inputs\\n", c - 1); return %s; }'
PROGRAM = "const char* entry = \"LLVMFuzzerTestOneInput\"; int main(int c, char** v) { (void)c; (void)v; return %s; }"


class Folder(unittest.TestCase):
    """A $OUT with one good target, `echo`."""

    def setUp(self):
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.scratch = pathlib.Path(temporary.name)
        self.out = self.scratch / "out"
        self.out.mkdir()
        self.compile("echo", PROGRAM % 0)
        self.seed("echo", {"seed/a": b"a" * 70, "regress/b": b"b"})
        (self.out / "echo.options").write_text("[libfuzzer]\nmax_len = 70\n")

    def compile(self, name, program):
        source = self.scratch / "program.c"
        source.write_text(program)
        subprocess.run(["cc", "-w", source, "-o", self.out / name], check=True)

    def seed(self, target, files):
        with zipfile.ZipFile(self.out / f"{target}_seed_corpus.zip", "w") as archive:
            for name, content in files.items():
                archive.writestr(name, content)

    def problems(self, expected=("echo",)):
        found = list(product_checks.folder_problems(self.out, set(expected)))
        for path in product_checks.find_targets(self.out):
            found += product_checks.seed_problems(self.out, path.name)
            found += product_checks.options_problems(self.out, path.name)
        return found

    def refuses(self, words, expected=("echo",)):
        found = self.problems(expected)
        self.assertTrue(any(words in problem for problem in found), f"{words!r} is not in {found}")

    def test_a_good_folder_passes(self):
        self.assertEqual(self.problems(), [])

    def test_a_missing_target(self):
        self.refuses("other: no target", ("echo", "other"))

    def test_an_unexpected_target(self):
        self.compile("other", PROGRAM % 0)
        self.refuses("other: a target that was not expected")

    def test_a_target_that_does_not_name_the_entry(self):
        self.compile("echo", "int main(void) { return 0; }")
        self.refuses("echo: no target")

    def test_a_target_that_is_not_executable(self):
        (self.out / "echo").chmod(0o644)
        self.refuses("echo: no target")

    def test_a_script_is_no_target(self):
        (self.out / "echo").write_text("#!/bin/sh\n# LLVMFuzzerTestOneInput\n")
        self.refuses("echo: no target")

    def test_a_name_that_the_runner_does_not_take(self):
        self.compile("echo.bin", PROGRAM % 0)
        self.refuses("echo.bin: the name", ("echo", "echo.bin"))

    def test_an_orphan(self):
        (self.out / "other.dict").write_text('"a"\n')
        self.refuses("other.dict: belongs to no target")

    def test_a_missing_zip(self):
        (self.out / "echo_seed_corpus.zip").unlink()
        self.refuses("echo_seed_corpus.zip is missing")

    def test_an_empty_zip(self):
        self.seed("echo", {})
        self.refuses("echo_seed_corpus.zip is missing, broken or empty")

    def test_a_zip_of_something_else(self):
        (self.out / "echo_seed_corpus.zip").write_bytes(b"PK")
        self.refuses("echo_seed_corpus.zip is missing, broken or empty")

    def test_a_zip_that_leads_out(self):
        self.seed("echo", {"../a": b"a"})
        self.refuses("leads out")

    def test_missing_options(self):
        (self.out / "echo.options").unlink()
        self.refuses("echo.options is missing")

    def test_options_that_do_not_parse(self):
        (self.out / "echo.options").write_text("max_len = 70\n")
        self.refuses("no section headers")

    def test_options_of_another_section(self):
        (self.out / "echo.options").write_text("[asan]\nmax_len = 70\n")
        self.refuses("no section for libfuzzer")

    def test_options_that_cut_a_seed(self):
        (self.out / "echo.options").write_text("[libfuzzer]\nmax_len = 69\n")
        self.refuses("the longest seed has 70 bytes")

    def test_a_dictionary_that_is_not_there(self):
        (self.out / "echo.options").write_text("[libfuzzer]\nmax_len = 70\ndict = echo.dict\n")
        self.refuses("echo.dict is not there")

    def test_a_dictionary_that_nobody_names(self):
        (self.out / "echo.dict").write_text('"a"\n')
        self.refuses("does not name echo.dict")

    def test_a_seed_that_breaks_the_target_is_seen_by_the_replay(self):
        self.compile("echo", MAIN % ("", 0))
        self.assertEqual(list(runner.run_replay(self.out, "echo", self.fresh())), [])
        for program in (MAIN % ("", 1), PROGRAM % 0):
            self.compile("echo", program)
            self.assertEqual(len(list(runner.run_replay(self.out, "echo", self.fresh()))), 1)

    def test_the_runner_does_not_name_out(self):
        self.compile("echo", MAIN % ("#include <stdlib.h>", 'getenv("OUT") != 0'))
        os.environ["OUT"] = str(self.out)
        self.addCleanup(os.environ.pop, "OUT")
        self.assertEqual(list(runner.run_replay(self.out, "echo", self.fresh())), [])

    def fresh(self):
        return pathlib.Path(tempfile.mkdtemp(dir=self.scratch))


class Program(unittest.TestCase):
    """What other programs print about a target."""

    def expect(self, found, words):
        found = list(found)
        if words:
            self.assertTrue(any(words in problem for problem in found), f"{words!r} is not in {found}")
        else:
            self.assertEqual(found, [])

    def test_instrumentation(self):
        for sanitizer, asan, ubsan, msan, words in [
                ("address", 1000, 200, 3, ""), ("address", 999, 0, 0, "does not seem to be built with asan"),
                ("address", 1000, 201, 0, "seems to be built with ubsan too"),
                ("address", 1000, 0, 4, "seems to be built with msan too"),
                ("memory", 0, 200, 1000, ""), ("memory", 0, 0, 999, "does not seem to be built with msan"),
                ("memory", 1, 0, 1000, "seems to be built with asan too"),
                ("undefined", 0, 168, 0, ""), ("undefined", 0, 167, 0, "does not seem to be built with ubsan"),
                ("undefined", 1, 168, 0, "seems to be built with asan too"),
                ("coverage", 0, 0, 0, ""), ("coverage", 1, 0, 0, "seems to be built with asan too")]:
            with self.subTest(sanitizer=sanitizer, asan=asan, ubsan=ubsan, msan=msan):
                counts = {"asan": asan, "ubsan": ubsan, "msan": msan}
                self.expect(product_checks.instrumentation_problems(sanitizer, counts), words)

    def test_calls_are_counted(self):
        with tempfile.TemporaryDirectory() as scratch:
            source = pathlib.Path(scratch) / "calls.c"
            source.write_text("void __asan_a(void) { __asm__(\"\"); } void __ubsan_b(void) { __asm__(\"\"); }\n"
                              "int main(void) { __asan_a(); __asan_a(); __ubsan_b(); return 0; }\n")
            target = pathlib.Path(scratch) / "calls"
            subprocess.run(["cc", "-O0", source, "-o", target], check=True)
            self.assertEqual(product_checks.count_calls(target), {"asan": 2, "ubsan": 1, "msan": 0})

    def test_startup(self):
        for printed, words in [("#4 DONE\nDone 4 runs in 0 second(s)\n", ""), ("", "crashes or exits at startup"),
                               ("Done 3 runs in 0 second(s)\n", "crashes or exits"),
                               ("==1==ERROR: AddressSanitizer: SEGV\nend\n", "AddressSanitizer: SEGV"),
                               ("ERROR: no interesting inputs were found. Is the code instrumented\n", "no coverage")]:
            with self.subTest(printed=printed):
                self.expect(product_checks.startup_problems(printed), words)

    def test_afl(self):
        for printed, words in [("[+] All set and ready to roll!\n", ""), ("[-] PROGRAM ABORT : No instrumentation\n", "ABORT"),
                               ("All set and ready to roll\ntarget binary crashed\n", "at startup")]:
            with self.subTest(printed=printed):
                self.expect(product_checks.afl_problems(printed), words)

    def test_architecture(self):
        self.expect(product_checks.architecture_problems("ELF 64-bit LSB pie executable, x86-64, version 1"), "")
        self.expect(product_checks.architecture_problems("ELF 32-bit LSB executable, Intel 80386"), "not built for x86_64")

    def test_libraries(self):
        for line, words in [("libc.so.6 => /lib/libc.so.6 (0x1)", ""), ("/lib64/ld-linux-x86-64.so.2 (0x1)", ""),
                            ("libc++.so.1 => /lib/libc++.so.1 (0x1)", ""), ("linux-vdso.so.1 (0x1)", ""),
                            ("libpcap.so.0.8 => /lib/libpcap.so.0.8 (0x1)", "needs libpcap.so.0.8"),
                            ("libcrypto.so.3 => not found", "needs libcrypto.so.3"), ("statically linked", "")]:
            with self.subTest(line=line):
                self.expect(product_checks.library_problems(line), words)

    def test_coverage(self):
        for count, percent, words in [(100, 50.0, ""), (100, 0.5, "the seeds cover"), (0, 0.0, "has no line")]:
            report = {"data": [{"totals": {"lines": {"count": count, "percent": percent}}}]}
            self.expect(product_checks.coverage_problems(report, least_percent=1), words)


GOOD_YAML = """
homepage: https://git.example.org
main_repo: https://git.example.org/x.git
language: c++
primary_contact: a@example.org
sanitizers: [address, undefined, memory]
fuzzing_engines: [libfuzzer, afl, honggfuzz, centipede]
"""


class ProjectFiles(unittest.TestCase):
    def refuses(self, found, words):
        found = list(found)
        self.assertTrue(any(words in problem for problem in found), f"{words!r} is not in {found}")

    def yaml(self, text):
        return project_files.project_yaml_problems("project.yaml", text, {"language", "main_repo"}, project_files.WANTED)

    def test_the_repository_passes(self):
        self.assertEqual(list(project_files.problems(TOP)), [])

    def test_an_empty_repository_does_not(self):
        with tempfile.TemporaryDirectory() as folder:
            self.assertEqual(len(list(project_files.problems(pathlib.Path(folder)))), len(project_files.FILES))

    def test_project_yaml(self):
        self.assertEqual(list(self.yaml(GOOD_YAML)), [])
        for old, new, words in [("memory", "memroy", "memroy is not one of the sanitizers"),
                                (", memory", "", "memory is not among the sanitizers"),
                                (", centipede", "", "centipede is not among"), ("afl", "afl++", "afl++ is not one of"),
                                ("homepage", "homepages", "homepages is no section"), ("c++", "cpp", "cpp is not one of"),
                                ("main_repo", "labels", "main_repo is missing"), ("a@example.org", "a", "a is no address"),
                                ("address, undefined", "[address", "project.yaml: ")]:
            with self.subTest(new=new):
                self.refuses(self.yaml(GOOD_YAML.replace(old, new, 1)), words)

    def test_dockerfile(self):
        good = ("FROM gcr.io/oss-fuzz-base/base-builder:v1\nRUN apt-get update && apt-get install -y \\\n  zip\n"
                "COPY build.sh $SRC/\n")
        self.assertEqual(list(project_files.dockerfile_problems("Dockerfile", good)), [])
        for old, new, words in [("apt-get update && ", "", "without apt-get update"), ("base-builder", "base-image", "base builder"),
                                ("COPY build.sh", "COPY main.sh", "not copied")]:
            with self.subTest(new=new):
                self.refuses(project_files.dockerfile_problems("Dockerfile", good.replace(old, new)), words)

    def test_scripts(self):
        self.assertEqual(list(project_files.script_problems("x.sh", "# not -fsanitize=address\n$CXX $CXXFLAGS\n")), [])
        for flag in ("-fsanitize=address", "-lFuzzingEngine", "-stdlib=libc++", "-fno-sanitize-recover=all"):
            with self.subTest(flag=flag):
                self.refuses(project_files.script_problems("x.sh", f"$CXX {flag} a.cc\n"), flag)

    def test_one_build(self):
        call = '#!/bin/bash\n\nbash -eu "$SRC/sessenum/fuzz/oss-fuzz/build_targets.sh"\n'
        self.assertEqual(list(project_files.same_build_problems(call, call)), [])
        self.refuses(project_files.same_build_problems(call, call + "make\n"), "ClusterFuzzLite")

    def test_workflow(self):
        good = "name: a\non: [push]\npermissions: {}\njobs:\n  a:\n    steps:\n      - uses: x/y@v1\n"
        self.assertEqual(list(project_files.workflow_problems("a.yml", good)), [])
        for old, new, words in [("permissions: {}\n", "", "permissions is missing"), ("@v1", "", "names no version"),
                                ("uses: x/y@v1", "name: z", "does nothing"), ("jobs:", "jobs: [", "a.yml: ")]:
            with self.subTest(new=new):
                self.refuses(project_files.workflow_problems("a.yml", good.replace(old, new)), words)


class Breaks(unittest.TestCase):
    def test_each_can_be_planted(self):
        with tempfile.TemporaryDirectory() as folder:
            breaks.copy(pathlib.Path(folder))
            for name, planted in breaks.BREAKS.items():
                with self.subTest(name=name):
                    self.assertIn(planted.job, base_builder.JOBS)
                    breaks.broken(planted, pathlib.Path(folder))


if __name__ == "__main__":
    unittest.main()
