"""Long requests that are right, and longer ones (HTTP-12), and requests that come in pieces."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from injector_conformance.cases.case import Case
from injector_conformance.chapters.serving import (
    CLOSED,
    OK,
    REFUSED,
    alive,
    asks,
    case,
    image,
    manifest,
    manifest_path,
)
from injector_conformance.exchange.expected import Answer
from injector_conformance.exchange.requests import Fields, get
from injector_conformance.exchange.steps import Ask, Open, Read, Send

_MANIFEST: Final = manifest(image().manifest)
_WHY: Final = "lists of accepted types and tokens of proxies are long"
_ORIGIN: Final = "RFC 9110, section 4.1; RFC 9112, section 3"


def _fields(count: int, size: int) -> Fields:
    return tuple((b"X-Field-%d" % number, b"v" * size) for number in range(count))


def _each() -> Iterator[Case]:
    for word, request, title in (
        ("target-1000", get("/v2/?" + "a" * 990), "a target of 1,000 bytes"),
        ("target-8000", get("/v2/?" + "a" * 7995), "a target of 8,000 bytes"),
        ("field-8000", get("/v2/", *_fields(1, 8000)), "a field of 8,000 bytes"),
        ("field-15000", get("/v2/", *_fields(1, 15_000)), "a field of 15,000 bytes"),
        ("fields-40", get("/v2/", *_fields(40, 100)), "40 fields"),
        ("fields-60", get("/v2/", *_fields(60, 240)), "60 fields, 15 KiB together"),
    ):
        yield case(
            f"http-long-{word}",
            title,
            "HTTP-12",
            _WHY,
            _ORIGIN,
            asks(request, OK),
            asks(get(manifest_path()), _MANIFEST),
        )
    for word, request, title in (
        ("target-20000", get("/v2/?" + "a" * 20_000), "a target of 20,000 bytes"),
        ("target-100000", get("/v2/?" + "a" * 100_000), "a target of 100,000 bytes"),
        ("field-100000", get("/v2/", *_fields(1, 100_000)), "a field of 100,000 bytes"),
        ("fields-150", get("/v2/", *_fields(150, 10)), "150 fields"),
        ("fields-3000", get("/v2/", *_fields(3000, 100)), "3,000 fields"),
    ):
        yield case(
            f"http-longer-{word}",
            f"{title}: accepted, refused, or closed",
            "HTTP-12",
            "more than there is room for must not be more than there is memory for",
            _ORIGIN,
            asks(request, OK, REFUSED, CLOSED),
            *alive(),
        )


def _pieces() -> Iterator[Case]:
    request = get(manifest_path())
    data = request.encoded
    for size in (1, 2, 3, 7, 16, 50):
        yield case(
            f"http-pieces-of-{size}",
            f"a request in pieces of {size} bytes",
            "HTTP-13",
            "a request that arrives in pieces is taken for several, or for none",
            "RFC 9112, section 2.2; TCP has no messages",
            Open(),
            Send(data, piece=size, pause=0.001),
            Read((_MANIFEST,)),
        )
    steps: list[Open | Send | Read | Ask] = []
    for place in range(1, len(data), 6):
        name = f"c{place}"
        steps += [
            Open(name),
            Send(data[:place], name),
            Send(data[place:], name),
            Read((_MANIFEST,), name),
        ]
    yield case(
        "http-split-everywhere",
        "a request split in two, at many places one after the other",
        "HTTP-13",
        "a reader that looks for the end of the head in one piece misses it between two",
        "RFC 9112, section 2.2; TCP has no messages",
        *steps,
    )
    two = get("/v2/").encoded + data
    yield case(
        "http-split-over-two",
        "two requests, of which the first and a half come together",
        "HTTP-13",
        "what came behind the first request is lost",
        "RFC 9112, section 9.3.2",
        Open(),
        Send(two[: len(two) // 2 + 10]),
        Read((OK,)),
        Send(two[len(two) // 2 + 10 :]),
        Read((_MANIFEST, CLOSED)),
        *alive(),
    )
    yield case(
        "http-empty-line-first",
        "an empty line before the request",
        "HTTP-11",
        "old clients send one behind a body",
        "RFC 9112, section 2.2",
        Open(),
        Send(b"\r\n" + data),
        Read((_MANIFEST, Answer((400,)), CLOSED)),
        *alive(),
    )


CASES: Final[tuple[Case, ...]] = (*_each(), *_pieces())
