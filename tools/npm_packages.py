"""npm's packages for a test: installed by the lock file and without their scripts, once."""
import hashlib
import shutil
import subprocess
import sys

# What npm says where no registry answers, or something between that npm does not trust.
UNREACHABLE = ("ENOTFOUND", "EAI_AGAIN", "ECONN", "ETIMEDOUT", "SELF_SIGNED_CERT", "UNABLE_TO_GET_ISSUER",
               "UNABLE_TO_VERIFY")
SKIPPED = 77


def skip(why):
    print(f"skipped: {why}")
    sys.exit(SKIPPED)


def installed(source, folder):
    """Makes `folder` a copy of `source` with npm's packages beside it. Skips the test where they cannot be had."""
    for program in ("node", "npm"):
        if not shutil.which(program):
            skip(f"{program} is not installed")
    folder.mkdir(parents=True, exist_ok=True)
    shutil.rmtree(folder / "src", ignore_errors=True)
    shutil.copytree(source, folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns("node_modules"))
    lock = hashlib.sha256((source / "package-lock.json").read_bytes()).hexdigest()
    stamp = folder / "node_modules" / ".installed"
    if not stamp.exists() or stamp.read_text(encoding="utf-8") != lock:
        done = subprocess.run(["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"], cwd=folder,
                              capture_output=True, text=True)
        if done.returncode and any(word in done.stderr for word in UNREACHABLE):
            skip("npm's registry cannot be reached")
        if done.returncode:
            sys.exit(f"npm ci:\n{done.stderr}")
        stamp.write_text(lock, encoding="utf-8")
    return folder
