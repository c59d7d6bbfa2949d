"""The output of a process in a container, as the daemon's connection carries it."""

from __future__ import annotations

import struct
from typing import Final

from injector_conformance.sandbox.process import CAPTURE_LIMIT

_FRAME: Final = struct.Struct(">BxxxI")
"""Before each piece: the stream's number, then its length in bytes."""

_STDOUT: Final = 1
_STDERR: Final = 2
_TAIL: Final = 4096
"""Bytes kept of the end of standard error, where the launcher writes."""


class Output:
    """Takes the connection apart. Of each stream the first bytes are kept, the rest dropped."""

    def __init__(self) -> None:
        self._pending = bytearray()
        self._heads = {_STDOUT: bytearray(), _STDERR: bytearray()}
        self._tail = bytearray()

    def feed(self, data: bytes) -> None:
        """Take in bytes of the connection, cut anywhere."""
        self._pending += data
        while len(self._pending) >= _FRAME.size:
            number, length = _FRAME.unpack_from(self._pending)
            end = _FRAME.size + length
            if len(self._pending) < end:
                return
            content = bytes(self._pending[_FRAME.size : end])
            del self._pending[:end]
            head = self._heads[number]
            fitting = content[: CAPTURE_LIMIT - len(head)]
            head += fitting
            if number == _STDERR:
                self._tail = (self._tail + content[len(fitting) :])[-_TAIL:]

    @property
    def stdout(self) -> bytes:
        """The first bytes of standard output."""
        return bytes(self._heads[_STDOUT])

    @property
    def stderr(self) -> bytes:
        """The first bytes of standard error, and its last ones."""
        return bytes(self._heads[_STDERR] + self._tail)
