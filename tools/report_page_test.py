#!/usr/bin/python3
"""Holds the report's page against its sources, and tries reports in headless Chromium.

usage: report_page_test.py current --build-dir DIR
       report_page_test.py current --self-test --build-dir DIR
       report_page_test.py browser --build-dir DIR --sessenum PROGRAM

Exit status 77 (skipped) where node, npm, chromium or npm's packages cannot be had; what is missing is printed. Packages
are installed to DIR/report_page, by the lock file and without their scripts.
"""
import argparse
import os
import pathlib
import shutil
import subprocess
import sys

import report_scenes
from npm_packages import installed, skip

TOP = pathlib.Path(__file__).resolve().parent.parent
PAGE = TOP / "dissector" / "report" / "page"
CHROMIUM = os.environ.get("SESSENUM_CHROMIUM", "/usr/bin/chromium")


def is_current(folder):
    done = subprocess.run(["node", "build.mjs", "--check"], cwd=folder, capture_output=True, text=True)
    sys.stderr.write(done.stderr)
    return done.returncode == 0


def current(folder, self_test):
    if not self_test:
        return 0 if is_current(folder) else 1
    style = folder / "src" / "style.css"
    style.write_text(style.read_text(encoding="utf-8") + "\n.changed { color: red; }\n", encoding="utf-8")
    assert not is_current(folder), "a change of the style is not noticed"
    shutil.copy(PAGE / "src" / "style.css", style)
    script = folder / "src" / "main.js"
    script.write_text(script.read_text(encoding="utf-8") + "\nconsole.log(1);\n", encoding="utf-8")
    assert not is_current(folder), "a change of the script is not noticed"
    shutil.copy(PAGE / "src" / "main.js", script)
    assert is_current(folder), "what is current is refused"
    return 0


def make_reports(program, folder):
    folder.mkdir(exist_ok=True)
    for name, scene in report_scenes.SCENES.items():
        capture = folder / f"{name}.pcap"
        with capture.open("wb") as file:
            scene(file)
        subprocess.run([program, "report", capture, "-o", folder / f"{name}.html"], check=True)
    captures = sorted(path for path in (TOP / "pcaps").iterdir() if path.suffix in (".pcap", ".pcapng"))
    # One of them is cut short: exit status 2.
    subprocess.run([program, "report", *captures, "-o", folder / "all.html"], stderr=subprocess.DEVNULL)


def browser(folder, program):
    if not os.access(CHROMIUM, os.X_OK):
        skip(f"{CHROMIUM} is not installed")
    reports = folder / "reports"
    make_reports(program.resolve(), reports)
    return subprocess.run(["node", "--test", "browser_test.mjs"], cwd=folder,
                          env={**os.environ, "SESSENUM_REPORTS": str(reports)}).returncode


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("what", choices=["current", "browser"])
    parser.add_argument("--build-dir", type=pathlib.Path, required=True)
    parser.add_argument("--sessenum", type=pathlib.Path)
    parser.add_argument("--self-test", action="store_true")
    arguments = parser.parse_args()
    folder = installed(PAGE, arguments.build_dir.resolve() / "report_page")
    if arguments.what == "current":
        return current(folder, arguments.self_test)
    if not arguments.sessenum:
        parser.error("--sessenum is needed")
    return browser(folder, arguments.sessenum)


if __name__ == "__main__":
    sys.exit(main())
