"""Carrying out an exchange: from steps to events. Nothing is judged here."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from injector_conformance.conversation import processes
from injector_conformance.conversation.connection import Connection
from injector_conformance.conversation.crowd import gathered, together
from injector_conformance.conversation.network import Network, family
from injector_conformance.conversation.starting import Starting
from injector_conformance.exchange import Exchange, steps
from injector_conformance.exchange.events import (
    Answered,
    Event,
    Fact,
    Left,
    Quiet,
    Seen,
    Service,
    Unreachable,
)
from injector_conformance.exchange.expected import Answer, Expected, Silence
from injector_conformance.sandbox.live import Live

_DYING: Final = 0.2
"""Seconds from a connection that is lost to the end of the subject, if that was the reason."""

_CLOSING: Final = 2.0
"""Seconds in which a connection has to be closed that an answer was the last one on."""


def _expected(step: steps.Step) -> Sequence[Expected]:
    return step.expect if isinstance(step, steps.Ask | steps.Read) else ()


class Performance:
    """One exchange with one live subject."""

    def __init__(self, exchange: Exchange, live: Live) -> None:
        """Take a subject that has not been started."""
        self._exchange = exchange
        self._live = live
        self._network = Network(live)
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
            starting = Starting(self._exchange, self._live, self._network)
            ready, early = starting.until_served(self._exchange.patience or deadline)
            service = self._served(ready, early)
        finally:
            self._leave()
        return replace(service, further=tuple(self._further(service)))

    def _served(self, ready: float | None, early: tuple[str, ...]) -> Service:
        """What the steps bring, if it serves."""
        events = list(self._serving()) if ready is not None else []
        listens: tuple[str, ...] = ()
        if ready is None and not self._live.ended():
            listens = processes.listening(self._live.process_ids())
        # Who has lost a connection last may be about to end: the kernel needs a moment for it.
        is_lost = bool(events) and isinstance(events[-1][1], Left | Unreachable)
        ended, told = self._live.ended(_DYING if is_lost else 0), self._was_told
        return Service(ready, early, tuple(events), ended, told, listens=listens)

    def _further(self, before: Service) -> Iterator[Service]:
        """The further exchanges, as long as there is somebody to ask."""
        for exchange in self._exchange.further:
            if before.ready is None or before.has_ended:
                return
            one = Performance(exchange, self._live)
            try:
                before = one._served(before.ready, ())
            finally:
                one._leave()
            yield before

    def _leave(self) -> None:
        """Let go of everything that was opened."""
        for connection in (*self._connections.values(), *self._crowd):
            connection.close()
        for listener in self._listeners:
            listener.close()

    def _serving(self) -> Iterator[tuple[int, Event]]:
        for place, step in enumerate(self._exchange.steps):
            for event in self._do(step):
                yield place, event

    def _do(self, step: steps.Step) -> list[Event]:  # noqa: C901, PLR0911, PLR0912 - one case each
        """Carry out a step; what was seen, if there was anything to see."""
        self._network.drain()
        match step:
            case steps.Open():
                return self._open(step)
            case steps.Send():
                self._connected(step.connection).send(step.data, step.piece, step.pause)
            case steps.Read():
                return [self._read(step.connection, step.method, step.within, step.expect)]
            case steps.Ask():
                return self._ask(step)
            case steps.Part():
                self._connected(step.connection).part(step.how)
            case steps.Wait():
                self._network.wait(step.seconds)
            case steps.Crowd():
                return self._gather(step)
            case steps.Disperse():
                for connection in self._crowd:
                    connection.part(step.how)
                self._crowd.clear()
            case steps.Together():
                return [together(step, self._network)]
            case steps.Again():
                return self._again(step)
            case steps.Signal():
                self._was_told = True
                self._live.signal(step.number)
            case steps.Ends():
                return [self._ends(step.within)]
            case steps.Lives():
                return [Fact(not self._live.ended(), "it has ended")]
            case steps.Weigh():
                return [processes.weigh(self._live.process_ids())]
            case steps.Rest():
                return [self._rest(step)]
            case steps.Limit():
                self._limits |= processes.limit(
                    self._live.process_ids(), step.descriptors, self._limits
                )
            case steps.Occupy():
                self._occupy(step)
        return []

    def _open(self, step: steps.Open) -> list[Event]:
        connection = self._network.connection(step.address)
        failure = connection.connect(step.address, is_narrow=step.is_narrow)
        self._connections[step.connection] = connection
        if step.is_refused:
            return [Fact(failure is not None, "somebody is there")]
        return [] if failure is None else [failure]

    def _ask(self, step: steps.Ask) -> list[Event]:
        connection = self._connections.get(step.connection)
        if connection is None or not connection.is_open:
            if connection is not None:
                connection.close()
            connection = self._network.connection(step.address)
            self._connections[step.connection] = connection
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

    def _gather(self, step: steps.Crowd) -> list[Event]:
        made, refused = gathered(step, self._network)
        self._crowd += made
        return [] if step.is_tolerated else [Fact(refused == 0, f"{refused} connections refused")]

    def _again(self, step: steps.Again) -> list[Event]:
        """The steps over and over, until nobody answers; only the last round's events are kept."""
        hoped = any(isinstance(one, Silence) for part in step.steps for one in _expected(part))
        unanswered = Unreachable if hoped else (Unreachable, Quiet)
        events: list[Event] = []
        for _ in range(step.times):
            events = [event for one in step.steps for event in self._do(one)]
            if any(isinstance(event, unanswered) for event in events):
                break
        return events

    def _ends(self, within: float) -> Fact:
        deadline = time.perf_counter() + within
        while time.perf_counter() < deadline:
            self._network.drain()
            if self._live.ended(0.01):
                return Fact(True)
        return Fact(self._live.ended(), f"it is there after {within:g} s")

    def _rest(self, step: steps.Rest) -> Fact:
        before = processes.processor_seconds(self._live.process_ids())
        self._network.wait(step.seconds)
        used = processes.processor_seconds(self._live.process_ids()) - before
        text = f"{used:.2f} s of processor in {step.seconds:g} s"
        return Fact(used <= step.processor, text)

    def _occupy(self, step: steps.Occupy) -> None:
        """Listen, or have listened: the side that closes first is left with the address."""
        listener = self._live.make_socket(family(step.address))
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((step.address.host, step.address.port))
        listener.listen()
        if not step.is_left:
            self._listeners.append(listener)
            return
        client = self._network.connection(step.address)
        client.connect(step.address)
        accepted, _ = listener.accept()
        accepted.close()
        client.ends(1.0)
        client.part("close")
        listener.close()

    def _connected(self, name: str) -> Connection:
        if name not in self._connections:
            self._do(steps.Open(name))
        return self._connections[name]
