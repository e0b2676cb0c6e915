"""Reads what clang's source coverage recorded of dissector/: shared by tools/coverage and tools/fuzz coverage."""
import collections
import dataclasses
import json
import pathlib
import re
import subprocess

TOP = pathlib.Path(__file__).resolve().parent.parent


@dataclasses.dataclass
class Counted:
    lines: int = 0
    covered_lines: int = 0
    branches: int = 0
    covered_branches: int = 0

    def __add__(self, other):
        return Counted(*(mine + theirs for mine, theirs in zip(dataclasses.astuple(self), dataclasses.astuple(other))))

    @property
    def line_percent(self):
        return 100 * self.covered_lines / max(self.lines, 1)

    @property
    def branch_percent(self):
        return 100 * self.covered_branches / self.branches if self.branches else 100.0

    @property
    def complete(self):
        return self.covered_lines == self.lines and self.covered_branches == self.branches

    def __str__(self):
        return (f"{self.covered_lines:6} of {self.lines:6} lines {self.line_percent:6.1f} %"
                f" {self.covered_branches:6} of {self.branches:6} branches {self.branch_percent:6.1f} %")


class Report:
    """What some programs, run with LLVM_PROFILE_FILE in the folder `profiles`, covered."""

    def __init__(self, programs, profiles):
        profile = profiles.with_suffix(".profdata")
        subprocess.run(["llvm-profdata-19", "merge", "--sparse", "-o", profile, *profiles.glob("*.profraw")], check=True)
        first, *others = [str(program) for program in programs]
        self.arguments = ["--instr-profile", str(profile), first,
                          *(part for other in others for part in ("--object", other))]

    def _export(self, *options):
        return subprocess.run(["llvm-cov-19", "export", *options, *self.arguments], check=True, text=True,
                              stdout=subprocess.PIPE).stdout

    def files(self):
        """Path below dissector/ -> Counted, tests left out."""
        counted = {}
        for entry in json.loads(self._export("--summary-only"))["data"][0]["files"]:
            path = _product_path(entry["filename"])
            if path:
                lines, branches = entry["summary"]["lines"], entry["summary"]["branches"]
                counted[path] = Counted(lines["count"], lines["covered"], branches["count"], branches["covered"])
        return dict(sorted(counted.items()))

    def uncovered(self):
        """Path below dissector/ -> (lines never run, lines with a branch that was never taken)."""
        found = {}
        for record in self._export("--format=lcov").split("end_of_record"):
            source = re.search(r"^SF:(.*)$", record, re.MULTILINE)
            path = _product_path(source[1]) if source else None
            if path:
                lines = {int(line) for line in re.findall(r"^DA:(\d+),0$", record, re.MULTILINE)}
                branches = {int(line) for line in re.findall(r"^BRDA:(\d+),.*,[-0]$", record, re.MULTILINE)}
                found[path] = (sorted(lines), sorted(branches - lines))
        return dict(sorted(found.items()))


def _product_path(name):
    path = pathlib.Path(name)
    if not path.is_relative_to(TOP / "dissector") or path.stem.endswith(("_test", "_testing", "_bench")):
        return None
    return path.relative_to(TOP / "dissector")


def by_folder(files):
    folders = collections.defaultdict(Counted)
    for path, counted in files.items():
        folders[path.parts[0]] += counted
    return dict(folders)


def row(name, counted):
    return f"{name:40} {counted}"


def ranges(lines):
    """[1, 2, 3, 7] -> '1-3, 7'."""
    spans = []
    for line in lines:
        if spans and line == spans[-1][1] + 1:
            spans[-1][1] = line
        else:
            spans.append([line, line])
    return ", ".join(str(first) if first == last else f"{first}-{last}" for first, last in spans)
