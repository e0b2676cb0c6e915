"""Where things are, and how the presets and their targets are built."""
import os
import pathlib
import subprocess

TOP = pathlib.Path(__file__).resolve().parent.parent.parent
CORPUS = TOP / "corpus"
WORK = TOP / "build" / "fuzzing"
FINDINGS = WORK / "findings"
FOUND = WORK / "found"
DICTIONARIES = TOP / "fuzz" / "dictionaries"


class Refused(Exception):
    """What was asked for cannot be done; the text says why."""


def build_folder(preset):
    return TOP / "build" / preset


def program(preset, target):
    return build_folder(preset) / "fuzz" / target


def run(*command, quiet=False, **more):
    """Runs a step of the build; where it fails, its output is the reason given."""
    command = [str(part) for part in command]
    done = subprocess.run(command, cwd=TOP, text=True, stdout=subprocess.PIPE if quiet else None,
                          stderr=subprocess.STDOUT if quiet else None, **more)
    if done.returncode:
        raise Refused(f"{done.stdout if quiet else ''}failed: {' '.join(command)}")
    return done


def configure(preset):
    run("cmake", "--preset", preset, quiet=True)


def build(preset, *targets):
    """Builds `targets`, or every fuzz target, in the preset's folder."""
    environment = dict(os.environ, AFL_QUIET="1")
    if preset == "afl-cmplog":
        environment["AFL_LLVM_CMPLOG"] = "1"
    run("cmake", "--build", build_folder(preset), "--target", *(targets or ["fuzz_targets"]), quiet=True, env=environment)


def build_if_known(preset, target):
    """Builds a target that not every checkout has."""
    listed = run("cmake", "--build", build_folder(preset), "--target", "help", quiet=True).stdout
    if any(line.split(":")[0] == target for line in listed.splitlines()):
        build(preset, target)


def targets(preset="fuzz"):
    """The names of all fuzz targets, as the build of a configured preset knows them."""
    return (build_folder(preset) / "fuzz" / "targets").read_text().split()


def require_target(name, preset="fuzz"):
    known = targets(preset)
    if name not in known:
        raise Refused(f"no target {name}; there are: {' '.join(known)}")


def shown(path):
    """A path as a person in the repository would write it."""
    path = pathlib.Path(path)
    return str(path.relative_to(TOP)) if path.is_relative_to(TOP) else str(path)


def commit():
    """The commit that was run; a plus stands for changes that are not in it."""
    name = subprocess.run(["git", "rev-parse", "--short", "HEAD"], cwd=TOP, text=True, capture_output=True)
    changes = subprocess.run(["git", "status", "--porcelain", "dissector", "fuzz", "corpus", "CMakeLists.txt",
                              "CMakePresets.json"], cwd=TOP, text=True, capture_output=True)
    return (name.stdout.strip() or "unknown") + ("+" if changes.stdout.strip() else "")
