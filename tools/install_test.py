#!/usr/bin/python3
"""Installs a build below a new prefix, moves that, and builds somebody else's project with what is there.

usage: install_test.py (--build-dir DIR | --prefix PREFIX) [--cc CC] [--cxx CXX] [--flags FLAGS]

With --prefix it takes what is installed there. FLAGS are those of the build: who links a library with sanitizers needs
them too. The project is tools/packaging/consumer, in C and C++, once by find_package and once by pkg-config.
"""
import argparse
import os
import pathlib
import re
import shlex
import subprocess
import sys
import tempfile
import unittest

import command_line

TOP = pathlib.Path(__file__).resolve().parent.parent
CONSUMER = TOP / "tools" / "packaging" / "consumer"
C_PROGRAM = TOP / "dissector" / "abi" / "sessenum_c_test.c"
HEADER = TOP / "dissector" / "include" / "sessenum" / "sessenum.h"
OPTIONS = None


def run(*command, env=None, stdin=b"", fails=False):
    done = subprocess.run([str(part) for part in command], input=stdin, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, env={**os.environ, **(env or {})}, timeout=300)
    output = done.stdout.decode("utf-8", "replace")
    assert (done.returncode != 0) == fails, f"{command}: exit status {done.returncode}\n{output}"
    return output


def install(prefix, *options):
    run("cmake", "--install", OPTIONS.build_dir, "--prefix", prefix, *options)
    return files(prefix)


def files(prefix):
    return {str(path.relative_to(prefix)) for path in prefix.rglob("*") if not path.is_dir()}


def moved_prefix(folder):
    """A prefix with everything, that was another while it was installed."""
    if OPTIONS.prefix:
        return OPTIONS.prefix
    install(folder / "first")
    (folder / "first").rename(folder / "then")
    return folder / "then"


class Components(unittest.TestCase):
    def setUp(self):
        if OPTIONS.prefix:
            self.skipTest("what is installed already")
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def component(self, name):
        return install(self.folder / name, "--component", name)

    def test_each_has_its_own_and_all_are_the_whole(self):
        tool, library, development, documents = map(self.component, ("tool", "library", "development", "documents"))
        self.assertIn("bin/sessenum", tool)
        self.assertEqual({re.sub(r".*/|[\d.]+$", "", name) for name in library}, {"libsessenum.so"})
        self.assertEqual(len(library), 2, "the library and its SONAME")
        self.assertLessEqual({"libsessenum.so", "sessenum.h", "sessenum.pc", "sessenum-config.cmake",
                              "sessenum-config-version.cmake"}, set(map(os.path.basename, development)))
        self.assertTrue(any(name.endswith("/LICENSE") for name in documents))
        parts = [tool, library, development, documents]
        self.assertEqual(sum(map(len, parts)), len(set().union(*parts)), "something is in two components")
        self.assertEqual(install(self.folder / "all"), set().union(*parts))

    def test_nothing_names_where_it_was_built_or_installed(self):
        install(self.folder / "all", "--component", "development")
        for name in files(self.folder / "all"):
            if not name.endswith(".so"):  # a link to the other component
                text = (self.folder / "all" / name).read_bytes()
                self.assertNotIn(str(self.folder).encode(), text, name)
                self.assertNotIn(str(OPTIONS.build_dir).encode(), text, name)


class Consumer(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.folder = pathlib.Path(folder.name)
        cls.prefix = moved_prefix(cls.folder)
        cls.libraries = next(cls.prefix.rglob("libsessenum.so")).parent

    def configure(self, version, **more):
        return run("cmake", "-S", CONSUMER, "-B", self.folder / version, f"-DCMAKE_PREFIX_PATH={self.prefix}",
                   f"-DWANTED_VERSION={version}", f"-DC_PROGRAM={C_PROGRAM}",
                   *(f"-DCMAKE_{language}_{what}={value}"
                     for language, compiler in (("C", OPTIONS.cc), ("CXX", OPTIONS.cxx))
                     for what, value in (("COMPILER", compiler), ("FLAGS", OPTIONS.flags))), **more)

    def assert_works(self, in_c, in_cxx, env=None):
        run(in_c, env=env)
        self.assertEqual(run(in_cxx, env=env, stdin=command_line.RESPONSE), "NetrSessionEnum level 10 -> 1 session\n")

    def test_find_package(self):
        self.configure("0.1")
        run("cmake", "--build", self.folder / "0.1")
        self.assert_works(self.folder / "0.1" / "in_c", self.folder / "0.1" / "in_cxx")

    def test_another_version_is_refused(self):
        self.assertIn("sessenum", self.configure("0.2", fails=True))

    def test_pkg_config(self):
        env = {"PKG_CONFIG_PATH": str(self.libraries / "pkgconfig")}
        version = run("pkg-config", "--modversion", "sessenum", env=env)
        self.assertEqual("sessenum " + version.strip(),
                         run(self.prefix / "bin" / "sessenum", "--version").splitlines()[0])
        flags = shlex.split(run("pkg-config", "--cflags", "--libs", "sessenum", env=env)) + shlex.split(OPTIONS.flags)
        run(OPTIONS.cc, "-std=c99", C_PROGRAM, "-o", self.folder / "in_c", *flags)
        run(OPTIONS.cxx, "-std=c++17", CONSUMER / "in_cxx.cc", "-o", self.folder / "in_cxx", *flags)
        self.assert_works(self.folder / "in_c", self.folder / "in_cxx", {"LD_LIBRARY_PATH": str(self.libraries)})

    def test_the_header_is_the_one_of_the_library(self):
        self.assertEqual((self.prefix / "include" / "sessenum" / "sessenum.h").read_bytes(), HEADER.read_bytes())


def main():
    global OPTIONS
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    where = parser.add_mutually_exclusive_group(required=True)
    where.add_argument("--build-dir", type=pathlib.Path)
    where.add_argument("--prefix", type=lambda text: pathlib.Path(text).resolve())
    parser.add_argument("--cc", default="cc")
    parser.add_argument("--cxx", default="c++")
    parser.add_argument("--flags", default="")
    OPTIONS = parser.parse_args()
    unittest.main(argv=[sys.argv[0]])


if __name__ == "__main__":
    main()
