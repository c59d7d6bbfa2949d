"""What the processes of somebody who serves use: processor time, memory, descriptors."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Final

_KIBIBYTE: Final = 1024
_SCHEDULED: Final = 2
"""CPUCLOCK_SCHED of the kernel's posix-timers.h: a whole process's time, to the nanosecond."""


def processor_seconds(process_ids: Sequence[int]) -> float:
    """User and system time so far, of processes and of all their threads, those ended too.

    Nanoseconds count here, and /proc/N/stat has hundredths of a second only. The clock's number is
    made as clock_getcpuclockid(3) makes it.
    """
    seconds = 0.0
    for process_id in process_ids:
        with contextlib.suppress(OSError):
            seconds += time.clock_gettime((~process_id << 3) | _SCHEDULED)
    return seconds


def resident(process_ids: Sequence[int], *, peak: bool = False) -> int:
    """Bytes that are resident, now or at most so far, all processes together.

    What several have in common counts for each of them.
    """
    field = "VmHWM:" if peak else "VmRSS:"
    size = 0
    for process_id in process_ids:
        with contextlib.suppress(OSError):
            for line in Path(f"/proc/{process_id}/status").read_text().splitlines():
                if line.startswith(field):
                    size += int(line.split()[1]) * _KIBIBYTE
    return size
