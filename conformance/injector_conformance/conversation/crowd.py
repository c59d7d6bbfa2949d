"""Many connections at the same time."""

from __future__ import annotations

import contextlib
import selectors
import time
from typing import Final

from injector_conformance.conversation.connection import Connection
from injector_conformance.conversation.network import TICK, Network
from injector_conformance.conversation.reading import Reader
from injector_conformance.exchange.events import Gathered, Quiet, Seen
from injector_conformance.exchange.steps import USUAL, Crowd, Together

_PROBE_PAUSE: Final = 0.05
_SENDING: Final = 0.5


def gathered(step: Crowd, network: Network) -> tuple[list[Connection], int]:
    """The connections of a crowd, and how many more were refused."""
    made, refused = [], 0
    for _ in range(step.count):
        connection = network.connection(USUAL)
        if connection.connect(USUAL) is not None:
            refused += 1
            continue
        connection.send(step.data, within=_SENDING)
        made.append(connection)
    return made, refused


def together(step: Together, network: Network) -> Gathered:
    """All requests at once, and the probe again and again beside them."""
    deadline = time.perf_counter() + step.within
    answers: list[Seen | None] = [None] * len(step.requests)
    probes: list[Seen] = []
    with selectors.DefaultSelector() as selector, contextlib.ExitStack() as stack:
        for place, request in enumerate(step.requests):
            connection = network.connection(USUAL)
            stack.callback(connection.close)
            answers[place] = connection.connect(USUAL)
            if answers[place] is None:
                connection.send(request.encoded)
                reader = Reader(request.method)
                selector.register(connection, selectors.EVENT_READ, (place, connection, reader))
        probed = time.perf_counter()
        while selector.get_map() and time.perf_counter() < deadline:
            for key, _ in selector.select(TICK):
                place, connection, reader = key.data
                seen = connection.receive(reader) or reader.event()
                if seen is not None:
                    answers[place] = seen
                    selector.unregister(key.fileobj)
            network.drain()
            if step.probe is not None and time.perf_counter() > probed:
                probes.append(network.asked(step.probe, USUAL, step.probe_within))
                probed = time.perf_counter() + _PROBE_PAUSE
    missing = Quiet(step.within, b"")
    return Gathered(tuple(one or missing for one in answers), tuple(probes))
