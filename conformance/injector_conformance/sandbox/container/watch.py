"""When a subject in a container has to be stopped."""

from __future__ import annotations

import os
import time
from pathlib import Path

from injector_conformance.sandbox import Stop
from injector_conformance.sandbox.process import DISK_LIMIT


class Watch:
    """The clock and the room of one run.

    What the daemon needs to make a container, or to bring a process into it, is not the
    subject's time: the clock stands still until :meth:`start`.
    """

    def __init__(self, seconds: float, space: Path) -> None:
        """Look how much room there is.

        Args:
            seconds: how long the subject may run.
            space: a place on the file system that it may not fill.
        """
        self._seconds = seconds
        self._space = space
        self._least = self._free() - DISK_LIMIT
        self._deadline: float | None = None

    def start(self) -> None:
        """Say that the subject may start now; of several in one run the first counts."""
        if self._deadline is None:
            self._deadline = time.perf_counter() + self._seconds

    def stop(self) -> Stop | None:
        """Whether the subject must not go on, and why; asked again and again."""
        if self._deadline is not None and time.perf_counter() >= self._deadline:
            return Stop.DEADLINE
        return Stop.DISK if self._free() < self._least else None

    def _free(self) -> int:
        found = os.statvfs(self._space)
        return found.f_bavail * found.f_frsize
