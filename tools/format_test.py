#!/usr/bin/python3
"""Fails where a C or C++ file of the repository is not as clang-format 14 with .clang-format leaves it.

usage: format_test.py [--fix]
"""
import pathlib
import subprocess
import sys

TOP = pathlib.Path(__file__).resolve().parent.parent
CLANG_FORMAT = "clang-format-14"  # by version: each formats a little differently


def main():
    files = sorted(str(path.relative_to(TOP)) for folder in ("dissector", "docs", "fuzz", "tools") for path in (TOP / folder).rglob("*")
                   if path.suffix in (".cc", ".h", ".c"))
    if not files:
        sys.exit("format_test: no source found")
    how = ["-i"] if sys.argv[1:] == ["--fix"] else ["--dry-run", "-Werror"]
    done = subprocess.run([CLANG_FORMAT, "--style=file", *how, *files], cwd=TOP, capture_output=True, text=True)
    if done.returncode:
        places = sorted({line.split(": error")[0].rpartition(":")[0] for line in done.stderr.splitlines()
                         if "[-Wclang-format-violations]" in line})
        print("\n".join(places) or done.stderr)
        sys.exit("format_test: to mend it, run tools/format_test.py --fix")


if __name__ == "__main__":
    main()
