"""HTTP: one connection, on which requests come in and answers go out, one after the other.

While an answer is being sent, nothing is read: what the client sends meanwhile waits in the system
(HTTP-13), and takes none of our memory.
"""

import os
import selectors
import socket
from collections.abc import Callable
from enum import Enum

from zarf_injector.unified import answers, heads
from zarf_injector.unified.answers import Answer
from zarf_injector.unified.heads import Request

PIECE = 256 * 1024
"""HTTP-18: bytes of a blob that are sent before it is somebody else's turn."""

UNSENT = 256 * 1024
"""Bytes that the system may hold unsent for a connection, so that stalled clients cost little."""

DROPPED = 64 * 1024
"""Bytes that are read and dropped at a time from a client that was told of the end."""

HEAD_SECONDS = 60.0
"""HTTP-19: from the first byte of a head to the last."""

IDLE_SECONDS = 120.0
"""HTTP-19: between two requests."""

STALL_SECONDS = 120.0
"""HTTP-17: without taking a byte of an answer."""

FAREWELL_SECONDS = 3.0
"""How long a client may take to close a connection whose end it was told."""


class State(Enum):
    """What a connection is doing."""

    WAITING = "for a request's first byte"
    READING = "a request's head"
    ANSWERING = "sending"
    LEAVING = "told its end, and reading what the client still sends"
    OVER = "to be closed"


class Connection:
    """A connection.

    Attributes:
        socket: does not block.
        state: what it is doing.
        since: when it began to do that, on the clock that ``now`` is from.
        deadline: when it is over if nothing happens.
    """

    __slots__ = (
        "_answer",
        "_blob",
        "_closes",
        "_end",
        "_head",
        "_offset",
        "_received",
        "deadline",
        "since",
        "socket",
        "state",
    )

    def __init__(
        self, stream: socket.socket, answer: Callable[[Request], Answer], now: float
    ) -> None:
        self.socket = stream
        self._enter(State.WAITING, now, IDLE_SECONDS)
        self._answer = answer
        self._received = bytearray()
        self._head = b""
        self._blob: int | None = None
        self._offset = self._end = 0
        self._closes = False

    @property
    def events(self) -> int:
        """What there is to wait for."""
        if self.state is State.ANSWERING:
            return selectors.EVENT_WRITE
        if self._received and self.state is State.READING and self._has_head():
            return selectors.EVENT_READ | selectors.EVENT_WRITE
        return selectors.EVENT_READ

    @property
    def is_dispensable(self) -> bool:
        """Whether it may be closed when there are too many: nobody waits for an answer on it."""
        return self.state is not State.ANSWERING

    def proceed(self, now: float) -> None:
        """Go on as far as possible without waiting, and not for long.

        Raises:
            OSError: the client is gone.
        """
        if self.state is State.ANSWERING:
            self._send(now)
        elif self.state is State.LEAVING:
            self._drop()
        else:
            self._receive(now)

    def _enter(self, state: State, now: float, seconds: float) -> None:
        """Begin to do something, for so long at most."""
        self.state, self.since, self.deadline = state, now, now + seconds

    def close(self) -> None:
        """LIFE-9: let go of everything, whatever it is doing."""
        self.state = State.OVER
        self._let_go_of_blob()
        self.socket.close()

    def expire(self, now: float) -> None:
        """HTTP-19: end it because its deadline is over, by an answer if half a request came."""
        if self.state is State.READING:
            self._reply(answers.unfit(408), now, closes=True, bodyless=False)
        else:
            self.state = State.OVER

    def _receive(self, now: float) -> None:
        """Read what has come, and answer the first request of it."""
        if not self._has_head():
            try:
                came = self.socket.recv(heads.LONGEST_HEAD - len(self._received))
            except BlockingIOError:
                return
            if not came:
                self.state = State.OVER
                return
            if self.state is State.WAITING:
                self._enter(State.READING, now, HEAD_SECONDS)
            self._received += came
        try:
            end = heads.end_of(self._received)
            if end is None:
                return
            request = heads.parse(bytes(self._received[:end]))
        except heads.RefusedError as refusal:
            self._received.clear()
            self._reply(answers.unfit(refusal.status), now, closes=True, bodyless=False)
            return
        del self._received[:end]
        self._enter(State.ANSWERING, now, STALL_SECONDS)
        self._reply(
            self._answer(request),
            now,
            closes=heads.is_last(request),
            bodyless=request.method == b"HEAD",
        )

    def _has_head(self) -> bool:
        """Whether a request, or what is none, waits to be answered."""
        try:
            return heads.end_of(self._received) is not None
        except heads.RefusedError:
            return True

    def _reply(self, answer: Answer, now: float, *, closes: bool, bodyless: bool) -> None:
        """Begin to send an answer; HTTP-2: that to HEAD has no body, but its length."""
        self._enter(State.ANSWERING, now, STALL_SECONDS)
        self._closes = closes
        self._head = answer.head(closes=closes)
        if answer.blob is not None:
            self._blob = answer.blob.descriptor
            self._offset = 0 if answer.part is None else answer.part.first
            self._end = self._offset + answer.length
        if bodyless:
            self._let_go_of_blob()
        else:
            self._head += answer.body
        self._send(now)

    def _send(self, now: float) -> None:
        """Send a piece, and when all is sent see what comes next."""
        try:
            sent = self._send_piece()
        except BlockingIOError:
            return
        if sent:
            self.deadline = now + STALL_SECONDS
        if self._head or self._blob is not None:
            return
        if self._closes:
            self._leave(now)
        elif self._received:
            self._enter(State.READING, now, HEAD_SECONDS)
        else:
            self._enter(State.WAITING, now, IDLE_SECONDS)

    def _send_piece(self) -> int:
        """Send once; returns how many bytes went.

        Raises:
            BlockingIOError: none can go now.
            ConnectionAbortedError: the blob is shorter than it was when its length was told.
        """
        if self._head:
            more = 0 if self._blob is None else socket.MSG_MORE
            sent = self.socket.send(self._head, more)
            self._head = self._head[sent:]
            if self._head or self._blob is None:
                return sent
        blob, size = self._blob, min(self._end - self._offset, PIECE)
        if blob is None or not size:
            self._let_go_of_blob()
            return 0
        sent = os.sendfile(self.socket.fileno(), blob, self._offset, size)
        if not sent:
            # HTTP-15: the length that was told is not reached, and that can be seen.
            raise ConnectionAbortedError("a blob has become shorter")
        self._offset += sent
        if self._offset == self._end:
            self._let_go_of_blob()
        return sent

    def _leave(self, now: float) -> None:
        """Close our half, so that the client sees the end of what it was sent.

        Closing all of it with something unread would be a reset, which may cost the client the
        answer (RFC 9112, section 9.6).
        """
        self.socket.shutdown(socket.SHUT_WR)
        self._received.clear()
        self._enter(State.LEAVING, now, FAREWELL_SECONDS)
        self._drop()

    def _drop(self) -> None:
        """HTTP-13: read what is no request any more, until the client has closed, too."""
        try:
            if not self.socket.recv(DROPPED):
                self.state = State.OVER
        except BlockingIOError:
            pass

    def _let_go_of_blob(self) -> None:
        """LIFE-9: close the blob's file."""
        if self._blob is not None:
            os.close(self._blob)
            self._blob = None
