"""HTTP-17 to HTTP-19, LIFE-3: all connections, in one thread that waits for none of them."""

import errno
import selectors
import socket
import time
from collections.abc import Callable

from zarf_injector.display import printable, quoted
from zarf_injector.unified import answers, errors, registry
from zarf_injector.unified.answers import Answer
from zarf_injector.unified.arguments import Address
from zarf_injector.unified.connection import UNSENT, Connection, State
from zarf_injector.unified.heads import Request
from zarf_injector.unified.layout import Layout

WAITING_CONNECTIONS = 512
"""Connections that the system keeps until we take them."""

TAKEN_AT_ONCE = 64
"""Connections that are taken before others have their turn."""

MOST_CONNECTIONS = 1000
"""LIFE-9: more are served one after the other; each may hold a head in memory."""

SWEEP_SECONDS = 1.0
"""How often deadlines are looked at, if there are any."""

SHORTAGES = (errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM)
"""LIFE-3: what accept(2) and open(2) fail with when there is not enough of something."""


def reserve(address: Address) -> socket.socket:
    """A socket that has the address, and does not listen: nobody can connect yet (LIFE-1).

    Raises:
        AddressError: the address is taken, or is not this machine's (LIFE-7).
    """
    try:
        listener = socket.socket(address.family, socket.SOCK_STREAM)
        try:
            # LIFE-6: connections of an earlier start occupy the port for minutes otherwise.
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind((address.host, address.port))
        except OSError:
            listener.close()
            raise
    except OSError as error:
        raise errors.AddressError(f"cannot serve at {address}: {error.strerror}") from error
    return listener


def listen(listener: socket.socket) -> int:
    """LIFE-1: from here on connections are taken. Returns the port.

    Raises:
        AddressError: somebody else has begun to serve there meanwhile (LIFE-7).
    """
    try:
        listener.listen(WAITING_CONNECTIONS)
    except OSError as error:
        raise errors.AddressError(f"cannot serve: {error.strerror}") from error
    listener.setblocking(False)
    port: int = listener.getsockname()[1]
    return port


class Server:
    """Everybody who is connected."""

    def __init__(
        self, listener: socket.socket, layout: Layout, log: Callable[[str], None]
    ) -> None:
        self._listener = listener
        self._layout = layout
        self._log = log
        # In the order in which they came.
        self._connections: dict[Connection, None] = {}
        self._selector = selectors.DefaultSelector()
        self._selector.register(listener, selectors.EVENT_READ)
        self._takes = True
        self._sweep = 0.0

    def serve(self) -> None:
        """Serve for ever: nothing that a client does ends this (LIFE-3)."""
        while True:
            try:
                self.turn()
            except MemoryError:
                self._pause()

    def turn(self) -> None:
        """Wait until something happens, and let everybody who can go on go on, once.

        LIFE-9a: without connections there is nothing to wake up for.
        """
        is_idle = self._takes and not self._connections
        ready = self._selector.select(None if is_idle else SWEEP_SECONDS)
        now = time.monotonic()
        for key, _ in ready:
            if key.data is None:
                self._take(now)
            else:
                self._proceed(key.data, now)
        if now >= self._sweep:
            self._expire(now)
            self._sweep = now + SWEEP_SECONDS

    def close(self) -> None:
        """Let go of everything."""
        for one in list(self._connections):
            self._end(one)
        self._selector.close()
        self._listener.close()

    def _take(self, now: float) -> None:
        """Take connections that wait; those that nobody needs make room for them."""
        for _ in range(TAKEN_AT_ONCE):
            if len(self._connections) >= MOST_CONNECTIONS and not self._make_room():
                self._pause()
                return
            try:
                stream, _ = self._listener.accept()
            except BlockingIOError:
                return
            except OSError as error:
                # Whoever was first in the queue may be gone; that is no reason to stop (LIFE-3).
                if error.errno in SHORTAGES and not self._make_room():
                    self._pause()
                    return
                continue
            self._add(stream, now)

    def _add(self, stream: socket.socket, now: float) -> None:
        stream.setblocking(False)
        connection = Connection(stream, self._answer, now)
        try:
            stream.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            stream.setsockopt(socket.IPPROTO_TCP, socket.TCP_NOTSENT_LOWAT, UNSENT)
            self._selector.register(stream, selectors.EVENT_READ, connection)
        except (OSError, MemoryError):
            connection.close()
            return
        self._connections[connection] = None

    def _proceed(self, connection: Connection, now: float) -> None:
        """HTTP-11, HTTP-17: whatever goes wrong on a connection ends that one only."""
        if connection not in self._connections:
            # It made room for another one in this very turn.
            return
        try:
            connection.proceed(now)
            self._watch(connection)
        except OSError:
            self._end(connection)
        except Exception as error:
            self._log(f"a connection ended: {type(error).__name__}: {quoted(str(error).encode())}")
            self._end(connection)

    def _watch(self, connection: Connection) -> None:
        """Wait for what the connection can do next, if it can do anything."""
        if connection.state is State.OVER:
            self._end(connection)
        elif connection.events != self._selector.get_key(connection.socket).events:
            self._selector.modify(connection.socket, connection.events, connection)

    def _answer(self, request: Request) -> Answer:
        """What a request gets, also if descriptors are short (LIFE-3)."""
        try:
            answer = self._attempt(request)
        except OSError as error:
            self._log(f"cannot answer: {error.strerror}")
            status = 503 if error.errno in SHORTAGES else 500
            answer = answers.error(status, "UNKNOWN", "this cannot be read now")
        if not registry.is_probe(request):
            target = printable(request.target)
            self._log(f"request: {request.method.decode()} {target} {answer.status}")
        return answer

    def _attempt(self, request: Request) -> Answer:
        try:
            return registry.answer(request, self._layout)
        except OSError as error:
            if error.errno not in SHORTAGES or not self._make_room():
                raise
            return registry.answer(request, self._layout)

    def _make_room(self) -> bool:
        """Close the connection that has been without an answer the longest, if there is one.

        Whoever has just come is the last to go: a request may be on its way.
        """
        dispensable = (one for one in self._connections if one.is_dispensable)
        oldest = min(dispensable, key=lambda one: one.since, default=None)
        if oldest is None:
            return False
        self._end(oldest)
        return True

    def _expire(self, now: float) -> None:
        """HTTP-19: end what has taken too long, and take connections again."""
        for one in [one for one in self._connections if one.deadline <= now]:
            try:
                one.expire(now)
                self._watch(one)
            except OSError:
                self._end(one)
        self._resume()

    def _end(self, connection: Connection) -> None:
        """Close a connection."""
        del self._connections[connection]
        self._selector.unregister(connection.socket)
        connection.close()
        self._resume()

    def _pause(self) -> None:
        """Leave connections to wait, until one of ours is over or a second has passed."""
        if self._takes:
            self._selector.unregister(self._listener)
            self._takes = False

    def _resume(self) -> None:
        if not self._takes:
            self._selector.register(self._listener, selectors.EVENT_READ)
            self._takes = True
