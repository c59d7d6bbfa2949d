"""Running one process under supervision: a deadline, bounded capture, bounded disk space."""

from __future__ import annotations

import contextlib
import os
import selectors
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from injector_conformance.case import Conditions
from injector_conformance.sandbox import Run, Stop

CAPTURE_LIMIT: Final = 64 * 1024
"""Bytes kept of each output stream; the rest is read and dropped."""

DISK_LIMIT: Final = 4 << 30
"""Bytes by which the free space may shrink during a run, all runs of a session together."""

PATH: Final = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
"""The PATH of a container whose image sets none."""

FILE_SIZE_LIMIT: Final = 1 << 30
"""Bytes that a file may have where a case sets no limit of its own, for the host's sake."""

_ULIMIT_FILE_BLOCK: Final = 512
_KIBIBYTE: Final = 1024
_TICK: Final = 0.05
_MEMORY_TICK: Final = 0.002
_READ_BLOCK: Final = 1 << 16

StreamKind = Literal["captured", "closed", "broken", "full"]


@dataclass(frozen=True, slots=True)
class Plan:
    """A process to run.

    Attributes:
        argv: the words.
        environment: all of its variables.
        stdin: ``empty``, ``open`` or ``closed`` (see :class:`case.Conditions`).
        stdout: where its output goes.
        stderr: likewise.
        umask: its file mode creation mask.
        limits: ``sh`` words for the ``ulimit`` calls before it starts.
        inherited: descriptors that it keeps.
        user: user and group to become, if any.
        space: a directory on the file system to watch.
    """

    argv: Sequence[str]
    environment: Mapping[str, str]
    stdin: Literal["empty", "open", "closed"]
    stdout: StreamKind
    stderr: StreamKind
    umask: int
    limits: Sequence[str]
    inherited: Sequence[int]
    user: tuple[int, int] | None
    space: Path


def environment(conditions: Conditions) -> dict[str, str]:
    """The variables that the conditions ask for."""
    return {"PATH": PATH} if conditions.environment == "container" else {}


def limits(conditions: Conditions) -> tuple[str, ...]:
    """The ``ulimit`` calls that the conditions ask for.

    Memory is limited as RLIMIT_DATA, which counts private writable memory only: emulators and
    run-time systems reserve far more address space than they use.
    """
    size = conditions.file_size_limit or FILE_SIZE_LIMIT
    return (
        f"ulimit -f {size // _ULIMIT_FILE_BLOCK}",
        f"ulimit -d {conditions.memory_limit // _KIBIBYTE}",
    )


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
    opened: list[int] = []
    captured: dict[int, bytearray] = {}
    closed = ""

    def pipe() -> tuple[int, int]:
        ends = os.pipe()
        opened.extend(ends)
        return ends

    def output(kind: StreamKind, number: int) -> int:
        nonlocal closed
        if kind == "captured":
            reading, writing = pipe()
            captured[reading] = streams[number]
            return writing
        if kind == "broken":
            reading, writing = pipe()
            opened.remove(reading)
            os.close(reading)
            return writing
        if kind == "closed":
            closed += f" {number}>&-"
        device = os.open("/dev/full" if kind == "full" else os.devnull, os.O_WRONLY)
        opened.append(device)
        return device

    streams = {1: bytearray(), 2: bytearray()}
    try:
        if plan.stdin == "open":
            stdin = pipe()[0]
        else:
            stdin = os.open(os.devnull, os.O_RDONLY)
            opened.append(stdin)
            closed += " 0<&-" if plan.stdin == "closed" else ""
        stdout, stderr = output(plan.stdout, 1), output(plan.stderr, 2)
        # A shell sets the limits: nothing may run between fork and exec in a threaded program.
        # SIGXFSZ is ignored so that a write over the limit fails instead of killing.
        script = "; ".join(("trap '' XFSZ", "ulimit -c 0", *plan.limits, f'exec "$@"{closed}'))
        user, group = plan.user or (None, None)
        started = time.perf_counter()
        process = subprocess.Popen(
            ("/bin/sh", "-c", script, "sh", *plan.argv),
            stdin=stdin,
            stdout=stdout,
            stderr=stderr,
            env=dict(plan.environment),
            umask=plan.umask,
            pass_fds=tuple(plan.inherited),
            start_new_session=True,
            user=user,
            group=group,
            extra_groups=[] if plan.user else None,
        )
        for descriptor in list(opened):
            if descriptor not in captured and not (plan.stdin == "open" and descriptor != stdin):
                os.close(descriptor)
                opened.remove(descriptor)
        stopped, peak = _wait(process, captured, started + timeout, plan.space, memory)
        seconds = time.perf_counter() - started
        return Run(
            process.returncode, stopped, bytes(streams[1]), bytes(streams[2]), seconds, peak
        )
    finally:
        for descriptor in opened:
            os.close(descriptor)


def _wait(
    process: subprocess.Popen[bytes],
    captured: dict[int, bytearray],
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
        with selectors.DefaultSelector() as selector:
            selector.register(ended, selectors.EVENT_READ)
            for descriptor in captured:
                os.set_blocking(descriptor, False)
                selector.register(descriptor, selectors.EVENT_READ)
            while stopped is None and not _step(selector, ended, captured, tick):
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
    for descriptor, kept in captured.items():
        _drain(descriptor, kept)
    return stopped, peak


def _step(
    selector: selectors.BaseSelector, ended: int, captured: dict[int, bytearray], tick: float
) -> bool:
    """Take in what has come within a tick; True when the process has ended."""
    is_over = False
    for key, _ in selector.select(tick):
        if key.fd == ended:
            is_over = True
        elif not _drain(key.fd, captured[key.fd]):
            selector.unregister(key.fd)
    return is_over


def _drain(descriptor: int, kept: bytearray) -> bool:
    """Read what is there, keep what fits; False at the end of the stream."""
    try:
        while block := os.read(descriptor, _READ_BLOCK):
            kept += block[: CAPTURE_LIMIT - len(kept)]
            if len(block) < _READ_BLOCK:
                return True
    except BlockingIOError:
        return True
    return False


def _free(space: Path) -> int:
    found = os.statvfs(space)
    return found.f_bavail * found.f_frsize
