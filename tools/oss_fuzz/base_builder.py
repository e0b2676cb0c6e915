"""OSS-Fuzz's base builder, emulated: runs build.sh as its image does, with the same variables, without docker.

What differs from the image: the compilers are Debian's; libc++ and the engines come from Debian's packages; and the three
C libraries that the Dockerfile clones are stood in for by Debian's archives of them (see stand_ins).
"""
import dataclasses
import os
import pathlib
import shutil
import subprocess

TOP = pathlib.Path(__file__).resolve().parent.parent.parent
HERE = pathlib.Path(__file__).resolve().parent

COMMON_FLAGS = ["-O1", "-fno-omit-frame-pointer", "-gline-tables-only", "-DFUZZING_BUILD_MODE_UNSAFE_FOR_PRODUCTION"]
# All of -fsanitize=undefined that does not recover; unsigned overflow is a signal for the engine alone.
UNDEFINED = ("array-bounds,bool,builtin,enum,float-divide-by-zero,function,integer-divide-by-zero,null,object-size,return,"
             "returns-nonnull-attribute,shift,signed-integer-overflow,unreachable,vla-bound,vptr")
SANITIZER_FLAGS = {
    "address": ["-fsanitize=address", "-fsanitize-address-use-after-scope"],
    "undefined": [f"-fsanitize={UNDEFINED},unsigned-integer-overflow", f"-fno-sanitize-recover={UNDEFINED}"],
    "memory": ["-fsanitize=memory", "-fsanitize-memory-track-origins"],
    "coverage": ["-fprofile-instr-generate", "-fcoverage-mapping", "-pthread"],
}
# Debian's libFuzzer was built against libstdc++; the programs are not. In the image both have libc++.
LIBCXX_LINK = "-Wl,--no-as-needed -l:libstdc++.so.6"
AFL = pathlib.Path("/usr/lib/afl")
LIBRARIES = {"libpcap": "pcap", "zlib": "z", "zstd": "zstd"}


@dataclasses.dataclass(frozen=True)
class Job:
    engine: str
    sanitizer: str

    @property
    def name(self):
        return f"{self.engine}-{self.sanitizer}"


JOBS = {job.name: job for job in [
    Job("libfuzzer", "address"), Job("libfuzzer", "undefined"), Job("libfuzzer", "memory"), Job("libfuzzer", "coverage"),
    Job("afl", "address"), Job("replay", "address")]}


class BuildFailed(Exception):
    """build.sh ended with an error; the message is the end of what it printed."""


@dataclasses.dataclass(frozen=True)
class Folders:
    """$SRC, $WORK and $OUT of a job."""
    src: pathlib.Path
    work: pathlib.Path
    out: pathlib.Path


def run(command, **options):
    done = subprocess.run([str(part) for part in command], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False,
                          **options)
    text = done.stdout.decode(errors="replace")
    if done.returncode:
        raise BuildFailed(f"{' '.join(str(part) for part in command)}\n" + "\n".join(text.splitlines()[-40:]))
    return text


def make_folders(at, source):
    """Empty $WORK and $OUT, and $SRC with the project as `sessenum`."""
    folders = Folders(at / "src", at / "work", at / "out")
    for folder in dataclasses.astuple(folders):
        if folder.exists():
            shutil.rmtree(folder)
        folder.mkdir(parents=True)
    (folders.src / "sessenum").symlink_to(source)
    return folders


def compilers(job):
    if job.engine == "afl":
        return "afl-clang-fast", "afl-clang-fast++"
    return "clang-19", "clang++-19"


def compiler_flags(job):
    flags = COMMON_FLAGS + SANITIZER_FLAGS[job.sanitizer]
    if job.engine == "libfuzzer" and job.sanitizer != "coverage":
        flags = flags + ["-fsanitize=fuzzer-no-link"]
    return flags


def library_flags(job):
    """What makes the C++ library the image's, as far as Debian has it."""
    if job.engine == "afl":
        return []  # Debian's AFL++ brings clang 14, which Debian's libc++ does not support
    if job.sanitizer == "memory":
        return ["-stdlib=libc++", "-include", str(HERE / "instrumented_string.h")]
    return ["-stdlib=libc++"]


def engine_archive(job, folders, environment):
    """$LIB_FUZZING_ENGINE: a flag for libFuzzer, the path of an archive for all others."""
    if job.engine == "libfuzzer":
        return "-fsanitize=fuzzer"
    archive = folders.work / "libFuzzingEngine.a"
    if job.engine == "afl":
        shutil.copy(AFL / "libAFLDriver.a", archive)
        shutil.copy(shutil.which("afl-fuzz"), folders.out)
        return str(archive)
    main = folders.work / "replay_main.o"
    run([environment["CXX"], *environment["CXXFLAGS"].split(), "-std=c++20", "-c", TOP / "fuzz" / "replay_main.cc", "-o", main])
    run(["ar", "rcs", archive, main])
    return str(archive)


def job_environment(job, folders):
    cc, cxx = compilers(job)
    flags = compiler_flags(job)
    passed = {name: value for name, value in os.environ.items()
              if name in ("PATH", "HOME", "LANG") or name.startswith("CCACHE_") or name.endswith("_COMPILER_LAUNCHER")}
    environment = passed | {
        "SRC": str(folders.src), "WORK": str(folders.work), "OUT": str(folders.out), "ARCHITECTURE": "x86_64",
        "FUZZING_ENGINE": job.engine, "SANITIZER": job.sanitizer, "FUZZING_LANGUAGE": "c++", "CC": cc, "CXX": cxx,
        "CFLAGS": " ".join(flags), "CXXFLAGS": " ".join(flags + library_flags(job)), "AFL_QUIET": "1",
        "UBSAN_OPTIONS": "silence_unsigned_overflow=1", "ASAN_OPTIONS": "detect_leaks=0"}
    if job.engine != "afl":
        environment["LDFLAGS"] = LIBCXX_LINK
    environment["LIB_FUZZING_ENGINE"] = engine_archive(job, folders, environment)
    return environment


def system_archive(library):
    return pathlib.Path(run(["cc", f"-print-file-name=lib{library}.a"]).strip())


def stand_in(src, name, library):
    """A source tree that `builds' Debian's archive. Debian's libpcap would draw in D-Bus, which build.sh turns off."""
    tree = src / name / ("build/cmake" if name == "zstd" else "")
    packaged = tree / "prefix/lib/pkgconfig"
    packaged.mkdir(parents=True)
    archive = packaged.parent / f"lib{library}.a"
    shutil.copy(system_archive(library), archive)
    if library == "pcap":
        without = tree / "without_dbus.o"
        run(["cc", "-fPIC", "-c", HERE / "without_dbus.c", "-o", without])
        run(["ar", "d", archive, "pcap-dbus.o"])
        run(["ar", "rs", archive, without])
    pc = "zlib" if library == "z" else f"lib{library}"
    (packaged / f"{pc}.pc").write_text("prefix=${pcfiledir}/../..\n"
                                       f"Name: {pc}\nDescription: stand-in\nVersion: 0\nLibs: -L${{prefix}}/lib -l{library}\n")
    (tree / "CMakeLists.txt").write_text("cmake_minimum_required(VERSION 3.25)\nproject(stand_in LANGUAGES NONE)\n"
                                         "install(DIRECTORY prefix/ DESTINATION .)\n")


def has_stand_ins(job):
    """Debian's archives are not instrumented, and MemorySanitizer takes what such code writes for uninitialised."""
    return job.sanitizer != "memory" and all(system_archive(library).is_absolute() for library in LIBRARIES.values())


def build(job, at, source=TOP):
    """Runs build.sh; returns the folders. Raises BuildFailed."""
    folders = make_folders(at, source)
    if has_stand_ins(job):
        for name, library in LIBRARIES.items():
            stand_in(folders.src, name, library)
    environment = job_environment(job, folders)
    shutil.copy(source / "fuzz/oss-fuzz/build.sh", folders.src)
    log = run(["nice", "bash", "-eux", folders.src / "build.sh"], env=environment, cwd=folders.src / "sessenum")
    (at / "build.log").write_text(log)
    return folders
