#!/usr/bin/python3
"""Completes command lines in bash, zsh and fish themselves, with what `sessenum completion` prints.

usage: completion_test.py --sessenum SESSENUM

A shell that is not installed is skipped.
"""
import os
import re
import shutil
import subprocess
import tempfile
import unittest

import command_line
from command_line import CommandLineTest, run

COMMANDS = {"replay", "report", "decode", "extract", "rules", "explain", "completion"}


def ids():
    return {line.split('"id":"')[1].split('"')[0] for line in run("rules", "--format", "ndjson")[1].splitlines()}


class Shell:
    """What each shell must answer. `complete` returns what the shell offers for a command line."""
    name = None

    def setUp(self):
        super().setUp()
        if not shutil.which(self.name):
            self.skipTest(f"{self.name} is not installed")
        status, self.script, err = run("completion", self.name)
        self.assertEqual((status, err), (0, ""))
        (self.folder / "calls.pcapng").touch()
        (self.folder / "a folder").mkdir()

    def shell(self, program, *options, **more):
        done = subprocess.run([self.name, *options, "-c", program], capture_output=True, timeout=60, cwd=self.folder,
                              env={**os.environ, "HOME": str(self.folder), "TERM": "dumb",
                                   "PATH": f"{command_line.PROGRAM.parent}:{os.environ['PATH']}"}, **more)
        self.assertEqual(done.stderr.decode(), "")
        return done.stdout.decode("utf-8")

    def test_commands(self):
        self.assertGreaterEqual(self.complete("sessenum "), COMMANDS)
        self.assertEqual(self.complete("sessenum re"), {"replay", "report"})
        self.assertEqual(self.complete("sessenum --v"), {"--version"})

    def test_options(self):
        offered = self.complete("sessenum replay --")
        self.assertGreaterEqual(offered, {"--format", "--keys", "--fail-on", "--help"})
        self.assertNotIn("--title", offered)
        self.assertEqual(self.complete("sessenum report --ti"), {"--title"})

    def test_values(self):
        self.assertGreaterEqual(self.complete("sessenum replay --format "), {"text", "ndjson"})
        self.assertEqual(self.complete("sessenum replay --format nd"), {"ndjson"})
        self.assertEqual(self.complete("sessenum replay --fail-on "), {"violation", "known", "advisory", "never"})
        self.assertEqual(self.complete("sessenum decode --direction re"), {"request", "response"})
        self.assertEqual(self.complete("sessenum completion "), {"bash", "zsh", "fish"})

    def test_rules(self):
        self.assertEqual(self.complete("sessenum explain "), ids())
        self.assertEqual(self.complete("sessenum explain D"), {rule for rule in ids() if rule.startswith("D")})

    def test_files(self):
        for line in ("replay ", "report --title x ", "replay --keys ", "report -o "):
            with self.subTest(line):
                self.assertIn("calls.pcapng", self.complete("sessenum " + line))
        self.assertEqual(self.complete("sessenum extract --to "), {"a folder"})
        self.assertEqual(self.complete("sessenum replay --window "), set())
        self.assertLessEqual(self.complete("sessenum rules "), {"--format", "--help", "-h"})


class Bash(Shell, CommandLineTest):
    name = "bash"
    # The function as readline calls it; what it leaves to readline ("default", "dirnames") is what that would add.
    PROGRAM = r'''
source "$1"
compopt() { while (($#)); do if [[ $1 == +o ]]; then unset "on[$2]"; else on[$2]=1; fi; shift 2; done; }
complete -p sessenum >/dev/null
declare -A on=([default]=1)
words=(); rest=$2
while [[ $rest =~ ^([^ =]+|=|\ +)(.*)$ ]]; do
  [[ ${BASH_REMATCH[1]} == " "* ]] || words+=("${BASH_REMATCH[1]}")
  rest=${BASH_REMATCH[2]}
done
[[ $2 != *" " ]] || words+=("")
COMP_WORDS=("${words[@]}") COMP_CWORD=$((${#words[@]} - 1))
_sessenum sessenum "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD-1]}"
if ((${#COMPREPLY[@]})); then printf '%s\n' "${COMPREPLY[@]}"
elif [[ ${on[dirnames]-} ]]; then compgen -d -- "${COMP_WORDS[COMP_CWORD]}"
elif [[ ${on[default]-} ]]; then compgen -f -- "${COMP_WORDS[COMP_CWORD]}"; fi
'''

    def complete(self, line):
        script = self.file("script", self.script.encode())
        done = subprocess.run(["bash", "--norc", "-c", self.PROGRAM, "bash", script, line], capture_output=True,
                              cwd=self.folder, timeout=60)
        self.assertEqual(done.stderr.decode(), "")
        script.unlink()
        return set(done.stdout.decode().splitlines())

    def test_values_behind_an_equals_sign(self):
        self.assertGreaterEqual(self.complete("sessenum replay --format="), {"text", "ndjson"})
        self.assertEqual(self.complete("sessenum replay --format=nd"), {"ndjson"})


class Fish(Shell, CommandLineTest):
    name = "fish"

    def complete(self, line):
        script = self.file("script.fish", self.script.encode())
        offered = self.shell(f"source {script}; rm {script}; complete -C '{line}'", "--no-config")
        # A candidate, a tab, its description; folders end with a slash.
        return {candidate.partition("\t")[0].rstrip("/") for candidate in offered.splitlines()}

    def test_values_behind_an_equals_sign(self):
        self.assertIn("--format=ndjson", self.complete("sessenum replay --format=nd"))


class Zsh(Shell, CommandLineTest):
    name = "zsh"
    # A shell on a terminal of its own, whose compadd prints what it would offer.
    PROGRAM = r'''
zmodload zsh/zpty
zpty z zsh -f -i
zpty -w z 'PS1= PS2=; unsetopt zle_bracketed_paste 2>/dev/null; unset zle_bracketed_paste'
zpty -w z 'cd -q '${(q)2}'; fpath=('${(q)1}' $fpath); autoload -U compinit; compinit -u -D'
zpty -w z 'bindkey "^I" complete-word; zstyle ":completion:*" format ""; zstyle ":completion:*" menu no'
zpty -w z 'compadd() {
  if [[ ${@[1,(i)(-|--)]} == *-(O|A|D)\ * ]]; then builtin compadd "$@"; return $?; fi
  typeset -a hits; builtin compadd -A hits "$@"
  local hit; for hit in $hits; do print -r -- "<offer>${(Q)hit}</offer>"; done
  builtin compadd "$@"
}
finish() { print -r -- "<done>"; exit; }
comppostfuncs=(finish)
print -r -- "<ready""/>"'
zpty -r z ignored '*<ready/>*'
zpty -n -w z "$3"$'\t'
zpty -r z answer '*<done>*'
print -r -- $answer
'''

    def complete(self, line):
        with tempfile.TemporaryDirectory() as functions:
            with open(os.path.join(functions, "_sessenum"), "w", encoding="utf-8") as file:
                file.write(self.script)
            done = subprocess.run(["zsh", "-f", "-c", self.PROGRAM, "zsh", functions, self.folder, line],
                                  capture_output=True, timeout=60, env={**os.environ, "TERM": "dumb",
                                                                        "HOME": str(self.folder)})
        answer = done.stdout.decode("utf-8", "replace")
        self.assertIn("<done>", answer, done.stderr.decode())
        return {offer.rstrip("=/") for offer in re.findall(r"<offer>(.*?)</offer>", answer)}

    def test_descriptions_are_whole(self):
        self.assertIn("The page'\\''s title", self.script)


if __name__ == "__main__":
    command_line.main(__doc__)
