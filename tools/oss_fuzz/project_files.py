"""The files that OSS-Fuzz, ClusterFuzzLite and GitHub read: what their own checks would refuse, seen before."""
import re

import yaml

LICENSE = "http://www.apache.org/licenses/LICENSE-2.0"
SECTIONS = {"architectures", "auto_ccs", "base_os_version", "blackbox", "builds_per_day", "coverage_extra_args", "disabled",
            "file_github_issue", "fuzzing_engines", "help_url", "homepage", "labels", "language", "main_repo",
            "primary_contact", "run_tests", "sanitizers", "selective_unpack", "vendor_ccs", "view_restrictions"}
CONSTANTS = {
    "sanitizers": {"address", "none", "memory", "undefined", "thread", "coverage", "introspector", "hwaddress"},
    "fuzzing_engines": {"libfuzzer", "afl", "honggfuzz", "centipede", "none", "wycheproof"},
    "architectures": {"i386", "x86_64", "aarch64"},
    "language": {"c", "c++", "go", "jvm", "javascript", "lua", "python", "ruby", "rust", "swift"},
}
WANTED = {"sanitizers": {"address", "undefined", "memory"},
          "fuzzing_engines": {"libfuzzer", "afl", "honggfuzz", "centipede"}}
OSS_FUZZ = "fuzz/oss-fuzz"
LITE = ".clusterfuzzlite"
WORKFLOWS = ".github/workflows"
LICENSED = [f"{OSS_FUZZ}/{name}" for name in ("Dockerfile", "build.sh", "project.yaml", "run_tests.sh")]
FILES = [*LICENSED, f"{OSS_FUZZ}/build_targets.sh", *(f"{LITE}/{name}" for name in ("Dockerfile", "build.sh", "project.yaml")),
         *(f"{WORKFLOWS}/{name}.yml" for name in ("ci", "cflite_pr", "cflite_build", "cflite_batch", "cflite_cron"))]


def as_list(value):
    return value if isinstance(value, list) else [value]


def project_yaml_problems(name, text, required, wanted):
    try:
        data = yaml.safe_load(text)
    except yaml.YAMLError as error:
        yield f"{name}: {str(error).splitlines()[0]}"
        return
    if not isinstance(data, dict):
        yield f"{name}: no sections"
        return
    for section in sorted(set(data) - SECTIONS):
        yield f"{name}: {section} is no section"
    for section in sorted(required - set(data)):
        yield f"{name}: {section} is missing"
    for section, allowed in CONSTANTS.items():
        values = [value for value in as_list(data.get(section, []))]
        for value in values:
            # A sanitizer may be a mapping with options of its own.
            constant = next(iter(value)) if isinstance(value, dict) else value
            if constant not in allowed:
                yield f"{name}: {constant} is not one of the {section}"
        for value in sorted(wanted.get(section, set()) - {str(value) for value in values}):
            yield f"{name}: {value} is not among the {section}"
    for address in as_list(data.get("primary_contact", [])) + as_list(data.get("auto_ccs", [])):
        if not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", str(address)):
            yield f"{name}: {address} is no address"


def dockerfile_problems(name, text):
    if not re.search(r"^FROM gcr\.io/oss-fuzz-base/base-builder\b", text, re.MULTILINE):
        yield f"{name}: does not start from the base builder"
    for command in re.findall(r"^RUN (?:.*\\\n)*.*$", text, re.MULTILINE):
        if "apt-get install" in command and "apt-get update" not in command.split("apt-get install")[0]:
            yield f"{name}: apt-get install without apt-get update before it"
    if not re.search(r"^COPY .*build\.sh.* \$SRC/$", text, re.MULTILINE):
        yield f"{name}: build.sh is not copied to $SRC/"


def script_problems(name, text):
    code = re.sub(r"(^|\s)#.*", "", text)
    for flag in re.findall(r"-fsanitize\S*|-fno-sanitize\S*|-lFuzzingEngine|-stdlib=\S+|-fprofile-instr\S*", code):
        yield f"{name}: {flag}: flags and the engine come from the environment"


def workflow_problems(name, text):
    try:
        data = yaml.safe_load(text)
    except yaml.YAMLError as error:
        yield f"{name}: {str(error).splitlines()[0]}"
        return
    # YAML 1.1 reads the key `on` as true.
    for key in ("name", True, "permissions", "jobs"):
        if key not in data:
            yield f"{name}: {'on' if key is True else key} is missing"
    for job in data.get("jobs", {}).values():
        for sanitizer in job.get("strategy", {}).get("matrix", {}).get("sanitizer", []):
            if sanitizer not in CONSTANTS["sanitizers"]:
                yield f"{name}: {sanitizer} is no sanitizer"
        for step in job.get("steps", []):
            if "uses" not in step and "run" not in step:
                yield f"{name}: a step that does nothing"
            if "uses" in step and "@" not in step["uses"]:
                yield f"{name}: {step['uses']} names no version"


def same_build_problems(oss_fuzz, lite):
    """Both build.sh are one call of the same script."""
    for name, text in (("OSS-Fuzz", oss_fuzz), ("ClusterFuzzLite", lite)):
        code = [line for line in text.splitlines() if line and not line.startswith("#")]
        if code != [f'bash -eu "$SRC/sessenum/{OSS_FUZZ}/build_targets.sh"']:
            yield f"build.sh of {name}: is more than the call of build_targets.sh"


def problems(top):
    missing = [name for name in FILES if not (top / name).is_file()]
    yield from (f"{name}: is missing" for name in missing)
    if missing:
        return
    text = {name: (top / name).read_text(encoding="utf-8") for name in FILES}
    for name in LICENSED:
        if LICENSE not in text[name]:
            yield f"{name}: no licence header"
    yield from project_yaml_problems(f"{OSS_FUZZ}/project.yaml", text[f"{OSS_FUZZ}/project.yaml"],
                                     {"homepage", "language", "main_repo", "primary_contact"}, WANTED)
    yield from project_yaml_problems(f"{LITE}/project.yaml", text[f"{LITE}/project.yaml"], {"language"}, {})
    for name in FILES:
        if name.endswith("Dockerfile"):
            yield from dockerfile_problems(name, text[name])
        elif name.endswith(".sh"):
            yield from script_problems(name, text[name])
    yield from same_build_problems(text[f"{OSS_FUZZ}/build.sh"], text[f"{LITE}/build.sh"])
    for path in sorted((top / WORKFLOWS).glob("*.y*ml")) + sorted((top / OSS_FUZZ).glob("*.yml")):
        yield from workflow_problems(path.relative_to(top), path.read_text(encoding="utf-8"))
    for path in (top / OSS_FUZZ).glob("*.zip"):
        yield f"{path.relative_to(top)}: seeds stand in corpus/, not here"
