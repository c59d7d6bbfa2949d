"""Running one process under supervision: a deadline, bounded capture, bounded disk space."""

from __future__ import annotations

import contextlib
import os
import select
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from injector_conformance.case import Conditions
from injector_conformance.sandbox import Run, Stop

CAPTURE_LIMIT: Final = 64 * 1024
"""Bytes kept of each output stream; the rest is read and dropped."""

DISK_LIMIT: Final = 4 << 30
"""Bytes by which the free space may shrink during a run, all runs of a session together."""

PATH: Final = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
"""The PATH of a container whose image sets none."""

_PIPE_SIZE: Final = 1 << 16
"""Bytes that a pipe holds: one read empties it."""

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
    return {"PATH": PATH} if conditions.environment == "container" else {}


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
    process = subprocess.Popen(
        plan.argv,
        bufsize=0,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=plan.environment,
        pass_fds=plan.inherited,
        start_new_session=True,
    )
    if process.stdout is None or process.stderr is None:
        raise RuntimeError("the output is captured")
    with process.stdout, process.stderr:
        captured = [(one.fileno(), bytearray()) for one in (process.stdout, process.stderr)]
        stopped, peak = _wait(process, captured, started + timeout, plan.space, memory)
        seconds = time.perf_counter() - started
        stdout, stderr = (bytes(kept) for _, kept in captured)
    return Run(process.returncode, stopped, stdout, stderr, seconds, peak)


def _wait(
    process: subprocess.Popen[bytes],
    captured: Sequence[tuple[int, bytearray]],
    deadline: float,
    space: Path,
    memory: Callable[[int], int] | None,
) -> tuple[Stop | None, int | None]:
    """Drain the output until the process has ended; kill it when it must not go on."""
    peak = None
    stopped = None
    least_free = _free(space) - DISK_LIMIT
    tick = _TICK if memory is None else _MEMORY_TICK
    ended = os.pidfd_open(process.pid)
    try:
        for descriptor, _ in captured:
            os.set_blocking(descriptor, False)
        poll = select.poll()
        poll.register(ended, select.POLLIN)
        while stopped is None and not poll.poll(tick):
            for descriptor, kept in captured:
                _drain(descriptor, kept)
            if memory is not None:
                peak = max(peak or 0, memory(process.pid))
            if time.perf_counter() >= deadline:
                stopped = Stop.DEADLINE
            elif _free(space) < least_free:
                stopped = Stop.DISK
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        os.close(ended)
    for descriptor, kept in captured:
        _drain(descriptor, kept)
    return stopped, peak


def _drain(descriptor: int, kept: bytearray) -> None:
    """Read what is there, keep what fits."""
    with contextlib.suppress(BlockingIOError):
        kept += os.read(descriptor, _PIPE_SIZE)[: CAPTURE_LIMIT - len(kept)]


def _free(space: Path) -> int:
    found = os.statvfs(space)
    return found.f_bavail * found.f_frsize
