#!/usr/bin/python3
"""Runs what README.md and the cookbook tell a reader to run.

usage: readme_test.py --build-dir DIR
       readme_test.py --self-test

Every ```sh block is run by bash, in a folder that shows the repository's files with DIR as build/release, and must end
with 0. Where the next block is ```text, it must be the output. TOO_LONG names the commands that are only looked for.
Blocks of another language (```console) are not run.
"""
import argparse
import difflib
import os
import pathlib
import re
import subprocess
import sys
import tempfile

TOP = pathlib.Path(__file__).resolve().parent.parent
DOCUMENTS = ("README.md", "docs/cookbook.md")
# They install packages or build; tools/fresh-system runs them.
TOO_LONG = ("tools/quickstart", "tools/test")
BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.DOTALL | re.MULTILINE)


def examples(text):
    """(line number, commands, expected output or None) of each sh block."""
    blocks = [(text.count("\n", 0, m.start()) + 2, m.group(1), m.group(2)) for m in BLOCK.finditer(text)]
    for index, (line, language, body) in enumerate(blocks):
        if language == "sh":
            follower = blocks[index + 1] if index + 1 < len(blocks) else (0, "", "")
            yield line, body, follower[2] if follower[1] == "text" else None


def make_view(folder, build_dir):
    """The repository by links, so that an example may write files without touching it."""
    for entry in TOP.iterdir():
        if entry.name not in ("build", ".git"):
            (folder / entry.name).symlink_to(entry)
    (folder / "build").mkdir()
    (folder / "build" / "release").symlink_to(build_dir)


def left_out(body):
    """What is wrong with a block of commands that take too long, or None where it is to be run."""
    lines = [line for line in body.splitlines() if line.strip() and not line.startswith("#")]
    if not all(line.split()[0] in TOO_LONG for line in lines):
        return None
    lost = [line for line in lines if not os.access(TOP / line.split()[0], os.X_OK)]
    return [f"no such command: {line}" for line in lost]


def example_problems(body, expected, view):
    done = subprocess.run(["bash", "-euo", "pipefail", "-c", body], cwd=view, stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=300,
                          env={**os.environ, "LC_ALL": "C.UTF-8", "NO_COLOR": "1"})
    output = done.stdout.decode("utf-8", "replace")
    if done.returncode:
        yield f"exit status {done.returncode}"
        yield from output.splitlines()
    elif expected is not None and output != expected:
        yield from difflib.unified_diff(expected.splitlines(), output.splitlines(), "as told", "output", lineterm="")


def run(name, text, build_dir):
    count = failed = 0
    with tempfile.TemporaryDirectory() as folder:
        view = pathlib.Path(folder)
        make_view(view, build_dir)
        for line, body, expected in examples(text):
            count += 1
            problems = left_out(body)
            if problems is None:
                problems = list(example_problems(body, expected, view))
            if problems:
                failed += 1
                print(f"{name}:{line}:\n{body}" + "\n".join(f"  {p}" for p in problems))
    print(f"{name}: {count - failed} examples as told, {failed} not")
    return 1 if failed or not count else 0


def self_test():
    def told(*blocks):
        return run("self-test", "".join(f"```{language}\n{body}\n```\n" for language, body in blocks), TOP)

    assert told(("sh", "echo a"), ("text", "a")) == 0
    assert told(("sh", "tools/test")) == 0
    assert told(("sh", "ls -d build/release/tools CMakeLists.txt >/dev/null; touch new-file")) == 0
    assert not (TOP / "new-file").exists(), "an example wrote into the repository"
    assert told(("sh", "echo a"), ("text", "b")) == 1, "another output is not noticed"
    assert told(("sh", "false\ntrue")) == 1, "a failing command is not noticed"
    assert told(("sh", "no-such-command | cat")) == 1, "a command that is lost is not noticed"
    assert told(("console", "tools/test")) == 1, "a README without examples passes"
    return 0


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--build-dir", type=pathlib.Path)
    parser.add_argument("--self-test", action="store_true")
    arguments = parser.parse_args()
    if arguments.self_test:
        return self_test()
    if not arguments.build_dir:
        parser.error("--build-dir is needed")
    failed = [name for name in DOCUMENTS
              if run(name, (TOP / name).read_text(encoding="utf-8"), arguments.build_dir.resolve())]
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
