"""Nothing around it, and a log that nobody reads (LIFE-5, LIFE-8, LIFE-11)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from injector_conformance.cases.case import Case, Conditions, Serves
from injector_conformance.chapters.serving import (
    NAME,
    TAG,
    alive,
    asks,
    case,
    manifest_path,
    plain,
    pulls,
)
from injector_conformance.exchange import Exchange
from injector_conformance.exchange.expected import Answer
from injector_conformance.exchange.requests import get
from injector_conformance.exchange.steps import Address, Again

_PULLS: Final = pulls(plain(), f"{NAME}:{TAG}")
_ROUNDS: Final = 400
_LONG: Final = manifest_path("absent", "/".join(["a-long-component-of-a-name"] * 40))


def _bare() -> Iterator[Case]:
    for word, conditions, title in (
        ("bare", Conditions(bare=True), "without /proc and /dev"),
        ("no-variables", Conditions(environment="none"), "without any variable"),
        ("read-only", Conditions(root="read-only"), "with a read-only root"),
        ("pod", Conditions(user="pod", root="read-only"), "as the pod's user"),
        ("process-1", Conditions(as_pid_1=True), "as process 1"),
        (
            "everything",
            Conditions(user="pod", root="read-only", bare=True, environment="none", as_pid_1=True),
            "under all of it together",
        ),
    ):
        yield case(
            f"life-{word}",
            f"a pull {title}",
            "LIFE-5",
            "the image is whatever happens to be on the node",
            "Zarf v0.42.0, v0.65.0",
            *_PULLS,
            *alive(),
            conditions=conditions,
        )


def _logs() -> Iterator[Case]:
    many = Again((asks(get(_LONG), Answer((404,))),), _ROUNDS)
    for kind, title in (
        ("closed", "closed"),
        ("broken", "without a reader"),
        ("full", "on a device without space"),
        ("unread", "that nobody reads"),
    ):
        for stream in ("stdout", "stderr", "both"):
            streams: dict[str, Any] = dict.fromkeys(
                ("stdout", "stderr") if stream == "both" else (stream,), kind
            )
            yield case(
                f"life-{stream}-{kind}",
                f"{_ROUNDS} requests with long names, and {stream} {title}",
                "LIFE-8",
                "a line for each request fills whatever collects them",
                "POSIX.1-2017, write(), EPIPE, ENOSPC; pipe(7), capacity",
                *_PULLS,
                many,
                *_PULLS,
                *alive(),
                conditions=Conditions(**streams),
            )


def _says() -> Iterator[Case]:
    for port in (5000, 5011):
        address = Address(port=port)
        yield case(
            f"life-says-{port}",
            f"its output names port {port}",
            "LIFE-11",
            "the log is the only witness of a start",
            "zarf-injector v0.2.0 (listening on)",
            conditions=Conditions(address=f"0.0.0.0:{port}"),
            expect=(Serves(says=(str(port).encode(),)),),
            exchange=Exchange(
                (asks(get("/v2/"), Answer((200,)), address=address),), address=address
            ),
        )


CASES: Final[tuple[Case, ...]] = (*_bare(), *_logs(), *_says())
