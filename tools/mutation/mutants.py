"""The mutants of the core sources, each with a name that outlives changes elsewhere in its file."""
import dataclasses
import hashlib
import pathlib

from . import lexer, operators

TOP = pathlib.Path(__file__).resolve().parent.parent.parent
LAYERS = ("base", "ndr", "srvsvc", "rpc", "rules")


@dataclasses.dataclass(frozen=True)
class Mutant:
    id: str
    path: str  # from the top of the repository
    line: int
    operator: str
    start: int
    end: int
    replacement: str
    before: str  # the lines that it changes, in one line
    after: str

    @property
    def layer(self):
        return self.path.split("/")[1]

    def planted(self, text):
        return text[:self.start] + self.replacement + text[self.end:]


def core_sources(top=TOP):
    for layer in LAYERS:
        for path in sorted((top / "dissector" / layer).glob("*.*")):
            if path.suffix in (".cc", ".h") and not path.stem.endswith(("_test", "_testing", "_bench")):
                yield path


def squeezed(text):
    return " ".join(text.split())


def mutants_of(path, text, groups):
    """All mutants of one file, in the order of their places."""
    source = operators.Source(text, groups)
    found = []
    seen = set()
    for name, operator in operators.OPERATORS.items():
        for start, end, replacement in operator(source):
            first = text.rfind("\n", 0, start) + 1
            last = text.find("\n", end) if "\n" in text[end:] else len(text)
            before, after = text[first:last], text[first:start] + replacement + text[end:last]
            key = (first, squeezed(after))
            if key in seen or squeezed(before) == squeezed(after):
                continue
            seen.add(key)
            found.append((start, name, end, replacement, squeezed(before), squeezed(after)))
    return _named(path, text, sorted(found, key=lambda entry: entry[:3]))


def _named(path, text, found):
    times = {}
    named = []
    for start, name, end, replacement, before, after in found:
        key = (path, name, before, after)
        times[key] = times.get(key, 0) + 1
        digest = hashlib.sha256("\n".join((*key, str(times[key]))).encode()).hexdigest()[:8]
        named.append(Mutant(digest, path, lexer.line_of(text, start), name, start, end, replacement, before, after))
    return named


def all_mutants(top=TOP):
    texts = {path: path.read_text() for path in core_sources(top)}
    groups = operators.named_groups(texts.values())
    return [mutant for path, text in texts.items() for mutant in mutants_of(str(path.relative_to(top)), text, groups)]


def sample(mutants, size, seed):
    """`size` of them, in the order of files: the same ones for the same seed, whatever else is added or left out."""
    lots = {mutant.id: hashlib.sha256(f"{seed} {mutant.id}".encode()).digest() for mutant in mutants}
    drawn = set(sorted(lots, key=lots.get)[:size])
    return [mutant for mutant in mutants if mutant.id in drawn]
