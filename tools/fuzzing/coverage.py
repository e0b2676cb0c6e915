"""What corpus/ alone runs of dissector/: by the targets' replay mains, built with clang's source coverage."""
import collections
import dataclasses
import os
import pathlib
import shutil
import subprocess

import source_coverage
from fuzzing import corpus, project

PRESET = "coverage"
CORE = ("base", "ndr", "srvsvc", "rpc")
CORE_LINES, CORE_BRANCHES = 98.0, 92.0
REST_LINES = 95.0
LEFT_OUT = ("capture", "wireshark")
NAMED = pathlib.Path(__file__).with_name("uncovered.txt")


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


@dataclasses.dataclass(frozen=True)
class Named:
    """A line that no input runs, or not both ways: by its text, so that it may move."""
    path: str
    text: str
    reason: str


def read_named(text):
    """uncovered.txt: a file's path on a line of its own; below it, indented, `source line  -- reason`."""
    path, named = "", []
    for line in text.splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        if not line.startswith(" "):
            path = line.strip()
            continue
        source, dashes, reason = line.strip().rpartition("  -- ")
        if not path or not dashes or not reason:
            raise project.Refused(f"{project.shown(NAMED)}: no reason, or no file: {line}")
        named.append(Named(path, source.strip(), reason))
    return named


def unexplained(uncovered, named, source_of):
    """What is wrong with the list, in words. `uncovered`: path -> line numbers; `source_of`: path -> lines of the file."""
    listed = collections.Counter((entry.path, entry.text) for entry in named)
    met = collections.Counter()
    for path, numbers in uncovered.items():
        source = source_of(path)
        for number in numbers:
            key = (path, source[number - 1].strip())
            met[key] += 1
            if met[key] > listed[key]:
                yield f"dissector/{path}:{number} is not covered, and no reason is given: {key[1]}"
    for path, text in sorted((listed - met).elements()):
        yield f"dissector/{path} is covered there, or has no such line; strike it off {project.shown(NAMED)}: {text}"


def to_explain(uncovered):
    """Path -> line numbers: of the core lines and branches, of the rest lines."""
    return {str(path): sorted(lines + branches) if path.parts[0] in CORE else lines
            for path, (lines, branches) in uncovered.items() if path.parts[0] not in LEFT_OUT}


def print_named(named):
    print("\nNot covered, and why:")
    for entry in named:
        print(f"  {entry.path}: {entry.text}\n    {entry.reason}")


def print_uncovered(uncovered):
    print("\nNot run by corpus/ (and lines of which a branch is not taken):")
    for path, (lines, branches) in uncovered.items():
        if path.parts[0] in LEFT_OUT or not (lines or branches):
            continue
        print(f"dissector/{path}")
        if lines:
            print(f"  not run: {source_coverage.ranges(lines)}")
        if branches:
            print(f"  not both ways: {source_coverage.ranges(branches)}")


def source_lines(path):
    return (project.TOP / "dissector" / path).read_text().splitlines()


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
    uncovered = report.uncovered()
    if options.lines:
        print_uncovered(uncovered)
    else:
        for path, counted in files.items():
            if path.parts[0] not in LEFT_OUT and not counted.complete:
                print(source_coverage.row(f"  {path}", counted))
    named = read_named(NAMED.read_text())
    print_named(named)
    problems = [*shortfalls(core, rest), *unexplained(to_explain(uncovered), named, source_lines)]
    for problem in problems:
        print(f"tools/fuzz coverage: {problem}")
    return 1 if problems else 0
