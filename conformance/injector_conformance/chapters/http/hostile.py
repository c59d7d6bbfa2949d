"""Bytes that are no request: others go on being answered (HTTP-11)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from injector_conformance.cases.case import Case
from injector_conformance.chapters.serving import CLOSED, NOTHING, OK, alive, asks, case
from injector_conformance.exchange.expected import Answer, Silence
from injector_conformance.exchange.requests import get
from injector_conformance.exchange.steps import Open, Part, Read, Send
from injector_fixtures import seeded

_WHY: Final = "one client's mistake is everybody's outage"
_ORIGIN: Final = "RFC 9112, sections 2.2 and 3"
_WAITS: Final = (NOTHING, CLOSED, Silence())
_SECONDS: Final = 0.1
_LINE: Final = b"GET /v2/ HTTP/1.1\r\n"
_HOST: Final = b"Host: x\r\n"

_RAW: Final[dict[str, tuple[bytes, str]]] = {
    "nothing": (b"", "nothing at all"),
    "noise": (seeded.noise("garbage", 3000), "3,000 bytes of noise"),
    "zeros": (bytes(4000), "zeros"),
    "ones": (b"\xff" * 4000, "bytes of all ones"),
    "letters": (b"A" * 70_000, "letters without an end of line"),
    "line-ends": (b"\r\n" * 20_000, "empty lines"),
    "spaces": (b" " * 10_000 + b"\r\n\r\n", "spaces"),
    "http-0-9": (b"GET /v2/\r\n", "a request of HTTP/0.9"),
    "http-0-9-and-more": (b"GET /v2/\r\n\r\n", "a request of HTTP/0.9 and an empty line"),
    "http-2-preface": (
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\4\0\0\0\0\0",
        "the preface of HTTP/2",
    ),
    "version-2": (b"GET /v2/ HTTP/2.0\r\n" + _HOST + b"\r\n", "a version that is none here"),
    "version-word": (b"GET /v2/ HTTP/x.y\r\n" + _HOST + b"\r\n", "a version without numbers"),
    "version-long": (b"GET /v2/ HTTP/1.1111111111\r\n" + _HOST + b"\r\n", "a long version"),
    "version-missing": (b"GET /v2/ \r\n" + _HOST + b"\r\n", "no version"),
    "version-other": (b"GET /v2/ ICY/1.1\r\n" + _HOST + b"\r\n", "another protocol's version"),
    "target-missing": (b"GET HTTP/1.1\r\n" + _HOST + b"\r\n", "no target"),
    "target-relative": (b"GET v2/ HTTP/1.1\r\n" + _HOST + b"\r\n", "a target without its slash"),
    "target-space": (b"GET /v2/ x HTTP/1.1\r\n" + _HOST + b"\r\n", "a target with a space"),
    "target-nul": (b"GET /v2/\0 HTTP/1.1\r\n" + _HOST + b"\r\n", "a target with a NUL"),
    "method-missing": (b" /v2/ HTTP/1.1\r\n" + _HOST + b"\r\n", "no method"),
    "method-bad": (b"G@T /v2/ HTTP/1.1\r\n" + _HOST + b"\r\n", "a method that is no token"),
    "method-nul": (b"G\0T /v2/ HTTP/1.1\r\n" + _HOST + b"\r\n", "a method with a NUL"),
    "field-no-colon": (_LINE + _HOST + b"nothing\r\n\r\n", "a field without a colon"),
    "field-no-name": (_LINE + _HOST + b": x\r\n\r\n", "a field without a name"),
    "field-space-colon": (_LINE + _HOST + b"X-A : b\r\n\r\n", "a space before the colon"),
    "field-space-name": (_LINE + _HOST + b"X A: b\r\n\r\n", "a name with a space"),
    "field-nul": (_LINE + _HOST + b"X-A: a\0b\r\n\r\n", "a value with a NUL"),
    "field-bare-cr": (_LINE + _HOST + b"X-A: a\rX-B: c\r\n\r\n", "a value with a bare CR"),
    "length-negative": (_LINE + _HOST + b"Content-Length: -1\r\n\r\n", "a negative length"),
    "length-word": (_LINE + _HOST + b"Content-Length: x\r\n\r\n", "a length that is no number"),
    "length-plus": (_LINE + _HOST + b"Content-Length: +4\r\n\r\nabcd", "a length with a sign"),
    "length-hex": (_LINE + _HOST + b"Content-Length: 0x4\r\n\r\nabcd", "a length in base 16"),
    "length-empty": (_LINE + _HOST + b"Content-Length: \r\n\r\n", "an empty length"),
    "length-huge": (
        _LINE + _HOST + b"Content-Length: 99999999999999999999999\r\n\r\n",
        "a length that no number holds",
    ),
    "length-two": (
        _LINE + _HOST + b"Content-Length: 1\r\nContent-Length: 2\r\n\r\nab",
        "two lengths that differ",
    ),
    "coding-unknown": (
        _LINE + _HOST + b"Transfer-Encoding: frob\r\n\r\n",
        "a transfer coding that nobody knows",
    ),
    "coding-not-last": (
        _LINE + _HOST + b"Transfer-Encoding: chunked, gzip\r\n\r\n0\r\n\r\n",
        "chunks that are not the last coding",
    ),
}

_WHOLE: Final = frozenset(
    (
        *("target-nul", "method-bad", "method-nul", "field-no-colon", "field-no-name"),
        *("field-space-colon", "field-space-name", "length-negative", "length-word"),
        *("length-two", "length-huge", "target-relative", "version-word", "http-0-9-and-more"),
    )
)
"""Those that are whole requests, and wrong ones: there is nothing to wait for."""


_PASSED_OVER: Final = frozenset(("field-no-colon", "field-no-name", "length-empty"))
"""Those of which Go's server or nginx, in front of millions of pulls, sees what is right about
them. A line that is no field says nothing; to refuse it is a SHOULD of RFC 9112, section 2.2.
"""


def _each() -> Iterator[Case]:
    for word, (data, title) in _RAW.items():
        expect = (NOTHING, CLOSED) if word in _WHOLE else _WAITS
        expect = (*expect, OK) if word in _PASSED_OVER else expect
        # Who has answered somebody else meanwhile has had the time to answer this.
        read = (Read(expect),) if word in _WHOLE else (*alive(), Read(expect, within=_SECONDS))
        yield case(
            f"http-hostile-{word}",
            title,
            "HTTP-11",
            _WHY,
            _ORIGIN,
            Open(),
            Send(data),
            *read,
            *alive(),
        )


def _parted() -> Iterator[Case]:
    for how in ("close", "reset", "finish"):
        for word, data in (
            ("at-once", b""),
            ("in-the-line", b"GET /v2/ HT"),
            ("in-the-head", _LINE + b"Host: "),
            ("in-the-body", b"POST /v2/ HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nabc"),
            ("behind-a-request", get("/v2/").encoded),
        ):
            yield case(
                f"http-parted-{how}-{word}",
                f"a client that leaves {word.replace('-', ' ')}: {how}",
                ("HTTP-11", "HTTP-17"),
                _WHY,
                "POSIX.1-2017, write(), EPIPE; recv(), ECONNRESET",
                Open(),
                Send(data),
                Part(how),
                *alive(),
                asks(get("/v2/"), Answer((200,)), connection="third"),
            )


def _floods() -> Iterator[Case]:
    for word, data, title in (
        ("fields", _LINE + b"".join(b"X-%d: y\r\n" % n for n in range(20_000)), "20,000 fields"),
        ("field", _LINE + b"X: " + b"y" * 1_000_000, "a field of a million bytes"),
        ("target", b"GET /" + b"a" * 1_000_000, "a target of a million bytes"),
        ("method", b"A" * 1_000_000, "a method of a million bytes"),
        ("version", b"GET /v2/ HTTP/" + b"1" * 1_000_000, "a version of a million bytes"),
    ):
        yield case(
            f"http-flood-{word}",
            title,
            ("HTTP-11", "HTTP-12"),
            "what is read before it is understood fills the memory",
            "CWE-400; RFC 9112, section 3",
            Open(),
            Send(data),
            *alive(),
            Read(_WAITS, within=_SECONDS),
            *alive(),
        )


CASES: Final[tuple[Case, ...]] = (*_each(), *_parted(), *_floods())
