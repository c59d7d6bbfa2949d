"""Carrying out an exchange: from steps to events. Nothing is judged here."""

from __future__ import annotations

import contextlib
import selectors
import socket
import time
from collections.abc import Iterator, Sequence
from http import HTTPStatus
from typing import Final

from injector_conformance import interruption
from injector_conformance.exchange import Exchange, processes
from injector_conformance.exchange.connection import Connection
from injector_conformance.exchange.events import (
    Answered,
    Event,
    Fact,
    Gathered,
    Quiet,
    Seen,
    Service,
    Unreachable,
)
from injector_conformance.exchange.expected import Answer
from injector_conformance.exchange.reading import Reader
from injector_conformance.exchange.requests import Request, get
from injector_conformance.exchange.steps import (
    Address,
    Again,
    Ask,
    Crowd,
    Disperse,
    Ends,
    Limit,
    Lives,
    Occupy,
    Open,
    Part,
    Read,
    Rest,
    Send,
    Signal,
    Step,
    Together,
    Wait,
    Weigh,
)
from injector_conformance.sandbox import SandboxError
from injector_conformance.sandbox.live import Live

_CLOSING: Final = 2.0
"""Seconds in which a connection has to be closed that an answer was the last one on."""

_GRANTED: Final = range(200, 400)
_PROBE_PAUSE: Final = 0.05
_TICK: Final = 0.02


class Performance:
    """One exchange with one live subject."""

    def __init__(self, exchange: Exchange, live: Live) -> None:
        """Take a subject that has not been started."""
        self._exchange = exchange
        self._live = live
        self._connections: dict[str, Connection] = {}
        self._crowd: list[Connection] = []
        self._listeners: list[socket.socket] = []
        self._limits: dict[int, tuple[int, int]] = {}
        self._was_told = False

    def run(self, deadline: float) -> Service:
        """From the start to the last step.

        Args:
            deadline: seconds that starting may take, unless the exchange says otherwise.
        """
        try:
            for step in self._exchange.before:
                self._do(step)
            self._live.start()
            ready, early = self._starting(self._exchange.patience or deadline)
            events = list(self._serving()) if ready is not None else []
            return Service(ready, early, tuple(events), self._live.ended(), self._was_told)
        finally:
            for connection in (*self._connections.values(), *self._crowd):
                connection.close()
            for listener in self._listeners:
                listener.close()

    def _starting(self, deadline: float) -> tuple[float | None, tuple[str, ...]]:
        """Ask until ``GET /v2/`` is answered 200, or nobody is left to answer."""
        started = time.perf_counter()
        early: list[str] = []
        pause = 0.001
        while (passed := time.perf_counter() - started) < deadline:
            self._drain()
            has_ended = self._live.ended()
            for request in self._exchange.eager:
                seen = self._asked(request, self._exchange.address, 1.0)
                if isinstance(seen, Answered) and seen.status in _GRANTED:
                    early.append(f"{request.target.decode('latin-1')} {seen.status}")
                    break
            seen = self._asked(_PROBE, self._exchange.address, 1.0)
            if isinstance(seen, Answered) and seen.status == HTTPStatus.OK:
                return passed, tuple(early)
            if has_ended:
                return None, tuple(early)
            time.sleep(pause)
            pause = min(pause * 1.5, _TICK)
        return None, tuple(early)

    def _serving(self) -> Iterator[tuple[int, Event]]:
        for place, step in enumerate(self._exchange.steps):
            for event in self._do(step):
                yield place, event

    def _do(self, step: Step) -> list[Event]:  # noqa: C901, PLR0911, PLR0912 - one case each
        """Carry out a step; what was seen, if there was anything to see."""
        self._drain()
        match step:
            case Open():
                return self._open(step)
            case Send():
                self._connected(step.connection).send(step.data, step.piece, step.pause)
            case Read():
                return [self._read(step.connection, step.method, step.within, step.expect)]
            case Ask():
                return self._ask(step)
            case Part():
                self._connected(step.connection).part(step.how)
            case Wait():
                self._wait(step.seconds)
            case Crowd():
                return self._gather(step)
            case Disperse():
                for connection in self._crowd:
                    connection.part(step.how)
                self._crowd.clear()
            case Together():
                return [self._together(step)]
            case Again():
                return self._again(step)
            case Signal():
                self._was_told = True
                self._live.signal(step.number)
            case Ends():
                return [self._ends(step.within)]
            case Lives():
                return [Fact(not self._live.ended(), "it has ended")]
            case Weigh():
                return [processes.weigh(self._live.process_ids())]
            case Rest():
                return [self._rest(step)]
            case Limit():
                self._limits |= processes.limit(
                    self._live.process_ids(), step.descriptors, self._limits
                )
            case Occupy():
                self._occupy(step)
        return []

    def _open(self, step: Open) -> list[Event]:
        connection = self._made(step.address)
        failure = connection.connect(step.address, is_narrow=step.is_narrow)
        self._connections[step.connection] = connection
        if step.is_refused:
            return [Fact(failure is not None, "somebody is there")]
        return [] if failure is None else [failure]

    def _ask(self, step: Ask) -> list[Event]:
        connection = self._connections.get(step.connection)
        if connection is None or not connection.is_open:
            if connection is not None:
                connection.close()
            connection = self._connections[step.connection] = self._made(step.address)
            failure = connection.connect(step.address)
            if failure is not None:
                return [failure]
        connection.send(step.request.encoded)
        return [self._read(step.connection, step.request.method, step.within, step.expect)]

    def _read(self, name: str, method: bytes, within: float, expect: Sequence[object]) -> Seen:
        connection = self._connected(name)
        event = connection.read(method, within)
        wants_end = any(isinstance(one, Answer) and one.is_last for one in expect)
        if wants_end and isinstance(event, Answered) and connection.fileno() >= 0:
            if not connection.ends(_CLOSING):
                return Quiet(_CLOSING, b"answered, and the connection is not closed")
            connection.close()
        return event

    def _asked(self, request: Request, address: Address, within: float) -> Seen:
        """An answer on a connection of its own."""
        connection = self._made(address)
        try:
            failure = connection.connect(address)
            if failure is not None:
                return failure
            connection.send(request.encoded)
            return connection.read(request.method, within)
        finally:
            connection.part("reset")

    def _gather(self, step: Crowd) -> list[Event]:
        refused = 0
        for _ in range(step.count):
            connection = self._made(Address())
            if connection.connect(Address()) is not None:
                refused += 1
                continue
            connection.send(step.data, within=0.5)
            self._crowd.append(connection)
        return [] if step.is_tolerated else [Fact(refused == 0, f"{refused} connections refused")]

    def _again(self, step: Again) -> list[Event]:
        """The steps over and over; only the last round's events are kept, and all that are bad."""
        events: list[Event] = []
        for _ in range(step.times):
            events = [event for one in step.steps for event in self._do(one)]
            if any(isinstance(event, Unreachable) for event in events):
                break
        return events

    def _together(self, step: Together) -> Gathered:
        """All requests at once, and the probe again and again beside them."""
        deadline = time.perf_counter() + step.within
        answers: list[Seen | None] = [None] * len(step.requests)
        probes: list[Seen] = []
        with selectors.DefaultSelector() as selector, contextlib.ExitStack() as stack:
            for place, request in enumerate(step.requests):
                connection = self._made(Address())
                stack.callback(connection.close)
                answers[place] = connection.connect(Address())
                if answers[place] is None:
                    connection.send(request.encoded)
                    reader = Reader(request.method)
                    selector.register(
                        connection, selectors.EVENT_READ, (place, connection, reader)
                    )
            probed = time.perf_counter()
            while selector.get_map() and time.perf_counter() < deadline:
                for key, _ in selector.select(_TICK):
                    place, connection, reader = key.data
                    seen = connection.receive(reader) or reader.event()
                    if seen is not None:
                        answers[place] = seen
                        selector.unregister(key.fileobj)
                self._drain()
                if step.probe is not None and time.perf_counter() > probed:
                    probes.append(self._asked(step.probe, Address(), step.probe_within))
                    probed = time.perf_counter() + _PROBE_PAUSE
        missing = Quiet(step.within, b"")
        return Gathered(tuple(one or missing for one in answers), tuple(probes))

    def _ends(self, within: float) -> Fact:
        deadline = time.perf_counter() + within
        while time.perf_counter() < deadline:
            if self._live.ended():
                return Fact(True)
            self._wait(0.01)
        return Fact(self._live.ended(), f"it is there after {within:g} s")

    def _rest(self, step: Rest) -> Fact:
        before = processes.processor_seconds(self._live.process_ids())
        self._wait(step.seconds)
        used = processes.processor_seconds(self._live.process_ids()) - before
        text = f"{used:.2f} s of processor in {step.seconds:g} s"
        return Fact(used <= step.processor, text)

    def _occupy(self, step: Occupy) -> None:
        """Listen, or have listened: the side that closes first is left with the address."""
        family = socket.AF_INET6 if step.address.family == "IPv6" else socket.AF_INET
        listener = self._live.make_socket(family)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((step.address.host, step.address.port))
        listener.listen()
        if not step.is_left:
            self._listeners.append(listener)
            return
        client = self._made(step.address)
        client.connect(step.address)
        accepted, _ = listener.accept()
        accepted.close()
        client.ends(1.0)
        client.part("close")
        listener.close()

    def _drain(self) -> None:
        """Take what the subject has printed; every wait comes through here, so it can be ended."""
        interruption.check()
        self._live.drain()

    def _made(self, address: Address) -> Connection:
        family = socket.AF_INET6 if address.family == "IPv6" else socket.AF_INET
        made = None
        if not self._live.ended():
            with contextlib.suppress(SandboxError):
                made = self._live.make_socket(family)
        return Connection(made, self._drain)

    def _connected(self, name: str) -> Connection:
        if name not in self._connections:
            self._do(Open(name))
        return self._connections[name]

    def _wait(self, seconds: float) -> None:
        deadline = time.perf_counter() + seconds
        while (left := deadline - time.perf_counter()) > 0:
            self._drain()
            time.sleep(min(left, _TICK))


_PROBE: Final = get("/v2/", (b"User-Agent", b"kube-probe/1.30"), (b"Connection", b"close"))
