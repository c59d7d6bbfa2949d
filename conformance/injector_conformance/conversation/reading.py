"""Reading answers with h11: it says where one ends, and what is none."""

from __future__ import annotations

import hashlib
import time
from typing import Final

import h11

from injector_conformance.exchange.events import KEPT, Answered, Unreadable

_LONGEST_HEAD: Final = 64 * 1024


class Reader:
    """Reads one answer from the bytes of a connection as they come."""

    def __init__(self, method: bytes, rest: bytes = b"") -> None:
        """Read the answer to a request of ``method``; ``rest`` came behind the last answer."""
        self._started = time.perf_counter()
        self._parser = h11.Connection(h11.CLIENT, max_incomplete_event_size=_LONGEST_HEAD)
        # What was really sent is not h11's business: it only has to know the method.
        known = method if method in (b"HEAD", b"CONNECT") else b"GET"
        self._parser.send(h11.Request(method=known, target="/", headers=[("Host", "x")]))
        self._parser.send(h11.EndOfMessage())
        self._response: h11.Response | None = None
        self._hash = hashlib.sha256()
        self._size = 0
        self._start = bytearray()
        self._got = bytearray()
        self.rest = rest
        if rest:
            self.feed(rest)

    @property
    def got(self) -> bytes:
        """The first bytes that came."""
        return bytes(self._got)

    def feed(self, data: bytes) -> None:
        """Take bytes; none at all mean that the other side has finished."""
        self._got += data[: max(0, 256 - len(self._got))]
        self._parser.receive_data(data)

    def event(self) -> Answered | Unreadable | None:
        """What came, once it is whole or cannot become so."""
        try:
            while True:
                found = self._parser.next_event()
                if found is h11.NEED_DATA or found is h11.PAUSED:
                    return None
                if isinstance(found, h11.Response):
                    self._response = found
                elif isinstance(found, h11.Data):
                    data = bytes(found.data)
                    self._hash.update(data)
                    self._size += len(data)
                    self._start += data[: max(0, KEPT - len(self._start))]
                elif isinstance(found, h11.EndOfMessage):
                    return self._answer()
                elif isinstance(found, h11.ConnectionClosed):
                    return None
        except h11.RemoteProtocolError as error:
            return Unreadable(str(error), self.got)

    def _answer(self) -> Answered:
        if self._response is None:
            raise RuntimeError("an answer without a head")
        self.rest = self._parser.trailing_data[0]
        fields = tuple(
            (name.decode("latin-1").lower(), value.decode("latin-1"))
            for name, value in self._response.headers
        )
        return Answered(
            status=self._response.status_code,
            fields=fields,
            size=self._size,
            sha256=self._hash.hexdigest(),
            start=bytes(self._start),
            is_last=self._parser.their_state is not h11.DONE,
            seconds=time.perf_counter() - self._started,
        )
