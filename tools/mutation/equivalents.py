"""Mutants that change nothing that anybody could observe, each with the reason (equivalent.txt).

The file: a reason after `#`, then the mutants that it holds for: a line with the path, `-` and the line as it stands,
`+` and the line as the mutant has it, both with white space squeezed.
"""
import dataclasses
import pathlib

FILE = pathlib.Path(__file__).resolve().parent / "equivalent.txt"


@dataclasses.dataclass(frozen=True)
class Entry:
    line: int
    path: str
    before: str
    after: str
    reason: str

    @property
    def key(self):
        return self.path, self.before, self.after


def parse(text):
    entries = []
    reason, path, before = [], "", None
    in_reason = False
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        if line.startswith("#"):
            if not in_reason:
                reason = []
            reason.append(line[1:].strip())
        elif line.startswith("-"):
            before = line[1:].strip()
        elif line.startswith("+"):
            if not reason or not path or before is None:
                raise ValueError(f"line {number}: a mutant without a reason, a path or the line as it stands")
            entries.append(Entry(number, path, before, line[1:].strip(), " ".join(reason)))
            before = None
        else:
            path = line.strip()
        in_reason = line.startswith("#")
    return entries


def unmatched(entries, mutants):
    """Entries that name no mutant (any more)."""
    known = {(mutant.path, mutant.before, mutant.after) for mutant in mutants}
    return [entry for entry in entries if entry.key not in known]


def repeated(entries):
    seen = set()
    return [entry for entry in entries if entry.key in seen or seen.add(entry.key)]


def without(mutants, entries):
    keys = {entry.key for entry in entries}
    return [mutant for mutant in mutants if (mutant.path, mutant.before, mutant.after) not in keys]
