"""The command line of tools/bench."""
import argparse

from benchmarks import inputs


def parser():
    top = argparse.ArgumentParser(prog="tools/bench", description="Makes its inputs in build/bench/.")
    top.add_argument("--quick", action="store_true", help="small inputs: to see that it works, not how fast")
    top.add_argument("--inputs", action="store_true", help="only make the inputs")
    return top


def main(arguments):
    options = parser().parse_args(arguments)
    for wanted in (inputs.dense(quick=options.quick), inputs.mixed(1, options.quick), inputs.mixed(8, options.quick),
                   inputs.half_open(options.quick)):
        inputs.prepared(wanted)
    return 0
