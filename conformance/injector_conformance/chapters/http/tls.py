"""A TLS ClientHello, by which runtimes begin (HTTP-10)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from injector_conformance.cases.case import Case
from injector_conformance.chapters.serving import CLOSED, NOTHING, alive, case
from injector_conformance.exchange import Exchange
from injector_conformance.exchange.expected import Answer, Silence, Truncated
from injector_conformance.exchange.steps import Again, Open, Part, Read, Send
from injector_fixtures import seeded

_SECONDS: Final = 2.0
_NO_LINE_END: Final = bytes.maketrans(b"\r\n", b"xx")
_ANSWERED: Final = (Answer((400,), is_last=True), Truncated(b"HTTP/1."))


_SUITES: Final = bytes.fromhex("c02bc02fc02cc030cca9cca8c009c013c014009c009d002f0035")
_OLD_SUITE: Final = bytes.fromhex("c00a")
_GROUPS: Final = bytes.fromhex("000a000400020017")
"""The supported groups: nearly every ClientHello has them, and with them a line end."""


def hello(*, record: bytes = b"\x03\x01", more: int = 0, has_line_end: bool = True) -> bytes:
    """A ClientHello of TLS 1.2, for a server without a name (RFC 5246, section 7.4.1.2).

    Args:
        record: the version that the record tells.
        more: bytes of an extension that nobody knows, as long keys make it long.
        has_line_end: whether a byte of it happens to be LF.
    """
    suites = _SUITES + _OLD_SUITE if has_line_end else _SUITES
    groups = _GROUPS if has_line_end else b""
    padding = b"\xfa\xfa" + more.to_bytes(2) + seeded.noise("hello", more) if more else b""
    extensions = groups + padding
    body = (
        b"\x03\x03"
        + seeded.noise("client random", 32).translate(None if has_line_end else _NO_LINE_END)
        + b"\0"
        + len(suites).to_bytes(2)
        + suites
        + b"\x01\0"
        + len(extensions).to_bytes(2)
        + extensions
    )
    handshake = b"\x01" + len(body).to_bytes(3) + body
    return b"\x16" + record + len(handshake).to_bytes(2) + handshake


def _hello(word: str, title: str, data: bytes, piece: int = 0, pause: float = 0.0) -> Case:
    return case(
        f"http-tls-{word}",
        title,
        "HTTP-10",
        "without these bytes containerd does not fall back to HTTP, and the pull fails; on a"
        " connection that hangs, docker, skopeo and podman lose 10 seconds",
        "Go crypto/tls, RecordHeaderError; containerd, resolver",
        exchange=Exchange(
            (
                Open(),
                Send(data, piece=piece, pause=pause),
                Read(_ANSWERED, within=_SECONDS),
                *alive(),
            ),
            is_timed=True,
        ),
    )


def _each() -> Iterator[Case]:
    yield _hello("hello", "a ClientHello", hello())
    yield _hello("record-of-tls-1-2", "one in a record of TLS 1.2", hello(record=b"\x03\x03"))
    yield _hello("record-of-ssl-3", "one in a record of SSL 3.0", hello(record=b"\x03\x00"))
    yield _hello("long", "one of 1,700 bytes, with long keys", hello(more=1600))
    yield _hello("longer", "one of 5,000 bytes", hello(more=4900))
    yield _hello("line-ends-inside", "one with line ends in it", hello()[:43] + b"\r\n\r\n" * 9)
    yield case(
        "http-tls-no-line-end",
        "a ClientHello without a line end in it, as no client sends it: others are answered",
        "HTTP-11",
        "who reads lines waits for the end of one, and must not wait with everybody",
        "Go net/http; RFC 8446, section 4.1.2",
        Open(),
        Send(hello(has_line_end=False)),
        *alive(),
        Read((NOTHING, Truncated(b"HTTP/1."), CLOSED, Silence()), within=0.1),
    )
    yield _hello("in-two-pieces", "one in two pieces", hello(), piece=100, pause=0.05)
    yield case(
        "http-tls-again-and-again",
        "twenty ClientHellos one after the other",
        ("HTTP-10", "LIFE-3"),
        "runtimes begin every connection so",
        "containerd 2, one before each request",
        exchange=Exchange(
            (
                Again(
                    (Open(), Send(hello()), Read(_ANSWERED, within=_SECONDS), Part("close")), 20
                ),
                *alive(),
            ),
            is_timed=True,
        ),
    )


CASES: Final[tuple[Case, ...]] = tuple(_each())
