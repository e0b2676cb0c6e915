"""Builds that OSS-Fuzz would refuse: each breaks a small copy of the project in one way, and says who must notice.

The copy has one target, stub_decode, so that a break costs seconds.
"""
import dataclasses
import re
import shutil

from oss_fuzz.base_builder import JOBS, TOP

TARGET = "stub_decode"
SCRIPT = "fuzz/oss-fuzz/build_targets.sh"
LISTS = "fuzz/CMakeLists.txt"
SOURCE = f"fuzz/{TARGET}.cc"
ENTRY = 'extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {\n'
SEEDS = 'rm -f "$OUT"/*_seed_corpus.zip\n'
INSTALLED = 'cmake --install "$build" --component fuzz --prefix "$OUT"\n'


@dataclasses.dataclass(frozen=True)
class Break:
    """In `file`, `old` becomes `new`; then a problem of `job` says `noticed_by` (empty: nothing is to be noticed)."""
    file: str
    old: str
    new: str
    noticed_by: str
    job: str = "libfuzzer-address"


def at_start(statement):
    """Code that runs before the first input."""
    return Break(SOURCE, ENTRY, '#include <cstdlib>\nextern "C" int LLVMFuzzerInitialize(int*, char***) { ' + statement +
                 " return 0; }\n\n" + ENTRY, "")


def with_dictionary(line):
    return (SEEDS, SEEDS + 'mkdir -p "$project/fuzz/dictionaries"\n' +
            f"echo '{line}' >\"$project/fuzz/dictionaries/{TARGET}.dict\"\n")


def with_options(options):
    return ('add_compile_options(-Wall', f'add_link_options({options})\nadd_compile_options({options} -Wall')


BREAKS = {
    **{f"none-{name}": Break(SOURCE, ENTRY, ENTRY, "", name) for name in JOBS},
    "none-with-dictionary": Break(SCRIPT, *with_dictionary('name="abc"'), ""),
    "dictionary-garbled": Break(SCRIPT, *with_dictionary("no dictionary"), "crashes or exits at startup"),
    "dictionary-garbled-afl": Break(SCRIPT, *with_dictionary("no dictionary"), "Malformed", "afl-address"),
    "sanitizer-hard-wired": Break("CMakeLists.txt", *with_options("-fsanitize=undefined"), "seems to be built with ubsan too"),
    "sanitizer-hard-wired-undefined": Break("CMakeLists.txt", *with_options("-fsanitize=address"),
                                            "seems to be built with asan too", "libfuzzer-undefined"),
    "flags-ignored": Break(SCRIPT, "set -o pipefail\n", "set -o pipefail\nunset CFLAGS CXXFLAGS\n",
                           "does not seem to be built with asan"),
    "flags-ignored-memory": Break(SCRIPT, "set -o pipefail\n", "set -o pipefail\nexport CXXFLAGS=-stdlib=libc++\n",
                                  "does not seem to be built with msan", "libfuzzer-memory"),
    "flags-ignored-undefined": Break(SCRIPT, "set -o pipefail\n", "set -o pipefail\nexport CXXFLAGS=-stdlib=libc++\n",
                                     "does not seem to be built with ubsan", "libfuzzer-undefined"),
    "no-coverage": Break(SCRIPT, "set -o pipefail\n",
                         'set -o pipefail\nexport CXXFLAGS="${CXXFLAGS/-fsanitize=fuzzer-no-link/}"\n', "no coverage instrumentation"),
    "no-coverage-afl": Break(SCRIPT, "set -o pipefail\n", "set -o pipefail\nexport CXX=clang++-14\n", "No instrumentation",
                             "afl-address"),
    "no-profile": Break(SCRIPT, "set -o pipefail\n", "set -o pipefail\nexport CXXFLAGS=-stdlib=libc++\n", "left no profile",
                        "libfuzzer-coverage"),
    "exits-at-start": dataclasses.replace(at_start("std::exit(0);"), noticed_by="crashes or exits at startup"),
    "exits-at-start-afl": dataclasses.replace(at_start("std::exit(0);"), noticed_by="handshake", job="afl-address"),
    "needs-out": dataclasses.replace(at_start('if (std::getenv("OUT") == nullptr) std::abort();'),
                                     noticed_by="crashes or exits at startup"),
    "knows-where-built": Break(SCRIPT, INSTALLED, INSTALLED + f'mv "$OUT/{TARGET}" "$OUT/real"\n'
                               f'ln -s "$OUT/real" "$OUT/{TARGET}"\n', f"{TARGET}: no target of this name"),
    "seed-crashes": Break(SOURCE, ENTRY, ENTRY + "  if (size > 100) __builtin_trap();\n", "a seed breaks it"),
    "seed-crashes-afl": Break(SOURCE, ENTRY, ENTRY + "  if (size > 100) __builtin_trap();\n", "a seed breaks it", "afl-address"),
    "seed-crashes-replay": Break(SOURCE, ENTRY, ENTRY + "  if (size > 100) __builtin_trap();\n", "a seed breaks it",
                                 "replay-address"),
    "no-seeds": Break(SCRIPT, '  seed_corpus "$target"\n', "", "_seed_corpus.zip is missing"),
    "seeds-misnamed": Break(SCRIPT, '"$OUT/$1_seed_corpus.zip" -@', '"$OUT/$1.zip" -@', "_seed_corpus.zip is missing"),
    "no-options": Break(SCRIPT, '>"$OUT/$target.options"', ">/dev/null", ".options is missing"),
    "options-garbled": Break(SCRIPT, "[libfuzzer]\\n", "libfuzzer\\n", "no section headers"),
    "max-len-small": Break(SCRIPT, "echo $((longest", "echo 16  # $((longest", "max_len is"),
    "shared-library": Break(LISTS, "  install(TARGETS ${name}",
                            "  target_link_libraries(${name} PRIVATE -Wl,--no-as-needed -l:libz.so.1)\n  install(TARGETS ${name}",
                            "needs libz.so.1"),
    "stripped": Break(SCRIPT, INSTALLED, INSTALLED + 'strip "$OUT"/stub_decode\n', "seems to be built with"),
    "name-with-dot": Break(LISTS, "  install(TARGETS ${name}",
                           "  set_target_properties(${name} PROPERTIES SUFFIX .bin)\n  install(TARGETS ${name}",
                           "build.sh fails"),  # no corpus has such a name
    "not-installed": Break(SCRIPT, INSTALLED, "", f"{TARGET}: no target of this name"),
    "does-not-compile": Break(SOURCE, ENTRY, ENTRY + "  not code;\n", "build.sh fails"),
    "engine-hard-wired": Break(LISTS, "${SESSENUM_FUZZING_ENGINE})\n  else()", "-fsanitize=fuzzer)\n  else()",
                               "does not have the main()", "replay-address"),
}


def copy(tree):
    """Copies what a build of one target needs to `tree`."""
    for name in ("dissector", "fuzz", "tools/cmake", f"corpus/{TARGET}"):
        shutil.copytree(TOP / name, tree / name)
    shutil.copy(TOP / "CMakeLists.txt", tree)
    lists = tree / LISTS
    function, end, targets = lists.read_text(encoding="utf-8").partition("endfunction()\n")
    kept = re.search(rf"^sessenum_fuzz_target\({TARGET} [^)]*\)\n", targets, re.MULTILINE)
    lists.write_text(function + end + kept.group(0), encoding="utf-8")


def broken(planted, tree):
    """The text of `planted.file` in `tree`, broken."""
    text = (tree / planted.file).read_text(encoding="utf-8")
    if planted.old not in text:
        raise ValueError(f"{planted.file} has no {planted.old!r}: mend the break")
    return text.replace(planted.old, planted.new)


def plant(planted, tree):
    """Copies what a build needs to `tree`, and breaks it."""
    if tree.exists():
        shutil.rmtree(tree)
    copy(tree)
    (tree / planted.file).write_text(broken(planted, tree), encoding="utf-8")
    return tree
