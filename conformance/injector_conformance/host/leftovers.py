"""Containers of harnesses that were killed.

A long-lived container ends by itself when its harness does: its first process waits for the end
of standard input, which the daemon closes. The others are removed by a process that waits for the
harness's end (``aftermath.py``), and, should that be killed too, by the next harness. The owner is
told by process id, start time, process namespace and boot, so that a number that is in use again,
or another machine on the same daemon, misleads nobody.
"""

from __future__ import annotations

import contextlib
import os
from pathlib import Path
from typing import Final

import docker
from docker.errors import APIError, DockerException

LABEL: Final = "injector-conformance.owner"
_START_TIME: Final = 19
"""Of the fields after the program's name in /proc/PID/stat."""


def owner() -> str:
    """This process, as a label's text."""
    return f"{_here()}/{os.getpid()}/{_started(os.getpid())}"


def reap(client: docker.DockerClient) -> int:
    """Remove the containers whose harness is gone; their number is returned."""
    count = 0
    found = client.containers.list(all=True, filters={"label": LABEL}, ignore_removed=True)
    for container in found:
        if _is_orphaned(container.labels[LABEL]):
            # Another harness may be at it, or it is on its way out by itself.
            with contextlib.suppress(APIError):
                container.remove(force=True, v=True)
                count += 1
    return count


def remove(label: str) -> None:
    """Remove the containers of one owner.

    Raises:
        OSError: the daemon does not answer.
    """
    try:
        with contextlib.closing(docker.from_env()) as client:
            found = client.containers.list(all=True, filters={"label": f"{LABEL}={label}"})
            for container in found:
                # It may be on its way out by itself.
                with contextlib.suppress(APIError):
                    container.remove(force=True, v=True)
    except DockerException as error:
        raise OSError(str(error)) from error


def _is_orphaned(label: str) -> bool:
    here, process_id, started = label.rsplit("/", 2)
    return here == _here() and _started(int(process_id)) != started


def _here() -> str:
    """The boot and the process namespace in which process ids mean something."""
    boot = Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
    return f"{boot}/{os.readlink('/proc/self/ns/pid')}"


def _started(process_id: int) -> str:
    """When a process started, in clock ticks since boot; empty if there is none."""
    try:
        text = Path(f"/proc/{process_id}/stat").read_text(encoding="ascii", errors="replace")
    except OSError:
        return ""
    fields = text.rpartition(")")[2].split()
    return "" if fields[0] in "ZX" else fields[_START_TIME]
