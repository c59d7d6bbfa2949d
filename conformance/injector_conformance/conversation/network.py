"""The subject's network, as far as an exchange needs it: connections, and time that passes."""

from __future__ import annotations

import contextlib
import socket
import time
from typing import Final

from injector_conformance.conversation.connection import Connection
from injector_conformance.exchange.events import Seen
from injector_conformance.exchange.requests import Request
from injector_conformance.exchange.steps import Address
from injector_conformance.host import interruption
from injector_conformance.sandbox import SandboxError
from injector_conformance.sandbox.live import Live

TICK: Final = 0.02
"""Seconds between two looks at the subject's output."""


class Network:
    """Connections to one live subject, whose output is taken so that it never waits."""

    def __init__(self, live: Live) -> None:
        """Take the subject."""
        self._live = live

    def drain(self) -> None:
        """Take what the subject has printed; every wait comes through here, so it can be ended."""
        interruption.check()
        self._live.drain()

    def wait(self, seconds: float) -> None:
        """Let time pass."""
        deadline = time.perf_counter() + seconds
        while (left := deadline - time.perf_counter()) > 0:
            self.drain()
            time.sleep(min(left, TICK))

    def connection(self, address: Address) -> Connection:
        """One that is not connected yet."""
        made = None
        if not self._live.ended():
            with contextlib.suppress(SandboxError):
                made = self._live.make_socket(family(address))
        return Connection(made, self.drain)

    def asked(self, request: Request, address: Address, within: float) -> Seen:
        """An answer on a connection of its own."""
        connection = self.connection(address)
        try:
            failure = connection.connect(address)
            if failure is not None:
                return failure
            connection.send(request.encoded)
            return connection.read(request.method, within)
        finally:
            connection.part("reset")


def family(address: Address) -> socket.AddressFamily:
    """Of a socket for an address."""
    return socket.AF_INET6 if address.family == "IPv6" else socket.AF_INET
