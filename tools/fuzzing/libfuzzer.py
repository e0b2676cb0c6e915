"""Runs a target under libFuzzer."""
import os
import re
import subprocess

from fuzzing import corpus, project
from fuzzing.run import Outcome, dictionary, fresh_folder, keep_finding, last_lines

PRESETS = ("fuzz",)
# A small quarantine: the limit of memory is for what the target takes, not for what ASan keeps back. Use of a frame after
# its return is looked for in replay alone: the check costs a tenth of the speed.
ENVIRONMENT = {"ASAN_OPTIONS": "quarantine_size_mb=16:detect_leaks=1:detect_stack_use_after_return=0",
               "UBSAN_OPTIONS": "print_stacktrace=1"}


def arguments(plan):
    listed = [f"-max_total_time={plan.seconds}", f"-max_len={corpus.most_length(plan.target)}",
              f"-timeout={plan.timeout}", f"-rss_limit_mb={plan.most_mib}", "-print_final_stats=1"]
    if dictionary(plan.target):
        listed.append(f"-dict={dictionary(plan.target)}")
    return listed


def start(plan, job, shared):
    artifacts = fresh_folder(plan.folder / f"artifacts{job}")
    command = [project.program("fuzz", plan.target), *arguments(plan), f"-artifact_prefix={artifacts}/", shared]
    if plan.seed:
        command.append(f"-seed={plan.seed + job}")
    if plan.with_corpus:
        command += corpus.folders(plan.target)
    log = open(plan.folder / f"log{job}", "wb")
    return subprocess.Popen([str(part) for part in command], cwd=plan.folder, stdout=log, stderr=log,
                            env={**os.environ, **ENVIRONMENT})


def statistic(text, name):
    found = re.findall(rf"^stat::{name}: *(\d+)", text, re.MULTILINE)
    return int(found[-1]) if found else 0


def collect(plan, job, status, outcome):
    log = plan.folder / f"log{job}"
    text = log.read_text(errors="replace")
    outcome.executions += statistic(text, "number_of_executed_units")
    outcome.peak_mib = max(outcome.peak_mib, statistic(text, "peak_rss_mb"))
    artifacts = [path for path in sorted((plan.folder / f"artifacts{job}").iterdir())
                 if not path.name.startswith("slow-unit")]
    for path in artifacts:
        outcome.findings.append(
            keep_finding(plan.target, path, path.name.split("-")[0], project.program("fuzz", plan.target)))
    if status and not artifacts:
        outcome.failure = f"libFuzzer ended with status {status}:\n{last_lines(log)}"


def fuzz(plan):
    fresh_folder(plan.folder)
    shared = fresh_folder(plan.folder / "corpus")
    running = [start(plan, job, shared) for job in range(plan.jobs)]
    outcome = Outcome(plan)
    for job, process in enumerate(running):
        status = process.wait()
        collect(plan, job, status, outcome)
    corpus.keep_found(plan.target, shared)
    return outcome


def prepare(target):
    project.build("fuzz", *([target] if target else []))
