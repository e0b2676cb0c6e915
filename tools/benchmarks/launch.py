"""usage: launch.py OUTPUT ERRORS COMMAND...

Runs a command and prints what it took. A program of its own, run as small as Python gets: until a child's memory is
replaced by its program's, its parent's counts as its own.
"""
import json
import os
import sys
import time


def main(output, errors, *command):
    actions = [(os.POSIX_SPAWN_OPEN, descriptor, path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644)
               for descriptor, path in ((1, output), (2, errors))]
    began = time.monotonic()
    try:
        child = os.posix_spawnp(command[0], command, os.environ, file_actions=actions)
    except OSError as error:
        sys.exit(str(error))
    _, status, usage = os.wait4(child, 0)
    print(json.dumps({"seconds": time.monotonic() - began, "cpu_seconds": usage.ru_utime + usage.ru_stime,
                      "mib": usage.ru_maxrss / 1024, "status": os.waitstatus_to_exitcode(status)}))


if __name__ == "__main__":
    main(*sys.argv[1:])
