#!/usr/bin/python3
"""Runs each benchmark of a program for a moment: nothing is timed, it only has to work.

usage: run_once.py PROGRAM

Fails where a benchmark fails, as one does that promises not to allocate and does, or does not say how often it
allocates.
"""
import json
import subprocess
import sys


def problems(report):
    if not report["benchmarks"]:
        yield "there are no benchmarks"
    for benchmark in report["benchmarks"]:
        if benchmark.get("error_occurred"):
            yield f"{benchmark['name']}: {benchmark['error_message']}"
        elif "allocations" not in benchmark:
            yield f"{benchmark['name']}: does not count its allocations"


def main():
    done = subprocess.run([sys.argv[1], "--benchmark_min_time=0.0001", "--benchmark_format=json"], text=True,
                          stdout=subprocess.PIPE, check=True)
    report = json.loads(done.stdout)
    found = list(problems(report))
    print(*found, f"{len(report['benchmarks'])} benchmarks", sep="\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
