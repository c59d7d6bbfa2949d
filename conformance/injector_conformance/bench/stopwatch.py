"""One run of a command, and what it took."""

from __future__ import annotations

import contextlib
import os
import select
import signal
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

MICROSECOND: Final = 1e-6
"""The unit in which the kernel tells CPU time; a run that took less than one took one."""

_MESSAGE: Final = 300
"""Bytes of a failed command's last words that are shown."""


class RunError(Exception):
    """The command failed or did not end; the message says how."""


@dataclass(frozen=True, slots=True)
class Sample:
    """One run.

    Attributes:
        wall: seconds from before its start to its end.
        cpu: seconds of CPU time, user and system, of the command and of all descendants that were
            waited for.
    """

    wall: float
    cpu: float


def time_run(command: Sequence[str], deadline: float) -> Sample:
    """Run ``command`` with its output thrown away.

    Args:
        command: an absolute path and its arguments.
        deadline: seconds after which it is killed.

    Raises:
        RunError: it did not end with status 0, or not in time.
    """
    with tempfile.TemporaryFile() as complaints:
        nowhere = os.open(os.devnull, os.O_RDWR)
        try:
            streams = [(os.POSIX_SPAWN_DUP2, nowhere, standard) for standard in (0, 1)]
            streams.append((os.POSIX_SPAWN_DUP2, complaints.fileno(), 2))
            start = time.perf_counter()
            # A process group of its own: Ctrl-C reaches this program alone, which then ends it.
            child = os.posix_spawn(
                command[0], tuple(command), os.environ, file_actions=streams, setpgroup=0
            )
        finally:
            os.close(nowhere)
        is_waited_for = False
        ended = os.pidfd_open(child)
        try:
            is_over = bool(select.select([ended], [], [], deadline)[0])
            wall = time.perf_counter() - start
            if not is_over:
                raise RunError(f"did not end within {deadline:g} s")
            _, status, usage = os.wait4(child, 0)
            is_waited_for = True
        finally:
            os.close(ended)
            if not is_waited_for:
                _end(child)
        if status:
            complaints.seek(0, os.SEEK_END)
            complaints.seek(max(0, complaints.tell() - _MESSAGE))
            raise RunError(failure(os.waitstatus_to_exitcode(status), complaints.read()))
    return Sample(wall, max(usage.ru_utime + usage.ru_stime, MICROSECOND))


def _end(process: int) -> None:
    """Kill a sandbox from within, so that nothing of it is alive once its program has ended."""
    children = Path(f"/proc/{process}/task/{process}/children")
    while os.waitpid(process, os.WNOHANG) == (0, 0):
        inner = [int(word) for word in children.read_text().split()]
        for one in inner or [process]:
            with contextlib.suppress(ProcessLookupError):
                os.kill(one, signal.SIGKILL)


def failure(status: int, complaints: bytes) -> str:
    """How a command failed, in one line."""
    told = " / ".join(complaints.decode(errors="replace").split("\n")).strip(" /")
    return f"ended with status {status}" + (f": {told}" if told else "")
