#!/usr/bin/env python3
"""Compares `sessenum replay` and its --jobs N with one job: output, errors and exit status are the same to the byte.

usage: jobs_test.py --sessenum PROGRAM
       jobs_test.py --self-test
"""
import argparse
import pathlib
import subprocess
import sys
import tempfile

TOP = pathlib.Path(__file__).resolve().parent.parent
PCAPS = TOP / "pcaps"
JOBS = (2, 5)
OPTIONS = (("--format", "ndjson"), ("--format", "text"), ("--format", "ndjson", "--sequence"),
           ("--format", "ndjson", "--fail-on", "violation", "--sweep-servers", "2", "--repeats", "2"))


def captures():
    return sorted(path for path in PCAPS.iterdir() if path.suffix in (".pcap", ".pcapng"))


def damaged(folder):
    """Captures that end with an error: at once, after some packets, and after many calls."""
    made = []

    def make(name, data):
        made.append(folder / name)
        made[-1].write_bytes(data)

    whole = [path.read_bytes() for path in captures()[::9]]
    for number, data in enumerate(whole):
        make(f"cut-{number}.cap", data[:len(data) * 3 // 4 + 1])
    for number, data in enumerate(whole[:4]):
        make(f"torn-{number}.cap", data[:len(data) // 2] + b"\xff" * 40 + data[len(data) // 2:])
    make("empty.cap", b"")
    make("noise.cap", bytes(range(256)) * 8)
    return made + [folder / "not-there.cap", folder]


def differences(expected, actual):
    return [what for what in ("returncode", "stdout", "stderr") if getattr(expected, what) != getattr(actual, what)]


def replay(program, options, jobs, files, **more):
    command = [program, "replay", *options, *(("--jobs", str(jobs)) if jobs else ())]
    more.setdefault("stdin", subprocess.DEVNULL)
    return subprocess.run([*command, *map(str, files)], capture_output=True, timeout=300, **more)


def compare(program, name, options, files):
    """The number of differences, each told."""
    expected = replay(program, options, 1, files)
    if not expected.stdout:
        print(f"{name}: one job prints nothing")
        return 1
    found = 0
    for jobs in (None, *JOBS):
        for what in differences(expected, replay(program, options, jobs, files)):
            print(f"{name} {' '.join(options)} --jobs {jobs}: {what} is not that of one job")
            found += 1
    return found


def compare_standard_input(program):
    """Standard input among the files leaves one job to do, as fast as it comes."""
    first, second = captures()[:2]
    data = first.read_bytes()
    one, two = (replay(program, (), jobs, ("-", second), stdin=None, input=data) for jobs in (1, 2))
    for what in differences(one, two):
        print(f"- --jobs 2: {what} is not that of one job")
    return len(differences(one, two))


def until_first_line(program, *arguments):
    """What a run says whose output nobody reads behind the first line."""
    with subprocess.Popen([program, *map(str, arguments)], stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        process.stdout.readline()
        process.stdout.close()
        complaints = process.stderr.read()
        return process.wait(300), complaints


def compare_closed_pipe(program, folder):
    """Whoever reads one line gets the verdict of one thread, and hears of no damage that one thread would not have met."""
    calls = PCAPS / "real-smbd-qualifiers.pcapng"
    torn = folder / "torn-at-the-end.cap"
    torn.write_bytes(calls.read_bytes()[:-7])
    replay_all = "replay", "--format", "ndjson", "--sequence", "--fail-on", "violation"
    found = 0
    for name, files in ("calls", [calls] * 150), ("calls before damage", [calls] * 100 + [torn]):
        expected = until_first_line(program, *replay_all, "--jobs", 1, *files)
        for jobs in ((), ("--jobs", 2)):
            if until_first_line(program, *replay_all, *jobs, *files) != expected:
                print(f"{name}, one line read {' '.join(map(str, jobs))}: not as with one job, which says {expected}")
                found += 1
    return found


def compare_reports(program, files):
    """The page is the same, too."""
    pages = [subprocess.run([program, "report", "--jobs", str(jobs), *map(str, files)], capture_output=True, timeout=300)
             for jobs in (1, 3)]
    found = differences(*pages)
    for what in found:
        print(f"report --jobs 3: {what} is not that of one job")
    return len(found)


def run(program):
    everything = captures()
    failures = compare_standard_input(program) + compare_reports(program, everything)
    with tempfile.TemporaryDirectory() as holder:
        failures += compare_closed_pipe(program, pathlib.Path(holder))
        broken = damaged(pathlib.Path(holder))
        mixed = [path for pair in zip(everything, broken) for path in pair] + everything + broken
        # Many times the same: a capture with many calls in front of small ones, and behind them.
        crowd = [everything[-1]] * 40 + everything[:3] + [everything[-1]] * 20
        for options in OPTIONS:
            failures += compare(program, "all of pcaps/", options, everything)
            failures += compare(program, "with damaged ones", options, mixed)
            failures += compare(program, "a crowd", options, crowd)
            failures += compare(program, "one", options, everything[:1])
            failures += compare(program, "three", options, everything[3:6])
        keys = pathlib.Path(holder) / "keys"
        keys.write_text("nt-password root wrong\n")
        sealed = [PCAPS / "smb3-encrypted-ndr64-windows-like.pcapng", PCAPS / "tcp-ntlmssp-privacy-impacket.pcapng"]
        with_keys = "--format", "ndjson", "--keys", str(keys)
        if not replay(program, with_keys, 1, sealed).stderr:
            print("keys that do not fit: one job has nothing to say of them")
            failures += 1
        for files in sealed[:1], sealed:
            failures += compare(program, "keys that do not fit", with_keys, files)
    print(f"{len(OPTIONS)} sets of options, {len(everything)} captures, {failures} failures")
    return failures


def self_test():
    """A program that gives files in the order in which they are done must be caught, and so must a lost error."""
    same = subprocess.CompletedProcess([], 0, b"a\nb\n", b"e\n")
    others = (subprocess.CompletedProcess([], 0, b"b\na\n", b"e\n"), subprocess.CompletedProcess([], 0, b"a\nb\n", b""),
              subprocess.CompletedProcess([], 2, b"a\nb\n", b"e\n"))
    missed = [other for other in others if not differences(same, other)]
    with tempfile.TemporaryDirectory() as holder:
        program = pathlib.Path(holder) / "sessenum"
        # With more jobs its files come the other way round.
        program.write_text("#!/usr/bin/python3\nimport sys\njobs = [a for a in sys.argv if a in ('2', '5')]\n"
                           "files = [a for a in sys.argv if a[-1:] == 'p']\n"
                           "print('\\n'.join(files[::-1] if jobs else files))\n")
        program.chmod(0o755)
        if compare(str(program), "self-test", (), ["1.cap", "2.cap"]) != len(JOBS):
            missed.append("files out of order")
    print(f"{len(missed)} missed")
    return len(missed)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sessenum")
    parser.add_argument("--self-test", action="store_true")
    options = parser.parse_args()
    if not options.self_test and not options.sessenum:
        parser.error("which program?")
    return 1 if (self_test() if options.self_test else run(options.sessenum)) else 0


if __name__ == "__main__":
    sys.exit(main())
