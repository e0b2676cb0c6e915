"""The inputs in build/benchmarks/: made where they are missing or their recipe has changed."""
import dataclasses
import functools
import hashlib
import pathlib
import time
import typing

import wire
from benchmarks import captures, conversations, stubs

TOP = pathlib.Path(__file__).resolve().parent.parent.parent
FOLDER = TOP / "build" / "benchmarks"
RECIPES = [pathlib.Path(module.__file__) for module in (captures, conversations, stubs, wire)]


@dataclasses.dataclass(frozen=True)
class Input:
    """A capture and how it is made."""
    name: str
    make: typing.Callable
    arguments: tuple

    @property
    def path(self):
        return FOLDER / f"{self.name}.pcap"

    def recipe(self):
        """Other for another content: of the code, of pcaps/, of the arguments."""
        return hashlib.sha256(f"{sources_digest()} {self.make.__name__} {self.arguments}".encode()).hexdigest()

    def write(self, file):
        out = captures.CaptureFile(file)
        self.make(out, *self.arguments)
        out.flush()
        return out.packets


@functools.cache
def sources_digest():
    digest = hashlib.sha256()
    for path in RECIPES + sorted(path for path in conversations.PCAPS.iterdir() if path.stem in captures.DENSE):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def prepared(wanted):
    """The path of an input, made now where it has to be."""
    mark = wanted.path.with_suffix(".recipe")
    if wanted.path.exists() and mark.exists() and mark.read_text() == wanted.recipe():
        return wanted.path
    FOLDER.mkdir(parents=True, exist_ok=True)
    mark.unlink(missing_ok=True)
    began = time.monotonic()
    with open(wanted.path, "wb") as file:
        packets = wanted.write(file)
    mark.write_text(wanted.recipe())
    print(f"made {wanted.path.relative_to(TOP)}: {packets:,} packets, {wanted.path.stat().st_size / 1e6:,.1f} MB, "
          f"in {time.monotonic() - began:.0f} s", flush=True)
    return wanted.path


def dense(times=1, quick=False):
    rounds = times * (10 if quick else captures.DENSE_ROUNDS)
    return Input(f"dense-{rounds}", captures.dense, (rounds,))


def mixed(eighths, quick=False):
    rounds = eighths * (1 if quick else captures.DENSE_ROUNDS // 8)
    return Input(f"mixed-{rounds}", captures.mixed, (rounds,))


def half_open(quick=False):
    connections = 100_000 if quick else 1_000_000
    return Input(f"half-open-{connections}", captures.half_open, (connections,))


def flows(at_a_time, quick=False):
    packets = 100_000 if quick else 800_000
    return Input(f"flows-{packets}-{at_a_time}", captures.flows, (packets, at_a_time))


def entries(count, quick=False):
    sessions = 20_000 if quick else 200_000
    return Input(f"entries-{sessions}-{count}", captures.entries, (sessions // count, count))
