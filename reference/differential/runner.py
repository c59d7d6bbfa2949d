"""Runs a program in many roots, one after the other: what is started inside the sandbox.

``python runner.py PROGRAM DIRECTORY COUNT SECONDS`` runs PROGRAM once in each of the directories
0, 1, … below DIRECTORY, as its root directory, started in its /zarf-stage1. A line on standard
output tells how each run ended: an exit status, a signal as a negative number, or ``late``.
"""

from __future__ import annotations

import os
import signal
import sys


def run(program: int, root: str, seconds: float) -> str:
    """Run the open program in ``root``; tell how it ended."""
    child = os.fork()
    if child == 0:
        try:
            said = os.open(root + "/said", os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
            os.dup2(said, 1)
            os.dup2(said, 2)
            os.chroot(root)
            os.chdir("/zarf-stage1")
            os.execve(program, ["zarf-injector"], {})  # noqa: S606 - that is its purpose
        finally:
            os._exit(126)
    late = False

    def kill(_signal: int, _frame: object) -> None:
        nonlocal late
        late = True
        os.kill(child, signal.SIGKILL)

    signal.signal(signal.SIGALRM, kill)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    _, status = os.waitpid(child, 0)
    signal.setitimer(signal.ITIMER_REAL, 0)
    return "late" if late else str(os.waitstatus_to_exitcode(status))


def main() -> None:
    """Run it everywhere."""
    path, directory, count, seconds = sys.argv[1:]
    program = os.open(path, os.O_RDONLY)
    for number in range(int(count)):
        sys.stdout.write(run(program, f"{directory}/{number}", float(seconds)) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
