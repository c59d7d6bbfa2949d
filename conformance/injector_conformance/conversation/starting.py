"""The beginning of a run: asking until the subject serves, or nobody is left to answer."""

from __future__ import annotations

import time
from http import HTTPStatus
from typing import Final

from injector_conformance.conversation.connection import Connection
from injector_conformance.conversation.network import Network
from injector_conformance.exchange import Exchange
from injector_conformance.exchange.events import Answered, Seen
from injector_conformance.exchange.requests import get
from injector_conformance.sandbox.live import Live

_GRANTED: Final = range(200, 400)
_SHORTEST: Final = 0.001
_LONGEST: Final = 0.008
_GROWTH: Final = 1.3
"""Pauses between two questions, in seconds: a native injector is there in two milliseconds, an
interpreted one in a hundred."""

_WITHIN: Final = 1.0
"""Seconds that an answer may take: then it is asked again."""

PROBE: Final = get("/v2/", (b"User-Agent", b"kube-probe/1.30"), (b"Connection", b"close"))


class Starting:
    """A subject that has just been let go."""

    def __init__(self, exchange: Exchange, live: Live, network: Network) -> None:
        """Take what there is to ask, and whom."""
        self._exchange = exchange
        self._live = live
        self._network = network
        self._early: list[str] = []
        self._door: Connection | None = None

    def until_served(self, deadline: float) -> tuple[float | None, tuple[str, ...]]:
        """Ask until ``GET /v2/`` is answered 200.

        Returns:
            After how many seconds, None if it never was; and what eager requests were granted.
        """
        started = time.perf_counter()
        pause = _SHORTEST
        try:
            while (passed := time.perf_counter() - started) < deadline:
                self._network.drain()
                has_ended = self._live.ended()
                self._hurry()
                seen = self._probed()
                if isinstance(seen, Answered) and seen.status == HTTPStatus.OK:
                    return passed, tuple(self._early)
                if has_ended:
                    break
                self._live.ended(pause)
                pause = min(pause * _GROWTH, _LONGEST)
            return None, tuple(self._early)
        finally:
            self._leave()

    def _hurry(self) -> None:
        """The requests of somebody who does not wait until it serves."""
        for request in self._exchange.eager:
            seen = self._network.asked(request, self._exchange.address, _WITHIN)
            if isinstance(seen, Answered) and seen.status in _GRANTED:
                self._early.append(f"{request.target.decode('latin-1')} {seen.status}")
                break

    def _probed(self) -> Seen | None:
        """The answer to the readiness probe; None while nobody listens."""
        if self._door is None:
            self._door = self._network.connection(self._exchange.address)
        if not self._door.knock(self._exchange.address):
            return None
        try:
            self._door.send(PROBE.encoded)
            return self._door.read(PROBE.method, _WITHIN, self._live.ended)
        finally:
            self._leave()

    def _leave(self) -> None:
        """Let go of the socket with which it is tried to connect."""
        if self._door is not None:
            self._door.close()
            self._door = None
