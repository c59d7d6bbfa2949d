"""Being ended, being started again, and a port that is taken (LIFE-4, LIFE-6, LIFE-7)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from injector_conformance.cases.case import Case, Conditions, Fails
from injector_conformance.chapters.serving import (
    NAME,
    OK,
    TAG,
    asks,
    case,
    control,
    manifest_path,
    plain,
    pulls,
)
from injector_conformance.exchange import Exchange
from injector_conformance.exchange.requests import get
from injector_conformance.exchange.steps import (
    Address,
    Crowd,
    Ends,
    Occupy,
    Open,
    Part,
    Send,
    Signal,
    Step,
    Wait,
)

_PULLS: Final = pulls(plain(), f"{NAME}:{TAG}")
_CLOSING: Final = (b"Connection", b"close")


_EVERYWHERE: Final = "0.0.0.0"  # noqa: S104 - in a network of its own


def _signals() -> Iterator[Case]:
    before: dict[str, tuple[tuple[Step, ...], str]] = {
        "idle": ((), "nobody there"),
        "pulled": (_PULLS, "a pull behind it"),
        "connected": ((Crowd(10),), "ten idle connections"),
        "half-asked": (
            (Open(), Send(get(manifest_path()).encoded[:-9])),
            "half a request on a connection",
        ),
    }
    for first in (False, True):
        for word, (steps, title) in before.items():
            yield case(
                f"life-term-{word}{'-process-1' if first else ''}",
                f"SIGTERM, with {title}{', as process 1' if first else ''}",
                "LIFE-4",
                "the pod's deletion waits for the whole grace period",
                "Kubernetes, termination of pods; pid_namespaces(7)",
                conditions=Conditions(as_pid_1=first),
                exchange=Exchange((*steps, Signal(), Ends(1.0)), is_timed=True),
            )


def _again() -> Iterator[Case]:
    why = "connections of the earlier start still occupy the port for minutes"
    origin = "RFC 9293, section 3.6.1 (TIME-WAIT); SO_REUSEADDR"
    for word, address, bound in (
        ("ipv4", Address(port=5006), "0.0.0.0:5006"),
        ("loopback", Address(port=5007), "127.0.0.1:5007"),
    ):
        yield case(
            f"life-port-left-{word}",
            f"a port on which a connection has just ended; bound to {bound}",
            "LIFE-6",
            why,
            origin,
            conditions=Conditions(address=bound),
            exchange=Exchange(
                (asks(get("/v2/"), OK, address=address),),
                before=(Occupy(address, is_left=True),),
                address=address,
            ),
        )
    address = Address(port=5008)
    yield case(
        "life-started-again",
        "three starts, each with clients whose connections it closed",
        ("LIFE-6", "EXT-3"),
        why,
        origin,
        conditions=Conditions(address="0.0.0.0:5008", runs=3),
        exchange=Exchange(
            (
                asks(get("/v2/", _CLOSING), OK, address=address),
                Wait(0.2),
                Part("close"),
                asks(get(manifest_path(), _CLOSING), OK, connection="b", address=address),
                Wait(0.2),
                Part("close", "b"),
            ),
            address=address,
        ),
    )


def _taken() -> Iterator[Case]:
    for word, occupied in (("everywhere", _EVERYWHERE), ("on-the-loopback", "127.0.0.1")):
        yield case(
            f"life-port-taken-{word}",
            f"port 5000 is taken, {word.replace('-', ' ')}",
            "LIFE-7",
            "on the node's own network two of them can meet; the second must not seem to serve",
            "POSIX.1-2017, bind(), EADDRINUSE",
            expect=(Fails(),),
            control=control(),
            exchange=Exchange(before=(Occupy(Address(occupied)),)),
        )


CASES: Final[tuple[Case, ...]] = (*_signals(), *_again(), *_taken())
