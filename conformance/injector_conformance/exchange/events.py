"""What was seen in an exchange, before anybody judges it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

KEPT: Final = 64 * 1024
"""Bytes of a body that are kept for looking at; the rest is only counted and hashed."""


@dataclass(frozen=True, slots=True)
class Answered:
    """A whole answer.

    Attributes:
        status: its number.
        fields: names in lower case, in the order in which they came.
        size: bytes of the body.
        sha256: of the body.
        start: the body's first bytes, at most :data:`KEPT`.
        is_last: whether the answer says that the connection is closed behind it.
        seconds: until it was whole.
    """

    status: int
    fields: tuple[tuple[str, str], ...]
    size: int
    sha256: str
    start: bytes
    is_last: bool
    seconds: float


@dataclass(frozen=True, slots=True)
class Left:
    """The connection was closed or reset before a whole answer; ``got`` is what came, bounded."""

    how: str
    got: bytes


@dataclass(frozen=True, slots=True)
class Quiet:
    """No whole answer within the time; ``got`` is what came, bounded."""

    seconds: float
    got: bytes


@dataclass(frozen=True, slots=True)
class Unreadable:
    """What came is no answer of HTTP, and why."""

    reason: str
    got: bytes


@dataclass(frozen=True, slots=True)
class Unreachable:
    """There was no connection, and why."""

    reason: str


@dataclass(frozen=True, slots=True)
class Weighed:
    """Memory in bytes, and descriptors, of all processes of the subject."""

    memory: int
    descriptors: int


@dataclass(frozen=True, slots=True)
class Fact:
    """Whether something that a step asks for was so, and in words what was seen."""

    holds: bool
    text: str = ""


@dataclass(frozen=True, slots=True)
class Gathered:
    """What came of requests that were sent together, and of the probe beside them."""

    answers: tuple[Seen, ...]
    probes: tuple[Seen, ...]


Seen = Answered | Left | Quiet | Unreadable | Unreachable
Event = Seen | Weighed | Fact | Gathered


@dataclass(frozen=True, slots=True)
class Service:
    """How a run of a subject that serves went.

    Attributes:
        ready: seconds until ``GET /v2/`` was answered 200; None if it never was.
        early: what the eager requests got before that, 2xx and 3xx only.
        events: by step, of those that were carried out: the place of the step and the event.
        has_ended: whether the subject had ended by itself, or by the case's signal.
        was_told: whether the case told it to end.
        further: how the further exchanges of the same run went, as far as it came to them.
        listens: where it takes connections, if it never served.
    """

    ready: float | None
    early: tuple[str, ...]
    events: tuple[tuple[int, Event], ...]
    has_ended: bool
    was_told: bool
    further: tuple[Service, ...] = ()
    listens: tuple[str, ...] = ()

    @property
    def hangs(self) -> bool:
        """Whether it neither served nor ended."""
        return self.ready is None and not self.has_ended
