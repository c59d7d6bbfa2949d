"""Exchanges: what a case asks of a subject that serves, and what it may answer, as data.

``requests`` builds what is sent, ``steps`` says when, ``expected`` what may come back; ``events``
is what did. ``perform`` carries the steps out, on connections of ``network``; ``starting``
is what comes before, ``crowd`` many at once. ``judging`` compares, and is a pure function.
"""

from __future__ import annotations

from dataclasses import dataclass

from injector_conformance.exchange.requests import Request
from injector_conformance.exchange.steps import USUAL, Address, Step


@dataclass(frozen=True, slots=True)
class Exchange:
    """What happens between the first answer and the end of a run.

    Attributes:
        steps: carried out one after the other, once the subject serves.
        before: carried out before the subject is started, in its network.
        address: where it is asked whether it serves.
        eager: asked all the time while it starts: no answer may be 2xx or 3xx before it serves.
        patience: seconds that starting may take; 0 is the deadline of the run.
        is_timed: whether time decides: what is complained of has to be seen three times.
        further: what else is carried out in the same run, each on connections of its own.
    """

    steps: tuple[Step, ...] = ()
    before: tuple[Step, ...] = ()
    address: Address = USUAL
    eager: tuple[Request, ...] = ()
    patience: float = 0.0
    is_timed: bool = False
    further: tuple[Exchange, ...] = ()


PLAIN = Exchange()
"""Nothing but whether it serves."""
