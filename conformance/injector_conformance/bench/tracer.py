"""Peak memory of a sandboxed command, exact to the page: run this file with ``python -I -S``.

A process's high water mark (VmHWM) starts anew when it executes a program, and can be read until
it gives its memory back. So this traces the command (ptrace) and reads the mark where the kernel
stops each process for the last time, on its way out. Nothing is sampled, and nothing that a parent
held before counts, as it does in ``ru_maxrss``. Tracing needs no privilege.

The first process is the sandbox program. What runs from the second execution of a program on is
the command. Where several processes live at once their marks are added: for one process the
result is exact, for several an upper bound.

Prints JSON: ``status``, the first process's exit status, and ``peak`` in bytes.
"""

from __future__ import annotations

import contextlib
import ctypes
import json
import os
import signal
import sys

TRACEME, CONTINUE, SET_OPTIONS = 0, 7, 0x4200
FORK, VFORK, CLONE, EXEC, EXIT = 1, 2, 3, 4, 6
EXIT_KILL = 1 << 20
OPTIONS = sum(1 << event for event in (FORK, VFORK, CLONE, EXEC, EXIT)) | EXIT_KILL
WAIT_ALL = 0x40000000
KIBIBYTE = 1024
NOT_PERMITTED = 125

libc = ctypes.CDLL(None, use_errno=True)
libc.ptrace.argtypes = (ctypes.c_long, ctypes.c_long, ctypes.c_void_p, ctypes.c_void_p)
libc.ptrace.restype = ctypes.c_long


def ptrace(request: int, process: int, data: int = 0) -> None:
    """The system call.

    Raises:
        OSError: it failed.
    """
    if libc.ptrace(request, process, None, data) < 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))


def resume(process: int, delivered: int = 0) -> None:
    """Let a stopped process go on; it may have been killed meanwhile."""
    with contextlib.suppress(ProcessLookupError):
        ptrace(CONTINUE, process, delivered)


def status_of(process: int) -> tuple[int, int]:
    """The process that a thread belongs to, and its high water mark in bytes."""
    group, mark = process, 0
    with contextlib.suppress(OSError), open(f"/proc/{process}/status") as lines:
        for line in lines:
            if line.startswith("Tgid:"):
                group = int(line.split()[1])
            elif line.startswith("VmHWM:"):
                mark = int(line.split()[1]) * KIBIBYTE
    return group, mark


def start(command: list[str]) -> int:
    """Start ``command`` traced, stopped at its beginning."""
    child = os.fork()
    if child == 0:
        try:
            nowhere = os.open(os.devnull, os.O_RDWR)
            os.dup2(nowhere, 0)
            os.dup2(nowhere, 1)
            ptrace(TRACEME, 0)
            os.execv(command[0], command)  # noqa: S606 -- the command is a sandbox's
        finally:
            os._exit(NOT_PERMITTED)
    _, status = os.waitpid(child, 0)
    if not os.WIFSTOPPED(status):
        sys.exit(NOT_PERMITTED)
    ptrace(SET_OPTIONS, child, OPTIONS)
    resume(child)
    return child


def trace(first: int) -> tuple[int, int]:
    """Follow the process ``first`` and its descendants; the status and the peak are returned."""
    peak, is_command, result = 0, False, 0
    living = {first}
    while living:
        process, status = os.waitpid(-1, WAIT_ALL)
        if not os.WIFSTOPPED(status):
            living.discard(process)
            if process == first:
                result = os.waitstatus_to_exitcode(status)
            continue
        event, received = status >> 16, os.WSTOPSIG(status)
        is_new = process not in living
        living.add(process)
        if event == EXEC:
            is_command = True
        elif event == EXIT and is_command and process != first:
            peak = max(peak, sum(dict(map(status_of, living - {first})).values()))
        is_ours = event or (is_new and received == signal.SIGSTOP)
        resume(process, 0 if is_ours else received)
    return result, peak


if __name__ == "__main__":
    outcome, highest = trace(start(sys.argv[1:]))
    sys.stdout.write(json.dumps({"status": outcome, "peak": highest}))
