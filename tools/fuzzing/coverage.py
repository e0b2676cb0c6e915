"""What corpus/ alone runs of dissector/: by the targets' replay mains, built with clang's source coverage."""
import os
import shutil
import subprocess

import source_coverage
from fuzzing import corpus, project

PRESET = "coverage"
CORE = ("base", "ndr", "srvsvc", "rpc")
CORE_LINES, CORE_BRANCHES = 98.0, 92.0
REST_LINES = 95.0
LEFT_OUT = ("capture", "wireshark")


def replay(target, profiles):
    environment = dict(os.environ, LLVM_PROFILE_FILE=str(profiles / f"{target}.profraw"))
    done = subprocess.run([project.program(PRESET, target), *corpus.folders(target)], env=environment, text=True,
                          capture_output=True)
    if done.returncode:
        raise project.Refused(f"the corpus of {target} does not replay:\n{done.stderr[-2000:]}")


def measure():
    project.configure(PRESET)
    project.build(PRESET)
    profiles = project.build_folder(PRESET) / "corpus_profile"
    shutil.rmtree(profiles, ignore_errors=True)
    targets = project.targets(PRESET)
    for target in targets:
        replay(target, profiles)
    return source_coverage.Report([project.program(PRESET, target) for target in targets], profiles)


def shortfalls(core, rest):
    """The floors that are not reached, each in words."""
    held = [("lines of " + " ".join(CORE), core.line_percent, CORE_LINES),
            ("branches of " + " ".join(CORE), core.branch_percent, CORE_BRANCHES),
            ("lines of the rest", rest.line_percent, REST_LINES)]
    return [f"{what}: {percent:.1f} %, {floor:.0f} % are asked" for what, percent, floor in held if percent < floor]


def print_uncovered(report):
    print("\nNot run by corpus/ (and lines of which a branch is not taken):")
    for path, (lines, branches) in report.uncovered().items():
        if path.parts[0] in LEFT_OUT or not (lines or branches):
            continue
        print(f"dissector/{path}")
        if lines:
            print(f"  not run: {source_coverage.ranges(lines)}")
        if branches:
            print(f"  not both ways: {source_coverage.ranges(branches)}")


def main(options):
    report = measure()
    files = report.files()
    core = rest = source_coverage.Counted()
    for folder, counted in source_coverage.by_folder(files).items():
        if folder in CORE:
            core += counted
        elif folder not in LEFT_OUT:
            rest += counted
        print(source_coverage.row(f"{folder}/", counted) + (" (no floor)" if folder in LEFT_OUT else ""))
    print(source_coverage.row(" ".join(CORE), core))
    print(source_coverage.row("the rest", rest))
    if options.lines:
        print_uncovered(report)
    else:
        for path, counted in files.items():
            if path.parts[0] not in LEFT_OUT and not counted.complete:
                print(source_coverage.row(f"  {path}", counted))
    problems = shortfalls(core, rest)
    for problem in problems:
        print(f"tools/fuzz coverage: {problem}")
    return 1 if problems else 0
