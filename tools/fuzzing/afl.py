"""Runs a target under AFL++: persistent, shared-memory, with ASan and CMPLOG builds beside the fast one."""
import os
import pathlib
import subprocess
import time

from fuzzing import corpus, project
from fuzzing.run import Outcome, dictionary, fresh_folder, keep_finding, last_lines

PRESETS = ("afl", "afl-asan", "afl-cmplog")
# afl-fuzz itself loads the mutator: no sanitizer, no coverage.
MUTATOR_PRESET = "release"
# What afl-fuzz asks of ASan, and a small quarantine: the limit of memory is for what the target takes.
ASAN_OPTIONS = ("abort_on_error=1:symbolize=0:allocator_may_return_null=1:detect_leaks=0:detect_odr_violation=0:"
                "handle_segv=0:handle_sigbus=0:handle_abort=0:handle_sigfpe=0:handle_sigill=0:quarantine_size_mb=16")
# AFL++ wants a corpus of at least one file.
ANY_INPUT = b"\0"


def environment(plan):
    variables = {"AFL_NO_UI": "1", "AFL_SKIP_CPUFREQ": "1", "AFL_NO_AFFINITY": "1", "AFL_QUIET": "1",
                 "AFL_I_DONT_CARE_ABOUT_MISSING_CRASHES": "1", "AFL_HANG_TMOUT": str(1000 * plan.timeout),
                 "AFL_FORKSRV_INIT_TMOUT": "60000", "ASAN_OPTIONS": ASAN_OPTIONS}
    mutator = custom_mutator(plan.target)
    if mutator:
        variables["AFL_CUSTOM_MUTATOR_LIBRARY"] = str(mutator)
    return {**os.environ, **variables}


def custom_mutator(target):
    """The mutator's shared object for the target, where it has one."""
    path = project.build_folder(MUTATOR_PRESET) / "fuzz" / f"afl_mutator_{target}.so"
    return path if path.is_file() else None


def seeds(plan):
    folder = fresh_folder(plan.folder / "seeds")
    paths = corpus.files(plan.target) if plan.with_corpus else []
    for number, path in enumerate(paths):
        (folder / f"{number:04}-{path.name}").write_bytes(path.read_bytes() or ANY_INPUT)
    if not paths:
        (folder / "any").write_bytes(ANY_INPUT)
    return folder


def preset_of(job):
    """The sanitizers run beside the fast build; alone, they run and it does not."""
    return "afl-asan" if job % 2 == 0 else "afl"


def command(plan, job, folder):
    role = ["-M", "job0"] if job == 0 else ["-S", f"job{job}"]
    listed = ["afl-fuzz", *role, "-V", str(plan.seconds), "-m", "none", "-t", str(1000 * plan.timeout),
              "-G", str(corpus.most_length(plan.target)), "-i", folder, "-o", plan.folder / "out"]
    if plan.seed:
        listed += ["-s", str(plan.seed + job)]
    if dictionary(plan.target):
        listed += ["-x", dictionary(plan.target)]
    if job == 0:
        listed += ["-c", project.program("afl-cmplog", plan.target)]
    return [str(part) for part in [*listed, "--", project.program(preset_of(job), plan.target)]]


def start(plan, job, folder):
    log = open(plan.folder / f"log{job}", "wb")
    return subprocess.Popen(command(plan, job, folder), cwd=plan.folder, stdout=log, stderr=log,
                            env=environment(plan))


def statistics(path):
    if not path.is_file():
        return {}
    return {name.strip(): value.strip()
            for name, _, value in (line.partition(":") for line in path.read_text().splitlines())}


def process_statuses():
    """Process -> (its parent, the most memory that it has taken so far, in MiB)."""
    found = {}
    for path in pathlib.Path("/proc").glob("[0-9]*/status"):
        try:
            lines = dict(line.split(":", 1) for line in path.read_text().splitlines())
        except OSError:  # it ended meanwhile
            continue
        found[int(path.parent.name)] = int(lines["PPid"]), int(lines.get("VmHWM", "0 kB").split()[0]) // 1024
    return found


def peak_below(ancestor):
    """The most that one process below `ancestor` has taken. Not `ancestor` itself: that is AFL++'s own."""
    statuses = process_statuses()

    def is_below(process):
        while process in statuses and process != ancestor:
            process = statuses[process][0]
        return process == ancestor

    return max((peak for process, (parent, peak) in statuses.items() if is_below(parent)), default=0)


def watch(running):
    """Waits for all; (exit statuses, the peak). afl-fuzz itself knows no peak of a target that never ends."""
    peak = 0
    while any(process.poll() is None for process in running):
        peak = max([peak, *(peak_below(process.pid) for process in running)])
        time.sleep(1)
    return [process.returncode for process in running], peak


def collect(plan, job, status, outcome):
    folder = plan.folder / "out" / f"job{job}"
    numbers = statistics(folder / "fuzzer_stats")
    outcome.executions += int(numbers.get("execs_done", 0))
    for kind, where in (("crash", "crashes"), ("timeout", "hangs")):
        for path in sorted((folder / where).glob("id:*")):
            outcome.findings.append(
                keep_finding(plan.target, path, kind, project.program(preset_of(job), plan.target)))
    if status or not numbers:
        outcome.failure = f"afl-fuzz ended with status {status}:\n{last_lines(plan.folder / f'log{job}')}"
    corpus.keep_found(plan.target, folder / "queue")


def fuzz(plan):
    fresh_folder(plan.folder)
    folder = seeds(plan)
    running = [start(plan, job, folder) for job in range(plan.jobs)]
    statuses, peak = watch(running)
    outcome = Outcome(plan, peak_mib=peak)
    for job, status in enumerate(statuses):
        collect(plan, job, status, outcome)
    if peak > plan.most_mib:
        outcome.failure += f"{peak} MiB were taken, {plan.most_mib} are allowed"
    return outcome


def prepare(target):
    for preset in PRESETS:
        project.configure(preset)
        project.build(preset, *([target] if target else []))
    project.configure(MUTATOR_PRESET)
    for name in [target] if target else project.targets(MUTATOR_PRESET):
        project.build_if_known(MUTATOR_PRESET, f"afl_mutator_{name}")
