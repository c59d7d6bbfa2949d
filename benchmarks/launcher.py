"""Run one command and print what it took, as JSON: run this file with ``python -I -S``.

Linux counts into a program's peak memory what its parent held at the fork, so a small process of
its own has to start what is measured. This one's own peak, about 9 MiB, is the least that can be
told.
"""

import json
import os
import sys
import time


def main() -> None:
    """Run ``sys.argv[1:]`` with its output thrown away."""
    nowhere = os.open(os.devnull, os.O_RDWR)
    streams = [(os.POSIX_SPAWN_DUP2, nowhere, standard) for standard in (0, 1)]
    start = time.perf_counter()
    child = os.posix_spawn(sys.argv[1], sys.argv[1:], os.environ, file_actions=streams)
    _, status, usage = os.wait4(child, 0)
    wall = time.perf_counter() - start
    result = {
        "status": os.waitstatus_to_exitcode(status),
        "wall": wall,
        "cpu": usage.ru_utime + usage.ru_stime,
        "peak": usage.ru_maxrss * 1024,
    }
    sys.stdout.write(json.dumps(result))


if __name__ == "__main__":
    main()
