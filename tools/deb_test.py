#!/usr/bin/python3
"""Holds the Debian packages that tools/deb made against lintian, unpacks them and uses what they hold.

usage: deb_test.py [FOLDER]

FOLDER is build/deb/packages. Exit status 77 where lintian or dpkg-deb is missing.
"""
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

import wireshark

TOP = pathlib.Path(__file__).resolve().parent.parent
PCAPS = TOP / "pcaps"
SYMBOLS = TOP / "tools" / "packaging" / "debian" / "symbols"
PACKAGES = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else TOP / "build" / "deb" / "packages"
SKIPPED = 77


def run(*command, **more):
    done = subprocess.run([str(part) for part in command], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=600,
                          **more)
    output = done.stdout.decode("utf-8", "replace")
    assert done.returncode == 0, f"{command}: exit status {done.returncode}\n{output}"
    return output


class Packages(unittest.TestCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        cls.debs = {path.name.partition("_")[0]: path for path in PACKAGES.glob("*.deb")}
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.root = pathlib.Path(folder.name) / "root"
        for deb in cls.debs.values():
            run("dpkg-deb", "-x", deb, cls.root)
        cls.tool = cls.root / "usr" / "bin" / "sessenum"

    def field(self, package, name):
        return run("dpkg-deb", "-f", self.debs[package], name).strip()

    def only(self, pattern):
        found = list(self.root.glob(pattern))
        self.assertEqual(len(found), 1, pattern)
        return found[0]

    def test_there_are_four(self):
        self.assertEqual(set(self.debs), {"sessenum", "libsessenum1", "libsessenum-dev", "wireshark-sessenum"})

    def test_lintian_finds_nothing(self):
        # Overridden tags are not shown; each has its reason in the override. Nothing is uploaded to Debian, whose bug
        # a first upload would close.
        self.assertEqual(run("lintian", "--allow-root", "--tag-display-limit", "0", "--fail-on", "error,warning",
                             "--suppress-tags", "initial-upload-closes-no-bugs", *self.debs.values()), "")

    def test_each_says_what_it_is(self):
        said = {package: self.field(package, "Description") for package in self.debs}
        self.assertEqual(len({text.splitlines()[0] for text in said.values()}), len(said), said)
        for text in said.values():
            self.assertNotRegex(text.replace("\n ", "\n"), "  ", "something is left out")

    def test_they_need_what_they_use(self):
        needed = {package: {re.split(r"[ |(:]", name)[0] for name in self.field(package, "Depends").split(", ")}
                  for package in self.debs}
        self.assertGreaterEqual(needed["sessenum"], {"libc6", "libpcap0.8", "libssl3", "libstdc++6", "libzstd1", "zlib1g"})
        self.assertEqual(needed["libsessenum-dev"], {"libsessenum1"})
        self.assertIn(f"(= {self.field('libsessenum1', 'Version')})", self.field("libsessenum-dev", "Depends"))
        self.assertFalse({name for name in needed["libsessenum1"] if name.startswith(("libpcap", "libssl"))})
        self.assertTrue(any(name.startswith("libwireshark") for name in needed["wireshark-sessenum"]), needed)

    def test_no_file_is_in_two(self):
        listed = [name for deb in self.debs.values() for name in run("dpkg-deb", "-c", deb).splitlines()
                  if not name.startswith("d")]
        names = [line.split()[5] for line in listed]
        self.assertEqual(len(names), len(set(names)))

    def test_what_runs_is_hardened_and_stripped(self):
        programs = [self.tool, *self.root.rglob("*.so.*.*.*"), *self.root.rglob("epan/*.so")]
        self.assertEqual(len(programs), 3)
        for program in programs:
            dump = run("readelf", "-W", "-h", "-l", "-d", "-S", program)
            with self.subTest(program.name):
                self.assertRegex(dump, r"Type: +DYN")
                self.assertIn("GNU_RELRO", dump)
                self.assertRegex(dump, r"BIND_NOW|Flags: NOW")
                self.assertNotIn(".symtab", dump)
                self.assertNotRegex(dump, r"\(R(UN)?PATH\)")
                self.assertNotIn(str(TOP).encode(), program.read_bytes())

    def test_symbols_are_those_of_the_library(self):
        library = self.only("usr/lib/*/libsessenum.so.*.*.*")
        told = run("dpkg-gensymbols", "-plibsessenum1", f"-v{self.field('libsessenum1', 'Version')}", f"-e{library}",
                   f"-I{SYMBOLS}", "-O", "-c4")
        self.assertEqual(told.splitlines()[1:], SYMBOLS.read_text(encoding="utf-8").splitlines()[1:])

    def test_the_tool_runs(self):
        version = self.field("sessenum", "Version").partition("-")[0]
        self.assertEqual(run(self.tool, "--version").splitlines()[0], f"sessenum {version}")
        golden = (PCAPS / "real-smbd-rpcclient-levels.json").read_text(encoding="utf-8")
        self.assertEqual(run(self.tool, "replay", "--format", "ndjson", PCAPS / "real-smbd-rpcclient-levels.pcap"), golden)
        page = self.root / "page.html"
        run(self.tool, "report", PCAPS / "real-smbd-rpcclient-levels.pcap", "-o", page)
        self.assertIn("</html>", page.read_text(encoding="utf-8"))

    def test_the_manual_page_can_be_read(self):
        page = self.only("usr/share/man/man1/sessenum.1.gz")
        env = {**os.environ, "LC_ALL": "C.UTF-8", "MANWIDTH": "80"}
        self.assertEqual(run("man", "--warnings", "-E", "UTF-8", "-l", "-Tutf8", "-Z", page, env=env).count("warning"), 0)
        self.assertIn("--fail-on", run("man", "-l", page, env=env))

    def test_completions_are_where_shells_look(self):
        for shell, place in (("bash", "bash-completion/completions/sessenum"), ("zsh", "zsh/vendor-completions/_sessenum"),
                             ("fish", "fish/vendor_completions.d/sessenum.fish")):
            text = (self.root / "usr" / "share" / place).read_text(encoding="utf-8")
            self.assertEqual(text, run(self.tool, "completion", shell))

    def test_programs_are_built_with_the_library(self):
        run(TOP / "tools" / "install_test.py", "--prefix", self.root / "usr")

    def test_wireshark_takes_the_plugin(self):
        if not shutil.which("tshark"):
            self.skipTest("tshark is not installed")
        tshark = wireshark.Session(self.only("usr/lib/*/wireshark/plugins/*/epan/sessenum.so"))
        self.addCleanup(tshark.close)
        shown = tshark.run(PCAPS / "smb2-transceive-level10.pcapng", "-Y", "sessenum", "-T", "fields", "-e", "frame.number")
        self.assertEqual(shown.split(), ["18", "19"])


if __name__ == "__main__":
    if not shutil.which("lintian") or not shutil.which("dpkg-deb"):
        print("deb_test: lintian or dpkg-deb is not installed")
        sys.exit(SKIPPED)
    unittest.main(argv=sys.argv[:1])
