"""The steps of an exchange, on named connections, one after the other."""

from __future__ import annotations

import signal
from dataclasses import dataclass
from typing import Final, Literal

from injector_conformance.exchange.expected import Expected
from injector_conformance.exchange.requests import Request

PORT: Final = 5000
SECONDS: Final = 5.0
"""How long an answer may take where time is not the point."""


@dataclass(frozen=True, slots=True)
class Address:
    """Where to connect to, in the subject's network."""

    host: str = "127.0.0.1"
    port: int = PORT

    @property
    def family(self) -> Literal["IPv4", "IPv6"]:
        """Of the host."""
        return "IPv6" if ":" in self.host else "IPv4"


USUAL: Final = Address()


@dataclass(frozen=True, slots=True)
class Open:
    """Connect. ``is_refused``: nobody must be there. ``narrow``: with a small receive buffer."""

    connection: str = "a"
    address: Address = USUAL
    is_refused: bool = False
    is_narrow: bool = False


@dataclass(frozen=True, slots=True)
class Send:
    """Send bytes, in pieces of ``piece`` bytes with pauses between them, or at once."""

    data: bytes
    connection: str = "a"
    piece: int = 0
    pause: float = 0.0


@dataclass(frozen=True, slots=True)
class Read:
    """Wait for an answer; one of the alternatives must hold.

    Attributes:
        expect: the alternatives.
        connection: on which.
        method: of the request that it answers; what is sent to HEAD has no body.
        within: seconds.
    """

    expect: tuple[Expected, ...]
    connection: str = "a"
    method: bytes = b"GET"
    within: float = SECONDS


@dataclass(frozen=True, slots=True)
class Ask:
    """Send a request and wait for its answer; connects if the connection is not open."""

    request: Request
    expect: tuple[Expected, ...]
    connection: str = "a"
    within: float = SECONDS
    address: Address = USUAL


@dataclass(frozen=True, slots=True)
class Part:
    """End a connection: ``close`` it, ``reset`` it, or ``finish`` what is sent on it."""

    how: Literal["close", "reset", "finish"]
    connection: str = "a"


@dataclass(frozen=True, slots=True)
class Wait:
    """Let time pass."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Crowd:
    """Open ``count`` connections that stay open, and send the same bytes on each."""

    count: int
    data: bytes = b""
    is_tolerated: bool = True
    """Whether some of them may be refused or closed."""


@dataclass(frozen=True, slots=True)
class Disperse:
    """End the crowd's connections."""

    how: Literal["close", "reset"] = "close"


@dataclass(frozen=True, slots=True)
class Together:
    """Send each request on a connection of its own, read all answers at the same time.

    Attributes:
        requests: what is sent.
        expect: the one that each must meet, by position; the last one stands for the rest.
        probe: asked again and again beside them, on new connections.
        probe_within: seconds that a probe may take.
        within: seconds that all of it may take.
    """

    requests: tuple[Request, ...]
    expect: tuple[Expected, ...]
    probe: Request | None = None
    probe_within: float = 1.0
    within: float = 30.0


@dataclass(frozen=True, slots=True)
class Again:
    """Carry out steps several times."""

    steps: tuple[Ask | Open | Send | Read | Part, ...]
    times: int


@dataclass(frozen=True, slots=True)
class Signal:
    """Send the subject a signal."""

    number: int = signal.SIGTERM


@dataclass(frozen=True, slots=True)
class Ends:
    """The subject must have ended ``within`` seconds."""

    within: float


@dataclass(frozen=True, slots=True)
class Lives:
    """The subject must be there still."""


@dataclass(frozen=True, slots=True)
class Weigh:
    """Note memory and descriptors; they must not be more than so much above the last weighing.

    None does not compare.
    """

    memory: int | None = None
    descriptors: int | None = None


@dataclass(frozen=True, slots=True)
class Rest:
    """For ``seconds`` nobody asks anything; the subject may use so many seconds of processor."""

    seconds: float
    processor: float


@dataclass(frozen=True, slots=True)
class Limit:
    """Limit the subject's descriptors to ``descriptors``; 0 gives it back what it had."""

    descriptors: int


@dataclass(frozen=True, slots=True)
class Occupy:
    """Listen on a port before the subject does; ``is_left``: leave it in TIME_WAIT instead."""

    address: Address = USUAL
    is_left: bool = False


Step = (
    Open
    | Send
    | Read
    | Ask
    | Part
    | Wait
    | Crowd
    | Disperse
    | Together
    | Again
    | Signal
    | Ends
    | Lives
    | Weigh
    | Rest
    | Limit
    | Occupy
)
