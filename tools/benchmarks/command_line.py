"""The command line of tools/bench."""
import argparse
import subprocess
import sys

from benchmarks import inputs, machine, parts, table
from benchmarks.contest import Refused

CLOCKS = {"wall": "seconds", "cpu": "cpu_seconds"}


def positive(text):
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("must be at least 1")
    return number


def parser():
    top = argparse.ArgumentParser(
        prog="tools/bench", description="Measures the release build against an empty libpcap loop, tshark, Samba's NDR "
        "library, ndrdump and impacket, in turn on the same inputs, which it makes in build/benchmarks/ (3.5 GB). Prints "
        "ratios of medians, their spread over the rounds, and what is asked of them. A whole run takes a quarter of an "
        "hour; nothing else should run meanwhile.")
    top.add_argument("parts", nargs="*", metavar="PART", help=f"these alone, of: {' '.join(parts.ALL)}")
    top.add_argument("--rounds", type=positive, default=5, metavar="N",
                     help="runs of each program (default 5; slow ones at most 3)")
    top.add_argument("--quick", action="store_true", help="small inputs: to see that it works, not how fast")
    top.add_argument("--clock", choices=CLOCKS, default="wall",
                     help="what is compared: time on the wall (default), or of the processor, where others use it too")
    top.add_argument("--check", action="store_true", help="end with 1 where something asked does not hold")
    top.add_argument("--inputs", action="store_true", help="only make the inputs of the mixed, dense and half-open parts")
    return top


def build():
    """Both programs and, where it can be, the comparison with libndr, in the preset release."""
    subprocess.run(["cmake", "--preset", "release"], cwd=inputs.TOP, check=True, stdout=subprocess.DEVNULL)
    folder = inputs.TOP / "build" / "release"
    listed = subprocess.run(["cmake", "--build", folder, "--target", "help"], check=True, text=True,
                            stdout=subprocess.PIPE).stdout
    known = {line.split(":")[0] for line in listed.splitlines()}
    targets = ["sessenum", "pcap_loop", *({"libndr_ratio"} & known)]
    subprocess.run(["cmake", "--build", folder, "--target", *targets], check=True, stdout=subprocess.DEVNULL)
    return folder


def make_inputs(quick):
    for wanted in (inputs.dense(quick=quick), *(inputs.mixed(times, quick) for times in (1, 2, 4, 8)),
                   inputs.half_open(quick)):
        inputs.prepared(wanted)


def run(options):
    if options.inputs:
        make_inputs(options.quick)
        return 0
    bench = parts.Bench(build(), options.rounds, options.quick, CLOCKS[options.clock])
    lines = []
    for name in options.parts or parts.ALL:
        lines += parts.ALL[name](bench)
    print(f"\nOn {machine.described()}; {machine.first_line('tshark', '--version') or 'no tshark'}\n")
    print(table.text(lines))
    print(*(f"\n{note}" for note in dict.fromkeys(bench.notes)), sep="")
    missed = [line for line in lines if not line.holds]
    for line in missed:
        print(f"does not hold: {line.part}: {line.what}")
    return 1 if missed and options.check else 0


def main(arguments):
    read = parser()
    options = read.parse_args(arguments)
    for name in options.parts:
        if name not in parts.ALL:
            read.error(f"no part {name}; there are: {' '.join(parts.ALL)}")
    try:
        return run(options)
    except (Refused, subprocess.CalledProcessError) as refused:
        print(f"tools/bench: {refused}", file=sys.stderr)
        return 2
