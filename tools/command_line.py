"""What the tests of the command line share: the program, its output, files to try it on."""
import argparse
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

TOP = pathlib.Path(__file__).resolve().parent.parent
PCAPS = TOP / "pcaps"

DONE, FINDINGS, FAILED = 0, 1, 2

PROGRAM = None


# \\SRV, NULL, "", level 10, an empty container, the longest answer, resume handle 0; little-endian NDR.
REQUEST = bytes.fromhex(
    "00000200" "06000000" "00000000" "06000000" "5c005c005300520056000000"
    "00000000"
    "04000200" "01000000" "00000000" "01000000" "00000000"
    "0a000000" "0a000000" "08000200" "00000000" "00000000"
    "ffffffff" "0c000200" "00000000")
# Level 10, one session (\\WS7, bob, 42 s, idle 3 s), one in all, resume handle 18, NERR_Success.
RESPONSE = bytes.fromhex(
    "0a000000" "0a000000" "00000200" "01000000" "04000200" "01000000"
    "08000200" "0c000200" "2a000000" "03000000"
    "06000000" "00000000" "06000000" "5c005c005700530037000000"
    "04000000" "00000000" "04000000" "62006f0062000000"
    "01000000" "10000200" "12000000" "00000000")


def run(*arguments, stdin=b"", env=None, **more):
    done = subprocess.run([str(PROGRAM), *map(str, arguments)], input=stdin, capture_output=True, timeout=120,
                          env={**os.environ, **(env or {})}, **more)
    return done.returncode, done.stdout.decode("utf-8"), done.stderr.decode("utf-8")


def records(out):
    return [json.loads(line) for line in out.splitlines()]


def calls_of(out):
    return [record for record in records(out) if record["type"] == "call"]


class CommandLineTest(unittest.TestCase):
    maxDiff = None

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def file(self, name, content):
        path = self.folder / name
        path.write_bytes(content)
        return path

    def assert_one_error(self, err, name, reason=None):
        """One line that names the file and the reason."""
        lines = err.splitlines()
        self.assertEqual(len(lines), 1, err)
        self.assertTrue(err.endswith("\n"))
        self.assertTrue(lines[0].startswith(f"sessenum: {name}: "), err)
        self.assertGreater(len(lines[0]), len(f"sessenum: {name}: "))
        if reason is not None:
            self.assertIn(reason, lines[0])

    def assert_summary_adds_up(self, out):
        lines = records(out)
        self.assertEqual([line["type"] for line in lines], ["call"] * (len(lines) - 1) + ["summary"])
        self.assertEqual(lines[-1]["calls"], len(lines) - 1)
        findings = [finding for line in lines[:-1] for finding in line["findings"]]
        for verdict in ("violation", "known", "advisory"):
            found = sum(finding["verdict"] == verdict for finding in findings)
            self.assertEqual(lines[-1]["rules"][verdict], found, verdict)


def main(doc):
    global PROGRAM
    parser = argparse.ArgumentParser(description=doc.splitlines()[0], add_help=False)
    parser.add_argument("--sessenum", required=True, type=pathlib.Path)
    options, rest = parser.parse_known_args()
    PROGRAM = options.sessenum.resolve()
    unittest.main(module="__main__", argv=[sys.argv[0], *rest])
