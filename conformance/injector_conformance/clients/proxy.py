"""A proxy between clients and the subject: it notes every request, and cuts where it is told to.

It listens on the host's loopback. Whatever passes is passed on as it is, byte for byte, also what
is no HTTP; only the heads are read. Clients that pull send no bodies, so that what they send are
heads one after the other, and what comes before the next one belongs to the answer to the last.
"""

from __future__ import annotations

import contextlib
import selectors
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final

HOST: Final = "127.0.0.1"

_BLOCK: Final = 1 << 18
_HEAD: Final = 1 << 16
_TICK: Final = 0.2
_PARTING: Final = 2.0
"""Seconds in which a client may notice that it was cut off."""

_PARTIAL: Final = 206
_END: Final = b"\r\n\r\n"

Connect = Callable[[], socket.socket]
"""A new connection to the subject.

Raises:
    OSError: there is none to be had.
"""


@dataclass(slots=True)
class Request:
    """A request, and what came of it.

    Attributes:
        connection: the number of its connection.
        method: empty for what is no HTTP, as a ClientHello of TLS.
        target: the path.
        agent: the field User-Agent.
        range: the field Range; empty without one.
        status: of the answer; 0 if there was none.
        size: bytes of the answer behind its head.
        is_cut: whether its answer was cut off by us.
    """

    connection: int
    method: str
    target: str = ""
    agent: str = ""
    range: str = ""
    status: int = 0
    size: int = 0
    is_cut: bool = False
    head: bytes = field(default=b"", repr=False)

    @property
    def start(self) -> int:
        """The place in the whole at which the answer begins."""
        first = self.range.removeprefix("bytes=").partition("-")[0]
        return int(first) if self.status == _PARTIAL and first.isdigit() else 0

    def answered(self, data: bytes) -> None:
        """Note what has come as an answer."""
        if self.head.endswith(_END):
            self.size += len(data)
            return
        head, end, body = (self.head + data).partition(_END)
        self.head = (head + end)[-_HEAD:]
        if end:
            words = head.split(None, 2)
            self.status = int(words[1]) if words[1:] and words[1].isdigit() else 0
            self.size += len(body)


class Cuts:
    """Where answers for one blob are cut off: each place once, in their order."""

    def __init__(self, digest: str = "", places: tuple[int, ...] = ()) -> None:
        """Take the blob, and offsets in it."""
        self._digest = digest
        self._places = list(places)
        self._lock = threading.Lock()

    @property
    def left(self) -> int:
        """How many cuts have not been made."""
        return len(self._places)

    def room(self, request: Request, before: int) -> int | None:
        """How many more bytes of an answer may pass; None if it is not to be cut.

        Args:
            request: what was asked; the last bytes of its answer are noted already.
            before: its size before them.
        """
        if not self._digest or not request.target.partition("?")[0].endswith(self._digest):
            return None
        with self._lock:
            first, last = request.start + before, request.start + request.size
            if not self._places or not first <= self._places[0] < last:
                return None
            return self._places.pop(0) - first


class Proxy:
    """The proxy. Use :func:`opened`."""

    def __init__(self, listener: socket.socket, connect: Connect) -> None:
        """Take where to listen, and whom to pass on to."""
        self._listener = listener
        self._connect = connect
        self._lock = threading.Lock()
        self._requests: list[Request] = []
        self._threads: list[threading.Thread] = []
        self._count = 0
        self.over = threading.Event()
        self.cuts = Cuts()

    @property
    def host(self) -> str:
        """Address and port, for clients."""
        return f"{HOST}:{self._listener.getsockname()[1]}"

    def taken(self) -> list[Request]:
        """What was asked since the last time."""
        with self._lock:
            found, self._requests = self._requests, []
        return found

    def accept(self) -> None:
        """Take connections until it is over."""
        self._listener.settimeout(_TICK)
        while not self.over.is_set():
            with contextlib.suppress(TimeoutError):
                client, _ = self._listener.accept()
                self._count += 1
                thread = threading.Thread(target=self._serve, args=(client, self._count))
                thread.start()
                self._threads = [*(one for one in self._threads if one.is_alive()), thread]

    def join(self) -> None:
        """Wait for all connections to end, which they do when it is over."""
        for thread in self._threads:
            thread.join()

    def note(self, request: Request) -> None:
        """Keep a request."""
        with self._lock:
            self._requests.append(request)

    def _serve(self, client: socket.socket, number: int) -> None:
        with client, contextlib.suppress(OSError), self._connect() as server:
            _Connection(self, client, server, number).pass_on()


class _Connection:
    """One connection of a client, and the one to the subject that belongs to it."""

    def __init__(
        self, proxy: Proxy, client: socket.socket, server: socket.socket, number: int
    ) -> None:
        self._proxy = proxy
        self._client = client
        self._server = server
        self._number = number
        self._asked = b""
        self._last: Request | None = None

    def pass_on(self) -> None:
        """Pass on whatever comes until one side has ended."""
        for one in (self._client, self._server):
            one.setblocking(True)
        with selectors.DefaultSelector() as selector:
            selector.register(self._client, selectors.EVENT_READ, self._from_client)
            selector.register(self._server, selectors.EVENT_READ, self._from_server)
            while not self._proxy.over.is_set():
                for key, _ in selector.select(_TICK):
                    action: Callable[[], bool] = key.data
                    if not action():
                        return

    def _from_client(self) -> bool:
        data = self._client.recv(_BLOCK)
        if data:
            self._listen(data)
            self._server.sendall(data)
        return bool(data)

    def _from_server(self) -> bool:
        data = self._server.recv(_BLOCK)
        request = self._last
        if not data or request is None:
            self._client.sendall(data)
            return bool(data)
        before = request.size
        request.answered(data)
        room = self._proxy.cuts.room(request, before)
        if room is None:
            self._client.sendall(data)
            return True
        # Of this piece, what belongs to the head passes, and of the body what there is room for.
        body = request.size - before
        self._client.sendall(data[: len(data) - body + room])
        request.is_cut, request.size = True, before + room
        self._part()
        return False

    def _listen(self, data: bytes) -> None:
        """Note the requests in what a client sends."""
        last = self._last
        if last is not None and not last.method:
            return
        if not self._asked and not data[:1].isalpha():
            self._begin(Request(self._number, ""))
            return
        self._asked = (self._asked + data)[-_HEAD:]
        while _END in self._asked:
            head, _, self._asked = self._asked.partition(_END)
            self._begin(_read(head, self._number))

    def _begin(self, request: Request) -> None:
        self._last = request
        self._proxy.note(request)

    def _part(self) -> None:
        """End the connection as a server does that dies: what was sent arrives, then the end."""
        self._client.shutdown(socket.SHUT_WR)
        self._client.settimeout(_PARTING)
        end = time.monotonic() + _PARTING
        while time.monotonic() < end and self._client.recv(_BLOCK):
            pass


def _read(head: bytes, number: int) -> Request:
    first, *lines = head.decode("latin-1").split("\r\n")
    words = first.split(" ")
    fields = {
        name.lower(): value.strip() for name, _, value in (one.partition(":") for one in lines)
    }
    return Request(
        number,
        words[0],
        words[1] if words[1:] else "",
        fields.get("user-agent", ""),
        fields.get("range", ""),
    )


@contextmanager
def opened(connect: Connect) -> Iterator[Proxy]:
    """A proxy for as long as a block lasts.

    Raises:
        OSError: there is no port on the host's loopback.
    """
    with socket.create_server((HOST, 0), backlog=64) as listener:
        proxy = Proxy(listener, connect)
        thread = threading.Thread(target=proxy.accept)
        thread.start()
        try:
            yield proxy
        finally:
            proxy.over.set()
            thread.join()
            proxy.join()
