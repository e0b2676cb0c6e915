"""Replays corpus/ through a build without an engine: under MSan, or with what another preset has."""
import subprocess

from fuzzing import corpus, project


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
    failed = []
    for target in project.targets(options.preset):
        problem = replay(options.preset, target)
        if problem:
            print(f"{target}: {problem}")
            failed.append(target)
    if failed:
        print(f"tools/fuzz replay: failed: {' '.join(failed)}")
    return 1 if failed else 0
