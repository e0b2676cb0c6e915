"""What a product in $OUT must be, as OSS-Fuzz's build check asks and, where it does not look, as its runner needs.

Each check gives the problems it sees, one line each; none means that the product is good.
"""
import configparser
import pathlib
import re
import subprocess
import zipfile

ENTRY = b"LLVMFuzzerTestOneInput"
NAME = re.compile(r"[A-Za-z0-9_-]+")
RUNS = 4
# Calls of each sanitizer's runtime that a program of a job has: at least, at most.
ANY = 10**9
BOUNDS = {
    "address": {"asan": (1000, ANY), "ubsan": (0, 200), "msan": (0, 3)},
    "memory": {"msan": (1000, ANY), "ubsan": (0, 200), "asan": (0, 0)},
    "undefined": {"ubsan": (168, ANY), "asan": (0, 0), "msan": (0, 3)},
    "coverage": {"asan": (0, 0), "msan": (0, 3), "ubsan": (0, 200)},
}
# What the runner's image has. The C++ libraries are linked statically in the base builder; Debian's are shared.
RUNNER_LIBRARIES = re.compile(r"(linux-vdso|ld-linux-x86-64|libc|libm|libdl|librt|libpthread|libresolv|libgcc_s)\.so")
CXX_LIBRARIES = re.compile(r"(libc\+\+|libc\+\+abi|libunwind|libstdc\+\+)\.so")
COMPANIONS = ("_seed_corpus.zip", ".options", ".dict")


def is_target(path):
    return (path.is_file() and path.stat().st_mode & 0o111 and not path.name.startswith("afl-")
            and path.read_bytes()[:4] == b"\x7fELF" and ENTRY in path.read_bytes())


def find_targets(out):
    return sorted(path for path in out.iterdir() if is_target(path))


def folder_problems(out, expected):
    """The targets are the expected ones, under names that the runner takes, and no other file lies about without one."""
    names = {path.name for path in find_targets(out)}
    for name in sorted(expected - names):
        yield f"{name}: no target of this name: not built, not executable, or without {ENTRY.decode()}"
    for name in sorted(names - expected):
        yield f"{name}: a target that was not expected"
    for name in sorted(names):
        if not NAME.fullmatch(name):
            yield f"{name}: the name of a target has letters, digits, - and _ alone"
    for path in sorted(out.iterdir()):
        for end in COMPANIONS:
            if path.name.endswith(end) and path.name.removesuffix(end) not in names:
                yield f"{path.name}: belongs to no target"


def architecture_problems(description):
    """`description` is what file(1) says."""
    if "x86-64" not in description:
        yield f"is not built for x86_64: {description.strip()}"


def library_problems(listing):
    """`listing` is what ldd(1) says."""
    for line in listing.splitlines():
        name = pathlib.Path(line.split()[0]).name if line.split() else ""
        if ".so" in name and not RUNNER_LIBRARIES.match(name) and not CXX_LIBRARIES.match(name):
            yield f"needs {name}, which the runner does not have"


def instrumentation_problems(sanitizer, counts):
    for runtime, (least, most) in BOUNDS[sanitizer].items():
        if counts.get(runtime, 0) < least:
            yield f"does not seem to be built with {runtime}: {counts.get(runtime, 0)} calls, expected {least} at least"
        if counts.get(runtime, 0) > most:
            yield f"seems to be built with {runtime} too: {counts.get(runtime, 0)} calls, expected {most} at most"


def count_calls(target):
    """Calls of each sanitizer's runtime in the program's code."""
    counts = {"asan": 0, "ubsan": 0, "msan": 0}
    with subprocess.Popen(["objdump", "-d", "--no-show-raw-insn", target], stdout=subprocess.PIPE) as objdump:
        found = subprocess.run(["grep", "-aoE", r"callq?\s+[0-9a-f]+\s+<__(asan|ubsan|msan)"], stdin=objdump.stdout,
                               capture_output=True, text=True, check=False)
    for line in found.stdout.splitlines():
        counts[line.rpartition("__")[2]] += 1
    return counts


def startup_problems(printed):
    """`printed` is what libFuzzer said with -runs=4."""
    if "no interesting inputs were found" in printed:
        yield "has no coverage instrumentation: " + last_line(printed)
    elif f"Done {RUNS} runs" not in printed:
        yield "crashes or exits at startup: " + last_line(printed)


def afl_problems(printed):
    if "All set and ready to roll" not in printed:
        yield "afl-fuzz does not start: " + last_line(printed)
    elif re.search(r"target binary (crashed|terminated)", printed):
        yield "crashes or exits at startup: " + last_line(printed)


def last_line(printed):
    """The line that tells most: a sanitizer's or an engine's complaint, or else the last."""
    lines = [line.strip() for line in printed.splitlines() if line.strip()]
    telling = [line for line in lines if re.search(r"ERROR|WARNING: MemorySanitizer|runtime error|SUMMARY|PROGRAM ABORT", line)]
    return (telling or lines or ["it printed nothing"])[-1 if not telling else 0]


def read_options(out, target):
    """The section for libFuzzer, and the problems with the file."""
    path = out / f"{target}.options"
    parser = configparser.ConfigParser()
    try:
        if not parser.read(path):
            return {}, [f"{path.name} is missing"]
    except configparser.Error as error:
        return {}, [f"{path.name}: {str(error).splitlines()[0]}"]
    if not parser.has_section("libfuzzer"):
        return {}, [f"{path.name} has no section for libfuzzer"]
    return dict(parser["libfuzzer"]), []


def options_problems(out, target):
    options, problems = read_options(out, target)
    yield from problems
    if problems:
        return
    longest = max((len(content) for content in seeds(out, target).values()), default=0)
    if not options.get("max_len", "").isdigit() or int(options["max_len"]) < longest:
        yield f"{target}.options: max_len is {options.get('max_len')}; the longest seed has {longest} bytes"
    if "dict" in options and not (out / options["dict"]).is_file():
        yield f"{target}.options: {options['dict']} is not there"
    if "dict" not in options and (out / f"{target}.dict").exists():
        yield f"{target}.options does not name {target}.dict"


def seeds(out, target):
    """The seed corpus: contents by name; empty where there is none that can be read."""
    try:
        with zipfile.ZipFile(out / f"{target}_seed_corpus.zip") as archive:
            return {entry.filename: archive.read(entry) for entry in archive.infolist() if not entry.is_dir()}
    except (OSError, zipfile.BadZipFile):
        return {}


def seed_problems(out, target):
    found = seeds(out, target)
    if not found:
        yield f"{target}_seed_corpus.zip is missing, broken or empty"
    for name in sorted(found):
        if name.startswith("/") or ".." in pathlib.PurePosixPath(name).parts:
            yield f"{target}_seed_corpus.zip: {name} leads out of the folder"


def coverage_problems(report, least_percent):
    """`report` is the JSON of llvm-cov export, read."""
    totals = report["data"][0]["totals"]["lines"]
    if not totals["count"]:
        yield "the coverage report has no line"
    elif totals["percent"] < least_percent:
        yield f"the seeds cover {totals['percent']:.1f} % of the lines, expected {least_percent} % at least"
