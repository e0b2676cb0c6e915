"""The command line of tools/fuzz."""
import argparse
import pathlib
import sys

from fuzzing import campaign, corpus, coverage, project, replay, speed
from fuzzing.run import Plan

DESCRIPTION = """\
Runs, measures and looks after the fuzz targets of fuzz/.

  tools/fuzz TARGET          fuzz one target (short for: tools/fuzz run TARGET)
  tools/fuzz all             fuzz every target, one after another
  tools/fuzz list            the names of the targets
  tools/fuzz replay          every corpus through a build without an engine, by default under MSan
  tools/fuzz minimise TARGET add what runs found to corpus/TARGET/seed, where it reaches more
  tools/fuzz coverage        what corpus/ alone runs of dissector/, against its floors
  tools/fuzz speed           executions a second, as a share of an empty target's
  tools/fuzz campaign        every target with every engine, written down as a table

What is needed is built first. All work is done in build/fuzzing/; what breaks a target is kept in
build/fuzzing/findings/TARGET/, with the command that repeats it. Exit status: 0 nothing was found and all floors are
reached; 1 otherwise; 2 what was asked cannot be done.
"""


def positive(text):
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError(f"{text} is not at least 1")
    return number


def engines(text):
    names = text.split(",")
    for name in names:
        if name not in campaign.ENGINES:
            raise argparse.ArgumentTypeError(f"no engine {name}; there are: {', '.join(campaign.ENGINES)}")
    return names


def add_run_options(parser):
    parser.add_argument("--jobs", type=positive, default=1, metavar="N", help="processes a target (default 1)")
    parser.add_argument("--seed", type=positive, default=None, metavar="N", help="seed of the engine (default: another each time)")
    parser.add_argument("--corpus", choices=("full", "empty"), default="full",
                        help="start from corpus/TARGET (default), or from nothing")
    parser.add_argument("--most-mib", type=positive, default=512, metavar="N", help="memory a target may take (512)")


def parser():
    top = argparse.ArgumentParser(prog="tools/fuzz", description=DESCRIPTION,
                                  formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND")

    run = commands.add_parser("run", help="fuzz one target, or all")
    run.add_argument("target", metavar="TARGET", help="a target's name, or `all`")
    run.add_argument("--engine", choices=tuple(campaign.ENGINES), default="libfuzzer")
    run.add_argument("--seconds", type=positive, default=60, metavar="S", help="how long, a target (default 60)")
    run.add_argument("--at-once", type=positive, default=1, metavar="N", help="with `all`: targets run at a time")
    add_run_options(run)

    commands.add_parser("list", help="the names of the targets")

    again = commands.add_parser("replay", help="every corpus through a build without an engine")
    again.add_argument("--preset", default="msan", help="of CMakePresets.json, without an engine (default msan)")

    smaller = commands.add_parser("minimise", help="add what runs found to corpus/TARGET/seed",
                                  description=f"Adds what runs found to corpus/TARGET/seed where it reaches more than "
                                  f"the corpus does. Named files stay; at most {corpus.MOST_FILES} files and "
                                  f"{corpus.MOST_BYTES // 1024} KiB a target.")
    smaller.add_argument("target", metavar="TARGET")

    covered = commands.add_parser("coverage", help="what corpus/ alone runs of dissector/")
    covered.add_argument("--lines", action="store_true", help="list the lines that are not run, not the files alone")

    fast = commands.add_parser("speed", help="executions a second against an empty target")
    fast.add_argument("--engines", type=engines, default=list(campaign.ENGINES), metavar="A,B")
    fast.add_argument("--rounds", type=positive, default=5, metavar="N", help="the median of so many (default 5)")
    fast.add_argument("--seconds", type=positive, default=5, metavar="S", help="a round of a target (default 5)")
    fast.add_argument("--processor", type=int, default=0, metavar="N", help="the one to run on (default 0)")
    fast.add_argument("--seed", type=positive, default=1, metavar="N")

    long = commands.add_parser("campaign", help="every target with every engine")
    long.add_argument("--engines", type=engines, default=list(campaign.ENGINES), metavar="A,B")
    long.add_argument("--targets", nargs="+", metavar="TARGET", help="these alone")
    long.add_argument("--seconds", type=positive, default=600, metavar="S", help="a target and engine (default 600)")
    long.add_argument("--at-once", type=positive, default=1, metavar="N", help="runs at a time (default 1)")
    long.add_argument("--output", type=pathlib.Path, help="the table (default build/fuzzing/campaign.md)")
    add_run_options(long)
    return top, tuple(commands.choices)


def plan_of(options, target, engine):
    return Plan(target, engine, options.seconds, jobs=options.jobs, seed=options.seed or 0,
                with_corpus=options.corpus == "full", most_mib=options.most_mib)


def run(options):
    project.configure("fuzz")
    if options.target != "all":
        project.require_target(options.target)
        campaign.prepare([options.engine], options.target)
        return campaign.status([campaign.carry_out(plan_of(options, options.target, options.engine))])
    campaign.prepare([options.engine])
    plans = [plan_of(options, target, options.engine) for target in project.targets()]
    return campaign.status(campaign.carry_out_all(plans, options.at_once))


def list_targets(_options):
    project.configure("fuzz")
    print("\n".join(project.targets()))
    return 0


def minimise(options):
    project.configure("fuzz")
    project.require_target(options.target)
    project.build("fuzz", options.target)
    written, left = corpus.minimise(options.target)
    for path in written:
        print(project.shown(path))
    print(f"{len(written)} new files in corpus/{options.target}/seed")
    if left:
        print(f"{left} more did not fit below {corpus.MOST_FILES} files and {corpus.MOST_BYTES // 1024} KiB")
    return 0


def run_campaign(options):
    project.configure("fuzz")
    return campaign.main(options, plan_of(options, "", ""))


ACTIONS = {"run": run, "list": list_targets, "replay": replay.main, "minimise": minimise, "coverage": coverage.main,
           "speed": speed.main, "campaign": run_campaign}


def main(arguments):
    read, commands = parser()
    if arguments and not arguments[0].startswith("-") and arguments[0] not in commands:
        arguments = ["run", *arguments]
    options = read.parse_args(arguments)
    try:
        return ACTIONS[options.command](options)
    except project.Refused as refused:
        print(f"tools/fuzz: {refused}", file=sys.stderr)
        return 2
