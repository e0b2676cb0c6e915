"""Executions a second of the stub targets, as a share of the empty target's in the same run.

Only the ratio says something on a machine with other work: the targets take turns on one processor, and the median of
some rounds is taken. Every target starts from the same seeds.
"""
import os
import shutil
import statistics
import subprocess

from fuzzing import afl, libfuzzer, project
from fuzzing.run import fresh_folder

MEASURED = ("stub_decode", "stub_roundtrip")
LEAST_SHARE = {("libfuzzer", "stub_decode"): 15.0, ("libfuzzer", "stub_roundtrip"): 1.5, ("afl", "stub_decode"): 40.0}
SEEDS = "stub_decode"
MOST_LENGTH = 4096


def seeds():
    folder = fresh_folder(project.WORK / "speed" / "seeds")
    for path in (project.CORPUS / SEEDS / "seed").iterdir():
        if 0 < path.stat().st_size <= MOST_LENGTH:
            shutil.copy(path, folder / path.name)
    return folder


def libfuzzer_rate(target, options, folder):
    # Nothing but the target may differ: every seed stays, none grows or shrinks by the engine's own wish. What is found
    # is not written: that would measure the file system.
    listed = folder.parent / "seeds.txt"
    listed.write_text(",".join(str(path) for path in sorted(folder.iterdir())))
    done = subprocess.run(["taskset", "-c", str(options.processor), project.program("fuzz", target), "-keep_seed=1",
                           "-len_control=0", "-reduce_inputs=0", f"-max_len={MOST_LENGTH}", f"-seed={options.seed}",
                           f"-max_total_time={options.seconds}", "-print_final_stats=1", f"-seed_inputs=@{listed}"],
                          cwd=folder.parent, text=True, errors="replace", capture_output=True,
                          env={**os.environ, **libfuzzer.ENVIRONMENT})
    if done.returncode:
        raise project.Refused(f"{target} ended with status {done.returncode}:\n{done.stderr[-2000:]}")
    return libfuzzer.statistic(done.stderr, "average_exec_per_sec")


def afl_rate(target, options, folder):
    out = fresh_folder(project.WORK / "speed" / "afl")
    environment = {**os.environ, "AFL_NO_UI": "1", "AFL_SKIP_CPUFREQ": "1", "AFL_NO_AFFINITY": "1",
                   "AFL_I_DONT_CARE_ABOUT_MISSING_CRASHES": "1", "ASAN_OPTIONS": afl.ASAN_OPTIONS}
    done = subprocess.run(["taskset", "-c", str(options.processor), "afl-fuzz", "-V", str(options.seconds), "-m", "none",
                           "-s", str(options.seed), "-G", str(MOST_LENGTH), "-i", folder, "-o", out, "--",
                           project.program(PRESETS["afl"], target)],
                          cwd=out, text=True, errors="replace", capture_output=True, env=environment)
    numbers = afl.statistics(out / "default" / "fuzzer_stats")
    if done.returncode or "execs_per_sec" not in numbers:
        raise project.Refused(f"afl-fuzz of {target} ended with status {done.returncode}:\n{done.stdout[-2000:]}")
    return float(numbers["execs_per_sec"])


RATES = {"libfuzzer": libfuzzer_rate, "afl": afl_rate}
PRESETS = {"libfuzzer": "fuzz", "afl": "afl-asan"}


def measure(engine, options):
    """Target -> the median of its executions a second."""
    preset = PRESETS[engine]
    project.configure(preset)
    project.build(preset, "empty", *MEASURED)
    folder = seeds()
    rates = {target: [] for target in ("empty", *MEASURED)}
    for _ in range(options.rounds):
        for target, measured in rates.items():
            measured.append(RATES[engine](target, options, folder))
    return {target: statistics.median(measured) for target, measured in rates.items()}


def main(options):
    problems = []
    for engine in options.engines:
        rates = measure(engine, options)
        print(f"{engine:10} {'empty':16} {rates['empty']:12,.0f} exec/s")
        for target in MEASURED:
            share = 100 * rates[target] / max(rates["empty"], 1)
            least = LEAST_SHARE.get((engine, target), 0)
            asked = f", {least} % are asked" if least else ""
            print(f"{engine:10} {target:16} {rates[target]:12,.0f} exec/s {share:6.1f} % of empty{asked}")
            if share < least:
                problems.append(f"{engine} {target}")
    if problems:
        print(f"tools/fuzz speed: too slow: {', '.join(problems)}")
    return 1 if problems else 0
