#!/usr/bin/python3
"""Checks the house's rules that a compiler does not: who includes whom, what a layer may touch, what stands where.

usage: architecture_test.py [--self-test]

--self-test breaks each rule in a copy of a small tree and fails where the break is not noticed.
"""
import pathlib
import re
import subprocess
import sys
import tempfile

TOP = pathlib.Path(__file__).resolve().parent.parent

# From the bottom up: a folder includes itself and what stands before it.
LAYERS = ["base", "ndr", "srvsvc", "rpc", "smb", "net", "rules", "replay", "include", "abi", "output", "report", "capture", "wireshark"]
# No files, clock, environment or locale, and nothing but the standard library: the same code runs in a fuzzer.
PURE = [layer for layer in LAYERS[:LAYERS.index("output")] if layer != "include"]
# The headers for programs outside are C99.
C_HEADERS = {"stddef.h", "stdint.h"}
TOP_LEVEL = {"dissector", "docs", "fuzz", "corpus", "pcaps", "tools", "CMakeLists.txt", "CMakePresets.json", "README.md",
             "LICENSE", "CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md", ".ci", ".github", ".clusterfuzzlite",
             ".clang-format", ".clang-tidy", ".gitignore"}
# What only some folders may include, by the start of the header's name.
RESERVED = {
    "pcap": {"capture", "benchmarks"},
    "openssl/": {"smb"},
    "rapidjson/": {"output", "fuzz"},
    "CLI/": {"tools"},
    "nlohmann/": set(),  # tests alone
    "gtest/": set(),
    "gmock/": set(),
    "benchmark/": set(),
}
IMPURE = {"chrono", "csetjmp", "csignal", "cstdio", "ctime", "clocale", "filesystem", "format", "fstream", "future",
          "iomanip", "ios", "iostream", "istream", "locale", "ostream", "print", "random", "regex", "spanstream",
          "sstream", "stop_token", "streambuf", "strstream", "syncstream", "thread"}
IMPURE_WORDS = re.compile(r"\b(getenv|setlocale|fopen|printf|fprintf|system_clock|steady_clock|time\s*\(\s*nullptr)\b")
EXCEPTIONS = re.compile(r"\b(throw|catch)\b")
# Where the library meets programs outside, the standard library's exceptions stop.
MAY_CATCH = {"abi"}

INCLUDE = re.compile(r'^\s*#\s*include\s*(["<])([^">]+)[">]', re.MULTILINE)
NOT_CODE = re.compile(r'//[^\n]*|/\*.*?\*/|R"\((?:.|\n)*?\)"|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'', re.DOTALL)


def is_test(path):
    return path.stem.endswith(("_test", "_testing", "_bench")) or "testing" in path.parts


def header_guard(path):
    return "SESSENUM_" + re.sub(r"[^A-Za-z0-9]", "_", str(path)).upper() + "_"


def blank(match):
    return "\n" * match.group(0).count("\n")


def quoted_include(top, folder, path, header):
    """What is wrong with #include "header" of the file `path` in the layer `folder` (or in tools or fuzz)."""
    root, _, rest = header.partition("/")
    if root == "sessenum":
        target, place = "include", top / "dissector" / "include" / header
    elif root in LAYERS and rest:
        target, place = root, top / "dissector" / header
    elif folder not in LAYERS and ((path.parent / header).exists() or (top / header).exists()):
        return None
    else:
        return f'"{header}": not "<folder>/<file>" of a known folder'
    if not place.exists():
        return f'"{header}": no such file'
    if folder == "wireshark" and target not in ("include", "wireshark"):
        return f'"{header}": the plugin sees the public headers alone'
    if folder in LAYERS and LAYERS.index(target) > LAYERS.index(folder):
        return f'"{header}": {folder}/ stands below {target}/'
    return None


def angle_include(folder, test, header):
    if test:
        return None
    for start, allowed in RESERVED.items():
        if header.startswith(start) and folder not in allowed:
            return f"<{header}>: reserved for {', '.join(sorted(allowed)) or 'tests'}"
    if folder == "include" and header not in C_HEADERS:
        return f"<{header}>: the public headers need only {', '.join(sorted(C_HEADERS))}"
    if folder not in PURE:
        return None
    if header in IMPURE:
        return f"<{header}>: base/ to abi/ do no I/O"
    reserved_here = any(header.startswith(start) for start in RESERVED)
    if not reserved_here and ("/" in header or "." in header):
        return f"<{header}>: base/ to abi/ need only the C++ standard library"
    return None


def source_problems(top, folder, path):
    text = path.read_text(encoding="utf-8")
    name = path.relative_to(top)
    test = is_test(path)
    for kind, header in INCLUDE.findall(text):
        problem = quoted_include(top, folder, path, header) if kind == '"' else angle_include(folder, test, header)
        if problem:
            yield f"{name}: {problem}"
    if path.suffix == ".h" and folder != "include":
        inside = name.relative_to("dissector") if folder in LAYERS else name
        guard = header_guard(inside)
        if f"#ifndef {guard}\n#define {guard}\n" not in text:
            yield f"{name}: the include guard should be {guard}"
    code = NOT_CODE.sub(blank, text)
    if folder in LAYERS and not test:
        for match in EXCEPTIONS.finditer(code):
            if match.group(0) == "throw" or folder not in MAY_CATCH:
                yield f"{name}: {match.group(0)}: no exception crosses the library"
    if folder in PURE and not test:
        for match in IMPURE_WORDS.finditer(code):
            yield f"{name}: {match.group(0)}: base/ to abi/ do no I/O"


def unlisted(top, path):
    """A source that its folder's CMakeLists.txt does not name is never built; such a test never runs."""
    lists = path.parent / "CMakeLists.txt"
    names = re.findall(r"[\w.]+", lists.read_text(encoding="utf-8")) if lists.exists() else []
    if path.suffix == ".cc" and path.name not in names:
        yield f"{path.relative_to(top)}: not named in its folder's CMakeLists.txt"


def tracked(top):
    """The files of the repository, or all of them where it was unpacked without git."""
    done = subprocess.run(["git", "ls-files", "--cached", "--others", "--exclude-standard"], cwd=top,
                          capture_output=True, text=True)
    if done.returncode == 0:
        return [top / name for name in done.stdout.splitlines() if (top / name).is_file()]
    return [p for p in top.rglob("*") if p.is_file() and "build" not in p.relative_to(top).parts[:1]]


def problems(top):
    files = tracked(top)
    for name in sorted({p.relative_to(top).parts[0] for p in files} - TOP_LEVEL):
        yield f"{name}: does not belong at the top level"
    sources = 0
    for path in sorted(files):
        place = path.relative_to(top).parts
        if place[0] not in ("dissector", "tools", "fuzz"):
            continue
        folder = place[0]
        if folder == "dissector" and len(place) > 2:
            folder = place[1]
            if folder not in LAYERS:
                yield f"dissector/{folder}: no known layer"
                continue
        elif place[:2] == ("tools", "benchmarks"):
            folder = "benchmarks"
        if path.suffix in (".cc", ".h"):
            sources += 1
            if folder == "dissector":
                yield f"{path.relative_to(top)}: stands in no layer"
                continue
            yield from source_problems(top, folder, path)
            yield from unlisted(top, path)
        elif path.suffix in (".cpp", ".cxx", ".hpp", ".hh"):
            yield f"{path.relative_to(top)}: sources are named .cc and .h"
    if not sources:
        yield "no source was found"


HEADER = "#ifndef {0}\n#define {0}\n{1}\n#endif\n"
LISTED = "SOURCES x.cc bytes.cc pdu.cc text.cc file.cc main.cc decode.cc TESTS bytes_test.cc pdu_test.cc"
CLEAN = {
    "CMakeLists.txt": "",
    "fuzz/CMakeLists.txt": LISTED,
    "tools/sessenum/CMakeLists.txt": LISTED,
    **{f"dissector/{layer}/CMakeLists.txt": LISTED for layer in LAYERS},
    "dissector/base/bytes.h": HEADER.format("SESSENUM_BASE_BYTES_H_", "#include <cstdint>"),
    "dissector/base/bytes_test.cc": '#include <fstream>\n#include <gtest/gtest.h>\n#include "base/bytes.h"\n',
    "dissector/rpc/pdu.cc": '#include "base/bytes.h"\n// throw, getenv: words in a comment\nint a;\n',
    "dissector/smb/pipe.h": HEADER.format("SESSENUM_SMB_PIPE_H_", '#include "base/bytes.h"'),
    "dissector/output/text.cc": '#include <ostream>\n#include <rapidjson/writer.h>\n#include "base/bytes.h"\n',
    "dissector/include/sessenum/x.h": "#include <stdint.h>\n",
    "dissector/abi/x.cc": '#include "sessenum/x.h"\nvoid F() { try { } catch (...) { } }\n',
    "dissector/capture/file.cc": "#include <pcap/pcap.h>\n#include <fstream>\n",
    "tools/sessenum/main.cc": '#include <CLI/CLI.hpp>\n#include "base/bytes.h"\n#include "command.h"\n',
    "tools/sessenum/command.h": HEADER.format("SESSENUM_TOOLS_SESSENUM_COMMAND_H_", ""),
    "fuzz/decode.cc": '#include "fuzz/require.h"\n#include "rpc/pdu.h"\n',
    "fuzz/require.h": HEADER.format("SESSENUM_FUZZ_REQUIRE_H_", ""),
    "dissector/rpc/pdu.h": HEADER.format("SESSENUM_RPC_PDU_H_", ""),
}
# Each breaks one rule, and the message must hold the words.
BREAKS = [
    ("dissector/rpc/pdu.cc", '#include "smb/pipe.h"\n', "rpc/ stands below smb/"),
    ("dissector/rpc/pdu_test.cc", '#include "smb/pipe.h"\n', "rpc/ stands below smb/"),
    ("dissector/base/bytes.h", HEADER.format("SESSENUM_BASE_BYTES_H_", '  #  include "smb/pipe.h"'), "below smb/"),
    ("dissector/rpc/pdu.cc", '#include "base/none.h"\n', "no such file"),
    ("dissector/rpc/pdu.cc", '#include "other/none.h"\n', "of a known folder"),
    ("dissector/rpc/pdu.cc", '#include "pdu.h"\n', "of a known folder"),
    ("tools/sessenum/main.cc", '#include "none.h"\n', "of a known folder"),
    ("dissector/other/x.cc", "int a;\n", "no known layer"),
    ("dissector/x.cc", "int a;\n", "in no layer"),
    ("dissector/base/bytes.cc", "#include <iostream>\n", "no I/O"),
    ("dissector/replay/x.cc", "#include <filesystem>\n", "no I/O"),
    ("dissector/net/x.cc", "#include <arpa/inet.h>\n", "only the C++ standard library"),
    ("dissector/net/x.cc", "#include <pcap.h>\n", "reserved for benchmarks, capture"),
    ("dissector/rpc/x.cc", "#include <openssl/evp.h>\n", "reserved for smb"),
    ("dissector/replay/x.cc", "#include <rapidjson/writer.h>\n", "reserved for fuzz, output"),
    ("dissector/output/x.cc", "#include <CLI/CLI.hpp>\n", "reserved for tools"),
    ("dissector/output/x.cc", "#include <gtest/gtest.h>\n", "reserved for tests"),
    ("dissector/rules/x.cc", 'auto a = std::getenv("A");\n', "getenv"),
    ("dissector/output/x.cc", "void F() { throw 1; }\n", "throw"),
    ("dissector/output/x.cc", "void F() { try { } catch (...) { } }\n", "catch"),
    ("dissector/abi/x.cc", "void F() { throw 1; }\n", "throw"),
    ("dissector/replay/x.cc", '#include "sessenum/x.h"\n', "stands below include/"),
    ("dissector/include/sessenum/y.h", "#include <stdbool.h>\n", "public headers need only"),
    ("dissector/wireshark/x.cc", '#include "base/bytes.h"\n', "public headers alone"),
    ("dissector/base/limits.h", HEADER.format("LIMITS_H", ""), "include guard"),
    ("dissector/base/other_test.cc", "int a;\n", "not named"),
    ("dissector/base/limits.cpp", "", "named .cc"),
    ("doc/x.md", "", "top level"),
]


def plant(top, files):
    for name, text in files.items():
        path = top / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def self_test():
    with tempfile.TemporaryDirectory() as folder:
        assert list(problems(pathlib.Path(folder))), "an empty tree passes"
        plant(pathlib.Path(folder), CLEAN)
        found = list(problems(pathlib.Path(folder)))
        assert not found, f"a clean tree is refused: {found}"
    for name, text, words in BREAKS:
        with tempfile.TemporaryDirectory() as folder:
            plant(pathlib.Path(folder), {**CLEAN, name: text})
            found = list(problems(pathlib.Path(folder)))
            assert len(found) == 1 and words in found[0], f"{name}: {text!r}: found {found}"
    print(f"{len(BREAKS)} breaks, each noticed")
    return 0


def main():
    if sys.argv[1:] == ["--self-test"]:
        return self_test()
    found = list(problems(TOP))
    print("\n".join(found) or "the house is in order")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
