#!/usr/bin/python3
"""Holds the manual page tools/sessenum/sessenum.1.scd against what the program itself says: every command, every option of
each with what stands behind it, every value of it, both ways.

usage: manual_test.py --sessenum SESSENUM
"""
import os
import re
import subprocess
import unittest

import command_line
from command_line import CommandLineTest, TOP, run

PAGE = TOP / "tools" / "sessenum" / "sessenum.1.scd"
EVERYWHERE = "all"


def section(title):
    return re.search(rf"^# {title}\n(.*?)(?=^# |\Z)", PAGE.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE).group(1)


def described_commands():
    return set(re.findall(r"^\*(\w+)\*$", section("COMMANDS"), re.MULTILINE))


def described_options():
    """{(command, option): (what stands behind it, the text)}, by headings such as "## Output (replay, decode)"."""
    options = {}
    for part in section("OPTIONS").split("\n## ")[1:]:
        heading, _, body = part.partition("\n")
        commands = re.search(r"\((.*)\)$", heading).group(1).split(", ")
        for term, text in re.findall(r"^(\*-.*)\n((?:\t.*\n|\n(?=\t))+)", body, re.MULTILINE):
            metavariable = "".join(re.findall(r"_(\w+)_$", term))
            for command in commands:
                for name in re.findall(r"\*(-[-\w]+)\*", term):
                    assert (command, name) not in options, f"{command} {name} is described twice"
                    options[command, name] = (metavariable, text)
    return options


def told_commands():
    listing = run("--help")[1].partition("Subcommands:")[2]
    return set(re.findall(r"^  (\w+) ", listing, re.MULTILINE))


def told_options(command):
    """{option: what stands behind it} by --help."""
    text = run(*([] if command == "sessenum" else [command]), "--help")[1]
    options = {}
    for names, metavariable in re.findall(r"^  (-\S+) ([A-Z]+\b)?", text, re.MULTILINE):
        options.update(dict.fromkeys(names.split(","), metavariable))
    return options


def values():
    """{(command, option): its values} by the completion for bash."""
    found = {}
    for patterns, words in re.findall(r"^ +('[^)]*)\) words='([^']*)'", run("completion", "bash")[1], re.MULTILINE):
        for command, option in re.findall(r"'(\w+) (-[-\w]+) '", patterns):
            found[command, option] = words.split()
    return found


class Manual(CommandLineTest):
    def test_commands(self):
        self.assertEqual(described_commands(), told_commands())
        self.assertIn("replay", told_commands())

    def test_options(self):
        described = described_options()
        everywhere = {name: metavariable for (command, name), (metavariable, _) in described.items()
                      if command == EVERYWHERE}
        commands = told_commands() | {"sessenum"}
        self.assertLessEqual({command for command, _ in described}, commands | {EVERYWHERE})
        for command in sorted(commands):
            with self.subTest(command):
                page = {name: metavariable for (of, name), (metavariable, _) in described.items() if of == command}
                self.assertEqual({**everywhere, **page}, told_options(command))

    def test_values(self):
        described = described_options()
        found = values()
        self.assertIn("ndjson", found["replay", "--format"])
        for place, words in found.items():
            with self.subTest(place):
                named = re.findall(r"\*([\w-]+)\*", described[place][1])
                self.assertEqual(sorted(set(words) - set(named)), [], "not in the page")

    def test_formats_are_explained(self):
        explained = re.findall(r"^\*([\w-]+)\*$", section("FORMATS"), re.MULTILINE)
        self.assertEqual(sorted(explained), sorted(values()["replay", "--format"]))

    def test_exit_status(self):
        told = re.findall(r"^\*(\d)\*$", section("EXIT STATUS"), re.MULTILINE)
        header = (TOP / "tools" / "sessenum" / "exit_status.h").read_text(encoding="utf-8")
        self.assertEqual(told, re.findall(r"= (\d),", header))

    def test_what_the_page_shows_of_a_pipeline_runs(self):
        with PAGE.open("rb") as source:
            roff = subprocess.run(["scdoc"], stdin=source, capture_output=True, check=True).stdout
        text = subprocess.run(["man", "-l", "-"], input=roff, capture_output=True, check=True,
                              env={**os.environ, "MANWIDTH": "250", "LC_ALL": "C.UTF-8"}).stdout.decode()
        example = re.search(r"sessenum (replay --format ndjson) \*\.pcapng (\| jq .*?@tsv')", text, re.DOTALL)
        command = f"$0 {example[1]} pcaps/smb2-transceive-level10.pcapng {example[2]}"
        done = subprocess.run(["sh", "-c", command, command_line.PROGRAM], cwd=TOP, capture_output=True, text=True)
        self.assertEqual((done.stdout.splitlines()[0], done.stderr), ("10.77.0.2\talice", ""))


if __name__ == "__main__":
    command_line.main(__doc__)
