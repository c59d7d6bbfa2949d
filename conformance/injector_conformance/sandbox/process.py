"""Running one process under supervision: a deadline, bounded capture, bounded disk space."""

from __future__ import annotations

import contextlib
import fcntl
import functools
import os
import select
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from injector_conformance.cases.case import Conditions
from injector_conformance.host import interruption
from injector_conformance.sandbox import Run, Stop

CAPTURE_LIMIT: Final = 64 * 1024
"""Bytes kept of each output stream; the rest is read and dropped."""

DISK_LIMIT: Final = 4 << 30
"""Bytes by which the free space may shrink during a run, all runs of a session together."""

PATH: Final = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
"""The PATH of a container whose image sets none."""

_PIPE_SIZE: Final = 1 << 20
"""Bytes that a pipe holds, so that nobody who writes a lot waits for a look; one read empties it.
Every user may have as much for some pipes at a time, unless the system was told otherwise."""

_PAGE: Final = 4096

_TICK: Final = 5
"""Milliseconds between two looks at a process. Its output waits for them: to be woken by every
line that it writes would cost more than the line."""

_MEMORY_TICK: Final = 2


@dataclass(frozen=True, slots=True)
class Plan:
    """A process to run. Its standard input is empty, its output is captured.

    Attributes:
        argv: the words.
        environment: all of its variables.
        inherited: descriptors that it keeps.
        space: a directory on the file system to watch.
    """

    argv: Sequence[str]
    environment: Mapping[str, str]
    inherited: Sequence[int]
    space: Path


def environment(conditions: Conditions) -> dict[str, str]:
    """The variables that the conditions ask for."""
    usual = {"PATH": PATH} if conditions.environment == "container" else {}
    return usual | dict(conditions.variables)


class Output:
    """What a process writes to its standard output and error, the first bytes of each."""

    def __init__(self) -> None:
        """Make two pipes. They are new for each run: a pipe keeps what its writer has set."""
        self._kept = (bytearray(), bytearray())
        self._reading: list[int] = []
        self.writing: list[int] = []
        for _ in self._kept:
            reading, writing = os.pipe()
            self._reading.append(reading)
            self.writing.append(writing)
            os.set_blocking(reading, False)
            with contextlib.suppress(PermissionError):
                fcntl.fcntl(reading, fcntl.F_SETPIPE_SZ, _PIPE_SIZE)

    def drain(self) -> None:
        """Read what is there, but no more than a pipe holds at a time; keep what fits."""
        for pipe, kept in zip(self._reading, self._kept, strict=True):
            with contextlib.suppress(BlockingIOError):
                # As many reads as there are pages: a writer may have made each a packet.
                for _ in range(_PIPE_SIZE // _PAGE):
                    read = os.read(pipe, _PIPE_SIZE)
                    kept.extend(read[: CAPTURE_LIMIT - len(kept)])
                    if not read:
                        break

    def taken(self) -> tuple[bytes, bytes]:
        """Standard output and standard error so far."""
        stdout, stderr = self._kept
        return bytes(stdout), bytes(stderr)

    def close_writing(self) -> None:
        """Close the ends that the process has got."""
        while self.writing:
            os.close(self.writing.pop())

    def close(self) -> None:
        """Close the pipes."""
        self.close_writing()
        while self._reading:
            os.close(self._reading.pop())


def supervise(
    plan: Plan,
    timeout: float,
    memory: Callable[[int], int] | None = None,
) -> Run:
    """Run a plan to its end or to its deadline, then kill its whole process group.

    Args:
        plan: what to run.
        timeout: seconds.
        memory: called with the process id again and again while it runs; gives bytes.
    """
    started = time.perf_counter()
    with ExitStack() as stack:
        output = stack.enter_context(closing(Output()))
        with interruption.deferred():
            process = subprocess.Popen(
                plan.argv,
                bufsize=0,
                stdin=subprocess.DEVNULL,
                stdout=output.writing[0],
                stderr=output.writing[1],
                env=plan.environment,
                pass_fds=plan.inherited,
                start_new_session=True,
            )
            stack.callback(end, process)
        output.close_writing()
        ended = os.pidfd_open(process.pid)
        stack.callback(os.close, ended)
        peak = None if memory is None else functools.partial(memory, process.pid)
        stopped, most = watch(ended, output, started + timeout, plan.space, peak)
        end(process)
        seconds = time.perf_counter() - started
        output.drain()
    return Run(process.returncode, stopped, *output.taken(), seconds, most)


def watch(
    ended: int,
    output: Output,
    deadline: float,
    space: Path,
    memory: Callable[[], int] | None = None,
) -> tuple[Stop | None, int | None]:
    """Drain the output until a run has ended, or must not go on.

    Args:
        ended: a descriptor that becomes readable at the end.
        output: what is drained.
        deadline: a reading of :func:`time.perf_counter`.
        space: a directory on the file system to watch.
        memory: gives bytes, again and again.

    Returns:
        Why the run must not go on, None if it has ended; the most that ``memory`` gave.
    """
    peak = None
    least_free = _free(space) - DISK_LIMIT
    tick = _TICK if memory is None else _MEMORY_TICK
    poll = select.poll()
    poll.register(ended, select.POLLIN)
    while not poll.poll(tick):
        interruption.check()
        output.drain()
        if memory is not None:
            peak = max(peak or 0, memory())
        if time.perf_counter() >= deadline:
            return Stop.DEADLINE, peak
        if _free(space) < least_free:
            return Stop.DISK, peak
    return None, peak


def end(process: subprocess.Popen[bytes]) -> None:
    """Kill the process group that a process leads, unless its end is known."""
    if process.returncode is None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _free(space: Path) -> int:
    found = os.statvfs(space)
    return found.f_bavail * found.f_frsize
