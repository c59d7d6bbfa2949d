"""Processes that outlive the command that starts them, and are ended by another one.

A file for each tells its id and when it started: an id that is somebody else's by now is let be.
"""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from cluster_node import NodeError
from cluster_node.places import Places

_PAUSE: Final = 0.05
_END_SECONDS: Final = 20.0
_CHILDREN: Final[list[subprocess.Popen[bytes]]] = []
"""What this process has started: nobody waits for them here."""

_START_TIME: Final = 19
"""Where /proc/PID/stat has it, counted behind the program's name."""


def start(places: Places, name: str, words: Sequence[object]) -> None:
    """Start one in a session of its own, with its output in a file; words are text or paths."""
    places.processes.mkdir(parents=True, exist_ok=True)
    with places.log(name).open("ab") as log:
        process = subprocess.Popen(
            [str(word) for word in words],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            cwd=places.top,
            start_new_session=True,
        )
    _CHILDREN.append(process)
    try:
        started = _started(process.pid)
    except ValueError:
        started = 0  # it has ended already, which whoever waits for it finds out
    (places.processes / name).write_text(f"{process.pid} {started}\n")


def is_running(places: Places, name: str) -> bool:
    """Whether it runs."""
    return _running(places.processes / name) is not None


def running(places: Places) -> list[str]:
    """Names of those that run, the last started first."""
    if not places.processes.is_dir():
        return []
    found = sorted(places.processes.iterdir(), key=lambda path: -path.stat().st_mtime_ns)
    return [path.name for path in found if _running(path) is not None]


def wait_for(places: Places, name: str, what: Callable[[], bool], seconds: float) -> None:
    """Wait until something is so that a process brings about.

    Raises:
        NodeError: the process has ended, or it takes too long.
    """
    deadline = time.monotonic() + seconds
    while not what():
        if not is_running(places, name):
            raise NodeError(f"{name} ended: {_last_words(places, name)}")
        if time.monotonic() > deadline:
            said = _last_words(places, name)
            raise NodeError(f"{name} is not ready after {seconds:g} s; it said last: {said}")
        time.sleep(_PAUSE)


def stop(places: Places, name: str) -> None:
    """End one, and wait until it has ended."""
    record = places.processes / name
    for number in (signal.SIGTERM, signal.SIGKILL):
        deadline = time.monotonic() + _END_SECONDS
        pid = _running(record)
        if pid is not None:
            os.kill(pid, number)
        while _running(record) is not None and time.monotonic() < deadline:
            time.sleep(_PAUSE)
    record.unlink(missing_ok=True)


def _running(record: Path) -> int | None:
    """The id of the process that a file tells of, if that process still runs."""
    try:
        pid, started = record.read_text().split()
        return int(pid) if _started(int(pid)) == int(started) else None
    except (OSError, ValueError):
        return None


def _started(pid: int) -> int:
    """When a process started, in ticks since the machine did.

    Raises:
        OSError: there is none.
        ValueError: it has ended, and nobody has asked how.
    """
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    if fields[0] == "Z":
        raise ValueError(f"process {pid} has ended")
    return int(fields[_START_TIME])


def _last_words(places: Places, name: str) -> str:
    lines = places.log(name).read_text(errors="replace").strip().splitlines()
    return lines[-1] if lines else "it said nothing"
