"""A subject that keeps running while somebody talks to it."""

from __future__ import annotations

import contextlib
import math
import select
import socket
import struct
from typing import Final

from injector_conformance.sandbox import SandboxError
from injector_conformance.sandbox.memory import children
from injector_conformance.sandbox.process import Output

_LONGEST: Final = 4096
_SECONDS: Final = 2
ENDING: Final = struct.Struct("=IIQQ")
"""What the keeper says at the end of a run: 'e' or 'f', status, peak in KiB, nanoseconds."""


class LiveRun:
    """The handle. It is of no use any more when whoever was given it has returned."""

    def __init__(self, keeper: socket.socket, outer: int, output: Output, levels: int) -> None:
        """Take what is needed.

        Args:
            keeper: the socket to it.
            outer: the outermost process.
            output: the run's.
            levels: how many processes there are above the subject.
        """
        self._keeper = keeper
        self._outer = outer
        self._output = output
        self._levels = levels
        self._listening = select.poll()
        self._listening.register(keeper, select.POLLIN)
        self.ending: bytes | None = None
        """What the keeper has said at the end; empty if it is gone itself."""

    def start(self) -> None:
        """Let the subject go."""
        with contextlib.suppress(OSError):
            self._keeper.send(b"g")

    def make_socket(self, family: socket.AddressFamily) -> socket.socket:
        """A stream socket in the subject's network namespace, not connected yet.

        Raises:
            SandboxError: the run has ended, or the kernel has no sockets of that family.
        """
        if not self.ended():
            with contextlib.suppress(OSError):
                self._keeper.send(b"c%d" % family)
        while not self.ended(_SECONDS):
            if not self._hears(0):
                self.ending = b""
                break
            said, descriptors, _, _ = socket.recv_fds(self._keeper, _LONGEST, 1)
            if said == b"d" and not descriptors:
                raise SandboxError(f"there is no socket of the address family {family.name}")
            if said == b"d":
                return socket.socket(fileno=descriptors[0])
        raise SandboxError("the run has ended")

    def signal(self, number: int) -> None:
        """Send a signal, unless the run has ended.

        It goes to the subject if that is process 1, otherwise to all of its processes.
        """
        with contextlib.suppress(OSError):
            self._keeper.send(b"s%d" % number)

    def ended(self, seconds: float = 0) -> bool:
        """Whether the subject has ended; waits so long at most for a word of the keeper."""
        if self.ending is None and self._hears(seconds):
            said = self._keeper.recv(_LONGEST, socket.MSG_PEEK)
            if not said or len(said) >= ENDING.size:
                self.ending = self._keeper.recv(_LONGEST)
        return self.ending is not None

    def _hears(self, seconds: float) -> bool:
        """Whether the keeper has said something, or is gone."""
        return bool(self._listening.poll(math.ceil(seconds * 1000)))

    def drain(self) -> None:
        """Read what the subject has written, so that it never waits; call it often."""
        self._output.drain()

    def process_ids(self) -> list[int]:
        """Its processes as the host numbers them."""
        level = [self._outer]
        for _ in range(self._levels):
            level = [child for process in level for child in children(process)]
        found = []
        while level:
            found += level
            level = [child for process in level for child in children(process)]
        return found
