"""Bubblewrap's word of the first process of a sandbox, and waiting for that process."""

from __future__ import annotations

import contextlib
import json
import os
import select
from types import TracebackType
from typing import Final

_MUCH: Final = 4096


class FirstProcess:
    """The first process of a sandbox: when it is gone, so is every other one in it."""

    def __init__(self, process_id: int) -> None:
        """Take the number that it has outside."""
        self._process_id = process_id

    def wait(self) -> None:
        """Wait until it is gone."""
        with contextlib.suppress(ProcessLookupError):
            descriptor = os.pidfd_open(self._process_id)
            try:
                poll = select.poll()
                poll.register(descriptor, select.POLLIN)
                poll.poll()
            finally:
                os.close(descriptor)


class Info:
    """The pipe for ``--info-fd``."""

    def __init__(self) -> None:
        """Open it."""
        self._reading, self.writing = os.pipe()

    @property
    def words(self) -> tuple[str, str]:
        """The option."""
        return "--info-fd", str(self.writing)

    def __enter__(self) -> Info:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._close_writing()
        os.close(self._reading)

    def first_process(self) -> FirstProcess | None:
        """What bubblewrap said, once it has said it; None if it ended without a word."""
        self._close_writing()
        said = b""
        while not said.rstrip().endswith(b"}") and (more := os.read(self._reading, _MUCH)):
            said += more
        return FirstProcess(json.loads(said)["child-pid"]) if said else None

    def _close_writing(self) -> None:
        if self.writing >= 0:
            os.close(self.writing)
            self.writing = -1
