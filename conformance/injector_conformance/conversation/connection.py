"""One connection to the subject, and what is read from it."""

from __future__ import annotations

import contextlib
import select
import socket
import struct
import time
from collections.abc import Callable
from typing import Final

from injector_conformance.conversation.reading import Reader
from injector_conformance.exchange.events import (
    Answered,
    Left,
    Quiet,
    Seen,
    Unreachable,
)
from injector_conformance.exchange.steps import Address

CONNECTING: Final = 2.0
"""Seconds that a connection over the loopback may take; one that is not accepted is still made."""

_MUCH: Final = 1 << 18
_NARROW: Final = 4096
_TICK: Final = 20
"""Milliseconds between two looks at the subject's output while nothing comes."""

Drain = Callable[[], None]
IsOver = Callable[[], bool]


def never() -> bool:
    """Nothing ends the waiting but its time."""
    return False


class Connection:
    """A connected socket with a reader. Everything that goes wrong is an observation."""

    def __init__(self, made: socket.socket | None, drain: Drain) -> None:
        """Take a socket of the subject's network; ``drain`` is called while waiting.

        None stands for a network that is gone, with the subject.
        """
        self._is_gone = made is None
        self._socket = made or socket.socket()
        self._drain = drain
        self._rest = b""
        self._is_finished = False
        self.is_open = False

    def knock(self, address: Address) -> bool:
        """Try to connect where perhaps nobody listens yet; if so, it can be tried again."""
        if self._is_gone:
            return False
        self._socket.settimeout(CONNECTING)
        try:
            self._socket.connect((address.host, address.port))
        except OSError:
            return False
        self.is_open = True
        return True

    def connect(self, address: Address, *, is_narrow: bool = False) -> Unreachable | None:
        """Connect; None if that went well."""
        if self._is_gone:
            self._socket.close()
            return Unreachable("the subject has ended")
        if is_narrow:
            self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _NARROW)
        self._socket.settimeout(CONNECTING)
        try:
            self._socket.connect((address.host, address.port))
        except OSError as error:
            self._socket.close()
            return Unreachable(error.strerror or str(error))
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.is_open = True
        return None

    def send(self, data: bytes, piece: int = 0, pause: float = 0.0, within: float = 5.0) -> bool:
        """Send as much as is taken; whether all was."""
        step = piece or max(1, len(data))
        deadline = time.perf_counter() + within + pause * (len(data) // step)
        for start in range(0, len(data), step):
            if start and pause:
                self._drain()
                time.sleep(pause)
            if not self._send(data[start : start + step], deadline):
                return False
        return True

    def _send(self, data: bytes, deadline: float) -> bool:
        rest = memoryview(data)
        while rest:
            left = deadline - time.perf_counter()
            if left <= 0 or self._socket.fileno() < 0:
                return False
            try:
                self._socket.settimeout(min(left, 0.2))
                rest = rest[self._socket.send(rest) :]
            except TimeoutError:
                self._drain()
            except OSError:
                return False
        return True

    def read(self, method: bytes, within: float, is_over: IsOver = never) -> Seen:
        """The next answer, or what came instead; ``is_over`` tells not to wait any longer."""
        reader = Reader(method, self._rest)
        deadline = time.perf_counter() + within
        while (event := reader.event()) is None:
            left = deadline - time.perf_counter()
            if self._socket.fileno() < 0:
                return Left("closed before", reader.got)
            if left <= 0 or is_over():
                return Quiet(within, reader.got)
            if self._is_ready(left):
                ended = self.receive(reader)
                if ended is not None:
                    return ended
        self.took(reader, event)
        return event

    def receive(self, reader: Reader) -> Seen | None:
        """Take what is there; what it means if that is the end, None if it is not."""
        self._socket.setblocking(False)
        try:
            data = self._socket.recv(_MUCH)
        except BlockingIOError:
            return None
        except OSError as error:
            self.close()
            return Left(f"reset ({error.strerror})", reader.got)
        if data:
            reader.feed(data)
            return None
        if self._is_finished:
            return None
        self._is_finished = True
        reader.feed(b"")
        event = reader.event()
        self.close()
        # What came before was in order so far: it is the end that h11 finds fault with.
        return event if isinstance(event, Answered) else Left("closed", reader.got)

    def took(self, reader: Reader, event: Seen) -> None:
        """Note what an answer means for the connection."""
        self._rest = reader.rest if isinstance(event, Answered) else b""
        if isinstance(event, Answered) and event.is_last:
            self.is_open = False

    def ends(self, within: float) -> bool:
        """Whether the other side closes within some seconds."""
        deadline = time.perf_counter() + within
        while (left := deadline - time.perf_counter()) > 0:
            if self._socket.fileno() < 0:
                return True
            if not self._is_ready(left):
                continue
            try:
                if not self._socket.recv(_MUCH):
                    return True
            except OSError:
                return True
        return False

    def fileno(self) -> int:
        """For select."""
        return self._socket.fileno()

    def part(self, how: str) -> None:
        """End it: close, reset, or finish what is sent."""
        if how == "finish":
            with contextlib.suppress(OSError):
                self._socket.shutdown(socket.SHUT_WR)
            return
        if how == "reset":
            self.close()
            return
        self.is_open = False
        self._socket.close()

    def close(self) -> None:
        """Close the socket by a reset: nothing of the connection stays behind for the next run."""
        self.is_open = False
        with contextlib.suppress(OSError):
            lingering = struct.pack("ii", 1, 0)
            self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, lingering)
        self._socket.close()

    def _is_ready(self, left: float) -> bool:
        if self._socket.fileno() < 0:
            return False
        poll = select.poll()
        poll.register(self._socket, select.POLLIN)
        ready = bool(poll.poll(min(_TICK, max(1, int(left * 1000)))))
        if not ready:
            self._drain()
        return ready
