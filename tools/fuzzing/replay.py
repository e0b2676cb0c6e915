"""Replays corpus/ through a build without an engine: under MSan, or with what another preset has."""
import subprocess

from fuzzing import corpus, project

# It calls OpenSSL, which MSan does not see write: fuzz/README.md.
NOT_FOR_MSAN = ("end_to_end",)


def replay(preset, target):
    """Returns what went wrong, or ''."""
    done = subprocess.run([project.program(preset, target), *corpus.folders(target)], cwd=project.TOP, text=True,
                          errors="replace", capture_output=True)
    if done.returncode:
        return done.stderr[-4000:]
    print(f"{target}: {done.stderr.splitlines()[-1]}")
    return ""


def main(options):
    project.configure(options.preset)
    project.build(options.preset)
    left_out = NOT_FOR_MSAN if options.preset == "msan" else ()
    failed = []
    for target in project.targets(options.preset):
        if target in left_out:
            print(f"{target}: left out, see fuzz/README.md")
            continue
        problem = replay(options.preset, target)
        if problem:
            print(f"{target}: {problem}")
            failed.append(target)
    if failed:
        print(f"tools/fuzz replay: failed: {' '.join(failed)}")
    return 1 if failed else 0
