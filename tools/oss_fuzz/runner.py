"""OSS-Fuzz's base runner, emulated: starts the products of a job in a moved $OUT that no variable names."""
import json
import pathlib
import shutil
import subprocess
import tempfile

from oss_fuzz import product_checks as checks

LIMITS = ["-rss_limit_mb=2560", "-timeout=25"]
PATIENCE = 300  # seconds until a program that should have ended long ago is ended
SANITIZER_OPTIONS = {
    "ASAN_OPTIONS": "detect_leaks=1:detect_stack_use_after_return=1:allocator_may_return_null=1:handle_abort=1",
    "MSAN_OPTIONS": "print_stats=1",
    "UBSAN_OPTIONS": "print_stacktrace=1:silence_unsigned_overflow=1",
}
AFL_OPTIONS = {"AFL_NO_UI": "1", "AFL_SKIP_CPUFREQ": "1", "AFL_I_DONT_CARE_ABOUT_MISSING_CRASHES": "1", "AFL_NO_AFFINITY": "1",
               "AFL_FORKSRV_INIT_TMOUT": "30000",
               "ASAN_OPTIONS": "abort_on_error=1:symbolize=0:detect_leaks=0:allocator_may_return_null=1",
               "MSAN_OPTIONS": "exit_code=86:symbolize=0"}  # afl-fuzz refuses others
AFL_SECONDS = 4


def runner_environment(**more):
    return {"PATH": "/usr/local/bin:/usr/bin:/bin", "LC_ALL": "C", **SANITIZER_OPTIONS, **more}


def start(command, scratch, **more):
    """Runs in an empty folder; returns exit status and everything printed."""
    try:
        done = subprocess.run([str(part) for part in command], cwd=scratch, env=runner_environment(**more),
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=PATIENCE, check=False)
    except subprocess.TimeoutExpired as error:
        return 1, (error.stdout or b"").decode(errors="replace") + f"\nERROR: not done after {PATIENCE} seconds"
    return done.returncode, done.stdout.decode(errors="replace")


def unpack_seeds(out, target, scratch):
    """Seeds by their own content, each a file; a zip cannot write anywhere else."""
    folder = scratch / "seeds"
    folder.mkdir()
    for number, (_, content) in enumerate(sorted(checks.seeds(out, target).items())):
        (folder / f"{number:04}").write_bytes(content)
    return folder


def libfuzzer_options(out, target):
    """As the runner passes them, with the dictionary in its own folder."""
    options, _ = checks.read_options(out, target)
    if "dict" in options:
        options["dict"] = str(out / options["dict"])
    return LIMITS + [f"-{name}={value}" for name, value in options.items()]


def run_libfuzzer(out, target, scratch):
    options = libfuzzer_options(out, target)
    _, printed = start([out / target, "-seed=1337", f"-runs={checks.RUNS}", *options], scratch)
    yield from checks.startup_problems(printed)
    folder = unpack_seeds(out, target, scratch)
    status, printed = start([out / target, "-runs=0", *options, folder], scratch)
    if status:
        yield "a seed breaks it: " + checks.last_line(printed)


def run_afl(out, target, scratch):
    (scratch / "in").mkdir()
    (scratch / "in/input").write_bytes(b"input")
    dictionary = out / f"{target}.dict"
    named = ["-x", dictionary] if dictionary.exists() else []
    _, printed = start([out / "afl-fuzz", "-V", AFL_SECONDS, "-m", "none", "-i", "in", "-o", "found", *named, "--", out / target],
                       scratch, **AFL_OPTIONS)
    yield from checks.afl_problems(printed)
    folder = unpack_seeds(out, target, scratch)
    status, printed = start([out / target, *sorted(folder.iterdir())], scratch)
    if status:
        yield "a seed breaks it: " + checks.last_line(printed)


def run_replay(out, target, scratch):
    folder = unpack_seeds(out, target, scratch)
    inputs = sorted(folder.iterdir())
    status, printed = start([out / target, *inputs], scratch)
    if status:
        yield "a seed breaks it: " + checks.last_line(printed)
    elif not printed.endswith(f"{len(inputs)} inputs\n"):
        yield "does not have the main() of $LIB_FUZZING_ENGINE: " + checks.last_line(printed)


def run_coverage(out, target, scratch):
    """As the coverage job: the seeds are merged into nothing, and the profiles become a report."""
    folder = unpack_seeds(out, target, scratch)
    (scratch / "merged").mkdir()
    _, printed = start([out / target, "-merge=1", "-timeout=100", "merged", folder], scratch,
                       LLVM_PROFILE_FILE=str(scratch / "%4m.profraw"))
    raw = sorted(scratch.glob("*.profraw"))
    if not raw:
        yield "left no profile: " + checks.last_line(printed)
        return
    status, printed = start(["llvm-profdata-19", "merge", "-sparse", *raw, "-o", "all.profdata"], scratch)
    if status:
        yield "llvm-profdata refuses the profiles: " + checks.last_line(printed)
        return
    exported = subprocess.run(["llvm-cov-19", "export", "-summary-only", "-instr-profile=all.profdata", out / target],
                              cwd=scratch, capture_output=True, check=False)
    if exported.returncode:
        yield "llvm-cov refuses the profile: " + checks.last_line(exported.stderr.decode(errors="replace"))
        return
    report = json.loads(exported.stdout)
    lines = report["data"][0]["totals"]["lines"]
    print(f"    {target}: the seeds cover {lines['covered']} of {lines['count']} lines that it is linked with")
    yield from checks.coverage_problems(report, least_percent=1)


def run_problems(job, out, target):
    if job.sanitizer == "coverage":
        steps = [run_coverage]
    else:
        steps = [{"libfuzzer": run_libfuzzer, "afl": run_afl, "replay": run_replay}[job.engine]]
    for step in steps:
        with tempfile.TemporaryDirectory(prefix="oss_fuzz_run_") as scratch:
            yield from step(out, target, pathlib.Path(scratch))


def target_problems(job, out, target):
    path = out / target
    yield from checks.architecture_problems(subprocess.run(["file", "-b", path], capture_output=True, text=True, check=True).stdout)
    yield from checks.library_problems(subprocess.run(["ldd", path], capture_output=True, text=True, check=False).stdout)
    counts = checks.count_calls(path)
    print(f"    {target}: calls of sanitizers: " + ", ".join(f"{name} {count}" for name, count in counts.items()))
    yield from checks.instrumentation_problems(job.sanitizer, counts)
    yield from checks.seed_problems(out, target)
    yield from checks.options_problems(out, target)
    yield from run_problems(job, out, target)


def product_problems(job, out, expected):
    """Moves $OUT first: a program that knows where it was built does not work elsewhere."""
    moved = out.parent / "not_out"
    if moved.exists():
        shutil.rmtree(moved)
    shutil.move(out, moved)
    yield from checks.folder_problems(moved, expected)
    for path in checks.find_targets(moved):
        for problem in target_problems(job, moved, path.name):
            yield f"{path.name}: {problem}"
