"""What a run of an engine is given and what it gives back."""
import dataclasses
import pathlib
import shutil

from fuzzing import corpus, project


@dataclasses.dataclass(frozen=True)
class Plan:
    """One target, one engine, for so many seconds."""
    target: str
    engine: str
    seconds: int
    jobs: int = 1
    seed: int = 0  # 0: another each time
    with_corpus: bool = True
    most_mib: int = 512
    timeout: int = 10  # seconds an input may take

    @property
    def folder(self):
        return project.WORK / "work" / self.engine / self.target


@dataclasses.dataclass
class Outcome:
    plan: Plan
    executions: int = 0
    peak_mib: int = 0
    findings: list = dataclasses.field(default_factory=list)
    failure: str = ""  # the engine itself did not work, or took too much memory

    @property
    def rate(self):
        return self.executions / max(self.plan.seconds, 1)


@dataclasses.dataclass(frozen=True)
class Finding:
    path: pathlib.Path
    program: pathlib.Path

    @property
    def repeat(self):
        return f"{project.shown(self.program)} {project.shown(self.path)}"


def fresh_folder(path):
    shutil.rmtree(path, ignore_errors=True)
    path.mkdir(parents=True)
    return path


def keep_finding(target, source, kind, program):
    """Copies an input out of the engine's folder, named for its kind and content."""
    folder = project.FINDINGS / target
    folder.mkdir(parents=True, exist_ok=True)
    content = source.read_bytes()
    path = folder / f"{kind}-{corpus.digest(content)}"
    path.write_bytes(content)
    return Finding(path, program)


def dictionary(target):
    path = project.DICTIONARIES / f"{target}.dict"
    return path if path.is_file() else None


def last_lines(log, count=15):
    return "\n".join(log.read_text(errors="replace").splitlines()[-count:])
