"""Results of the mutation test: a file of lines that can be taken up again, and the table at the end."""
import collections
import json


class Results:
    """One JSON object a line; a later line of the same mutant and stage replaces an earlier one."""

    def __init__(self, path):
        self.path = path
        self.entries = {}
        if path.exists():
            for line in path.read_text().splitlines():
                entry = json.loads(line)
                self.entries[entry["id"], entry["stage"]] = entry

    def add(self, entry):
        self.entries[entry["id"], entry["stage"]] = entry
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with self.path.open("a") as file:
            file.write(json.dumps(entry) + "\n")

    def of(self, mutant, stage):
        """None where there is none, or where the mutant's place reads otherwise by now."""
        entry = self.entries.get((mutant.id, stage))
        return entry if entry and entry["after"] == mutant.after else None

    def commits(self, mutants, stage):
        """Where results come from: tests, targets and corpora may have changed since."""
        count = collections.Counter(entry.get("commit", "an unknown one") for entry in
                                    (self.of(mutant, stage) for mutant in mutants) if entry)
        return "at commit " + ", ".join(f"{commit} ({number})" for commit, number in count.most_common()) if count else "none yet"


def table(mutants, results, stage):
    """Killed and tried, a line for each folder and each operator; stillborn ones do not count."""
    lines = []
    for title, key in (("folder", lambda mutant: mutant.layer), ("operator", lambda mutant: mutant.operator)):
        rows = collections.defaultdict(collections.Counter)
        for mutant in mutants:
            entry = results.of(mutant, stage)
            if entry:
                for row in (key(mutant), "all"):
                    rows[row][entry["outcome"]] += 1
        lines.append(f"{title:<20}{'killed':>8}{'survived':>10}{'killed %':>10}{'stillborn':>11}")
        for row in sorted(rows, key=lambda name: (name == "all", name)):
            count = rows[row]
            tried = count["killed"] + count["survived"]
            share = f"{100 * count['killed'] / tried:.1f}" if tried else "-"
            lines.append(f"{row:<20}{count['killed']:>8}{count['survived']:>10}{share:>10}{count['stillborn']:>11}")
        lines.append("")
    return "\n".join(lines)


def described(mutant):
    return f"{mutant.id} {mutant.path}:{mutant.line} {mutant.operator}\n  - {mutant.before}\n  + {mutant.after}"
