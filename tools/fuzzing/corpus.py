"""A target's inputs: which there are, how long they may be, how many are kept."""
import hashlib
import subprocess

from fuzzing import project

MOST_FILES = 500
MOST_BYTES = 256 * 1024
LEAST_LENGTH = 4096


def files(target):
    """The inputs of corpus/<target>/: its seeds, and what once broke it."""
    return sorted(path for path in (project.CORPUS / target).rglob("*") if path.is_file())


def folders(target):
    return [folder for name in ("seed", "regress") if (folder := project.CORPUS / target / name).is_dir()]


def most_length(target):
    """max_len: twice the longest input of the corpus, so that each is read whole and has room to grow."""
    longest = max((path.stat().st_size for path in files(target)), default=0)
    return max(LEAST_LENGTH, 2 * longest)


def digest(content):
    return hashlib.sha256(content).hexdigest()[:12]


def within_caps(kept, candidates):
    """Of `candidates` (contents), shortest first, those that still fit beside the paths `kept`."""
    count, size = len(kept), sum(path.stat().st_size for path in kept)
    chosen = []
    for content in sorted(candidates, key=len):
        if count + 1 > MOST_FILES or size + len(content) > MOST_BYTES:
            break
        count, size = count + 1, size + len(content)
        chosen.append(content)
    return chosen


def over_caps(target):
    """Why the target's corpus is too large, or ''."""
    inputs = files(target)
    size = sum(path.stat().st_size for path in inputs)
    if len(inputs) > MOST_FILES:
        return f"corpus/{target}: {len(inputs)} files, more than {MOST_FILES}"
    if size > MOST_BYTES:
        return f"corpus/{target}: {size} bytes, more than {MOST_BYTES}"
    return ""


def keep_found(target, folder):
    """Keeps what a run found interesting for `tools/fuzz minimise`."""
    kept = project.FOUND / target
    kept.mkdir(parents=True, exist_ok=True)
    for path in folder.glob("*"):
        if path.is_file():
            content = path.read_bytes()
            (kept / digest(content)).write_bytes(content)


def minimise(target):
    """Adds to corpus/<target>/seed what reaches more of the program than the corpus does. Returns the new files."""
    problem = over_caps(target)
    if problem:
        raise project.Refused(problem)
    found = project.FOUND / target
    if not found.is_dir():
        raise project.Refused(f"nothing was found for {target} yet: run `tools/fuzz {target}` first")
    merged = project.WORK / "merge" / target
    merged.mkdir(parents=True, exist_ok=True)
    for path in merged.iterdir():
        path.unlink()
    # Merged first into the corpus as it is: only what adds to the named files is taken.
    named = files(target)
    for path in named:
        content = path.read_bytes()
        (merged / digest(content)).write_bytes(content)
    old = {path.name for path in merged.iterdir()}
    done = subprocess.run([project.program("fuzz", target), "-merge=1", f"-max_len={most_length(target)}", merged, found],
                          cwd=project.TOP, text=True, capture_output=True)
    if done.returncode:
        raise project.Refused(done.stderr[-2000:])
    fresh = [path.read_bytes() for path in merged.iterdir() if path.name not in old]
    chosen = within_caps(named, fresh)
    seeds = project.CORPUS / target / "seed"
    seeds.mkdir(parents=True, exist_ok=True)
    written = []
    for content in chosen:
        path = seeds / f"found_{digest(content)}"
        path.write_bytes(content)
        written.append(path)
    return written, len(fresh) - len(chosen)
