"""A copy of the sources in which one mutant at a time is planted, built and tried."""
import hashlib
import json
import os
import pathlib
import re
import shutil
import signal
import subprocess
import tempfile
import time

from .mutants import LAYERS, TOP

# What the build and the tests read. corpus/ is read where it is: no mutant changes it.
COPIED = ("CMakeLists.txt", "CMakePresets.json", "dissector", "fuzz", "tools", "pcaps")
# A local that is not set has the same rubbish in every run, so that what reads it fails in every run, or in none.
CHECKS = ("-g0 -fno-omit-frame-pointer -fsanitize=address,undefined -fno-sanitize-recover=all "
          "-D_GLIBCXX_SANITIZE_VECTOR=1 -D_GLIBCXX_ASSERTIONS -ftrivial-auto-var-init=pattern -Wno-everything")
# Compiler flags, the fuzzing engine, and what else cmake is told. What MSan sees, a local without a value, has none here.
FLAVOURS = {
    "tests": ("-O1 " + CHECKS, "", ("-DBUILD_TESTING=ON",)),
    "fuzz": ("-O1 -fsanitize=fuzzer-no-link " + CHECKS, "-fsanitize=fuzzer", ("-DBUILD_TESTING=OFF",)),
    "msan": ("-O1 -g0 -fno-omit-frame-pointer -stdlib=libc++ -include {tree}/tools/oss_fuzz/instrumented_string.h "
             "-fsanitize=memory -Wno-everything", "",
             ("-DBUILD_TESTING=OFF", "-DSESSENUM_WITH_OPENSSL=OFF", "-DSESSENUM_WITH_LIBPCAP=OFF",
              "-DSESSENUM_WITH_WIRESHARK=OFF")),
}
# The fuzz targets that look at a layer, the most likely first.
TARGETS = {"base": ("stub_roundtrip", "rpc_pdus", "call_pair_rules"), "ndr": ("stub_roundtrip", "stub_decode"),
           "srvsvc": ("stub_roundtrip", "stub_decode"), "rpc": ("rpc_pdus",), "rules": ("call_pair_rules",)}


class BuildFailed(Exception):
    pass


def depends(top=TOP):
    """Layer -> layers that it is built on, itself included; fuzz target -> the same of what it links."""
    direct = {}
    for path in (top / "dissector").glob("*/CMakeLists.txt"):
        match = re.search(r"sessenum_layer\(\s*NAME (\w+)((?:\s+\w+(?:\.\w+)?)*)", path.read_text())
        if match:
            words = re.split(r"\s(?:SOURCES|TESTS|LINK|TEST_LINK)\s", match.group(2))[0].split()
            direct[match.group(1)] = set(words) - {"DEPENDS"}
    targets = {}
    for name, words in re.findall(r"sessenum_fuzz_target\((\w+)([^)]*)\)", (top / "fuzz" / "CMakeLists.txt").read_text()):
        if "LAYERS" in words:
            targets[name] = set(words.split("LAYERS")[1].split()) & set(direct)

    def closed(layers):
        reached = set()
        while layers:
            layer = layers.pop()
            if layer not in reached:
                reached.add(layer)
                layers |= direct.get(layer, set())
        return reached

    return {layer: closed({layer}) for layer in direct}, {name: closed(set(layers)) for name, layers in targets.items()}


def plan(layer, near_only=False, top=TOP):
    """The programs of stage 1 for a mutant in `layer`, in the order in which they are tried: (kind, name). `near_only`:
    those of the core alone, which are quickly built."""
    layers, targets = depends(top)
    units = [("unit", name) for name in ("base", "ndr", "srvsvc", "rpc", "smb", "net", "rules", "replay", "output")
             if layer in layers.get(name, ()) and (top / "dissector" / name).is_dir()]
    own = [unit for unit in units if unit[1] == layer]
    near = [("corpus", name) for name in TARGETS[layer] if name in targets]
    far = [("corpus", name) for name, below in targets.items() if layer in below and name not in TARGETS[layer]]
    others = [unit for unit in units if unit not in own]
    # All of the core includes the headers of base/: its own test is built soonest.
    first = own + near if layer == "base" else near + own
    if near_only:
        return first + [unit for unit in others if unit[1] in LAYERS]
    return first + others + far


def memory_plan(layer):
    """The replays under MSan that are asked of a mutant which leaves something without a value."""
    return [("memory", name) for name in TARGETS[layer]]


class Workbench:
    def __init__(self, folder, top=TOP, nice=0):
        self.top = top
        self.folder = pathlib.Path(folder).resolve()
        self.tree = self.folder / "tree"
        self.nice = nice
        self.usual = {}  # kind and name of a program -> seconds that it takes without a mutant
        self._copy()
        self.state = self._state()
        self._recall()

    def _state(self):
        """Changes with everything that the programs are made of, and what they read."""
        digest = hashlib.sha256()
        corpus = self.top / "corpus"
        for folder in (self.tree, corpus):
            for path in sorted(path for path in folder.rglob("*") if path.is_file()):
                digest.update(str(path.relative_to(folder)).encode() + b"\0" + path.read_bytes())
        return digest.hexdigest()

    def _recall(self):
        """What passed before in this state need not pass again."""
        kept = self.folder / "usual.json"
        if kept.exists():
            state, usual = json.loads(kept.read_text())
            self.usual = usual if state == self.state else {}

    def remember(self):
        (self.folder / "usual.json").write_text(json.dumps([self.state, self.usual]))

    def _copy(self):
        for name in COPIED:
            source = self.top / name
            files = [source] if source.is_file() else [
                path for path in source.rglob("*") if path.is_file() and "__pycache__" not in path.parts]
            for path in files:
                self._put(self.tree / path.relative_to(self.top), path)
            if source.is_dir():
                for path in list((self.tree / name).rglob("*")):
                    if path.is_file() and not (self.top / path.relative_to(self.tree)).exists():
                        path.unlink()
        corpus = self.tree / "corpus"
        if not corpus.is_symlink():
            corpus.symlink_to(self.top / "corpus")

    def _put(self, copy, path):
        content = path.read_bytes()
        if not copy.exists() or copy.read_bytes() != content:
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_bytes(content)
            shutil.copymode(path, copy)

    def _run(self, command, seconds, cwd=None, env=None):
        """(exit status, output); the status is None where time was up."""
        with tempfile.TemporaryFile() as output:
            process = subprocess.Popen([str(part) for part in command], cwd=cwd or self.tree, stdin=subprocess.DEVNULL,
                                       stdout=output, stderr=subprocess.STDOUT, start_new_session=True,
                                       env={**os.environ, **(env or {})}, preexec_fn=lambda: os.nice(self.nice))
            try:
                status = process.wait(timeout=seconds)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
                status = None
            output.seek(max(0, output.seek(0, os.SEEK_END) - 20000))
            return status, output.read().decode(errors="replace")

    def configure(self, flavour):
        build = self.folder / flavour
        flags, engine, options = FLAVOURS[flavour]
        # RapidJSON adds to a null pointer, which is its own affair.
        ignored = self.folder / "ignored_by_sanitizers.txt"
        ignored.write_text("src:*/rapidjson/*\n")
        flags = flags.format(tree=self.tree)
        wanted = (f"-DCMAKE_CXX_FLAGS={flags} -fsanitize-ignorelist={ignored}", f"-DSESSENUM_FUZZING_ENGINE={engine}",
                  *options, "-DCMAKE_EXE_LINKER_FLAGS=-fuse-ld=lld",
                  f"-DCMAKE_PROJECT_sessenum_INCLUDE={pathlib.Path(__file__).resolve().parent / 'quick_tests.cmake'}")
        status, output = self._run(["cmake", "-S", self.tree, "-B", build, "-G", "Ninja", "-DCMAKE_BUILD_TYPE=None",
                                    "-DCMAKE_CXX_COMPILER=clang++-19", *wanted], 600)
        if status != 0:
            raise BuildFailed(output)

    def build(self, flavour, target):
        status, output = self._run(["ninja", "-C", self.folder / flavour, "-j", "1", target], 1800)
        if status != 0:
            raise BuildFailed(output)

    def plant(self, mutant):
        path = self.tree / mutant.path
        path.write_text(mutant.planted((self.top / mutant.path).read_text()))

    def restore(self, mutant):
        (self.tree / mutant.path).write_bytes((self.top / mutant.path).read_bytes())

    def program(self, kind, name):
        """(flavour, what is built, the command that runs it)"""
        if kind == "unit":
            return "tests", f"{name}_test", [f"dissector/{name}/{name}_test", "--gtest_brief=1", "--gtest_fail_fast"]
        return "msan" if kind == "memory" else "tests", name, [f"fuzz/{name}", self.top / "corpus" / name]

    def attempt(self, kind, name):
        """How one program of stage 1 ended: "" where it found nothing."""
        flavour, target, command = self.program(kind, name)
        self.build(flavour, target)
        began = time.monotonic()
        usual = self.usual.get(f"{kind} {name}")
        limit = 10 + 8 * usual if usual is not None else 600
        status, output = self._run([self.folder / flavour / command[0], *command[1:]], limit)
        if usual is None:
            self.usual[f"{kind} {name}"] = time.monotonic() - began
        if status == 0:
            return ""
        return "hang" if status is None else last_words(output)

    def fuzz(self, target, corpus, seconds, seed):
        """Whether the target fails within the time, and after how many seconds."""
        self.build("fuzz", target)
        with tempfile.TemporaryDirectory(dir=self.folder) as scratch:
            command = [self.folder / "fuzz" / "fuzz" / target, scratch, f"-seed={seed}", f"-max_total_time={seconds}",
                       "-timeout=10", "-rss_limit_mb=1024", f"-artifact_prefix={scratch}/", "-print_final_stats=0"]
            dictionary = self.top / "fuzz" / "dictionaries" / f"{target}.dict"
            if dictionary.exists():
                command.append(f"-dict={dictionary}")
            if corpus == "full":
                command += [path for path in sorted((self.top / "corpus" / target).iterdir()) if path.is_dir()]
            began = time.monotonic()
            status, output = self._run(command, seconds + 60, cwd=scratch)
            return status != 0, time.monotonic() - began, last_words(output) if status else ""


def last_words(output):
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    for mark in ("ERROR: AddressSanitizer", "runtime error", "Failure", "FAILED", "Assertion", "broken", "ERROR:"):
        for line in lines:
            if mark in line:
                return line[-160:]
    return lines[-1][-160:] if lines else "no output"
