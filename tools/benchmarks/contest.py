"""Programs run in turn, several times, and what their times say of each other."""
import dataclasses
import json
import pathlib
import statistics
import subprocess
import sys
import tempfile

LAUNCH = pathlib.Path(__file__).with_name("launch.py")


class Refused(Exception):
    """What was asked for cannot be measured; the text says why."""


@dataclasses.dataclass(frozen=True)
class Run:
    seconds: float
    cpu_seconds: float
    mib: float  # peak of resident memory; a few MiB are Python's that started it
    status: int = 0


@dataclasses.dataclass
class Contestant:
    """A command; `slow` ones run in SLOW_ROUNDS rounds at most."""
    name: str
    command: list
    output: str = "/dev/null"
    slow: bool = False
    runs: list = dataclasses.field(default_factory=list)

    def seconds(self, clock):
        return [getattr(run, clock) for run in self.runs]

    @property
    def mib(self):
        return max(run.mib for run in self.runs)


SLOW_ROUNDS = 3


def measure(command, output="/dev/null"):
    with tempfile.NamedTemporaryFile() as errors:
        launched = [sys.executable, "-I", "-S", LAUNCH, output, errors.name, *command]
        done = subprocess.run([str(part) for part in launched], capture_output=True, text=True)
        if done.returncode:
            raise Refused(f"could not run {command[0]}: {done.stderr.strip()}")
        run = Run(**json.loads(done.stdout))
        if run.status:
            words = errors.read().decode("utf-8", "replace")[-1000:]
            raise Refused(f"status {run.status} of: {' '.join(map(str, command))}\n{words}")
    return run


def hold(contestants, rounds):
    """Lets each run in each round, one after the other: what disturbs the machine for a while disturbs all."""
    for number in range(rounds):
        for contestant in contestants:
            if number < SLOW_ROUNDS or not contestant.slow:
                contestant.runs.append(measure(contestant.command, contestant.output))


@dataclasses.dataclass(frozen=True)
class Measured:
    """A median, and the least and the most of the rounds."""
    median: float
    least: float
    most: float

    @classmethod
    def of(cls, values):
        return cls(statistics.median(values), min(values), max(values))


def ratio(above, below):
    """The ratio of two medians; its spread is that of the rounds in which both ran."""
    paired = [one / other for one, other in zip(above, below)]
    return Measured(statistics.median(above) / statistics.median(below), min(paired), max(paired))
