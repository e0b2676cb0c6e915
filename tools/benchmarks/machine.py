"""What the numbers were measured on."""
import os
import pathlib
import platform
import shutil
import subprocess


def processor():
    for line in pathlib.Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()


def first_line(*command):
    """Of what a program says about itself; None where it is not installed."""
    if not shutil.which(command[0]):
        return None
    done = subprocess.run(command, text=True, capture_output=True)
    return (done.stdout or done.stderr).splitlines()[0]


def described():
    cores = len(os.sched_getaffinity(0))
    return f"{cores} cores of {processor()}, Linux {platform.release()}"
