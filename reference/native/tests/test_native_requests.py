"""The request parser against two others: that of the reference, and h11's."""

from __future__ import annotations

import random
import struct

import h11

from native.tests.native_programs import Ending, Harness
from native.tests.seeded import generator
from zarf_injector.unified import heads

HALF = 0.5
METHODS = {b"GET": b"g", b"HEAD": b"h"}
LENGTHS = (b"0", b"00", b"5", b"-1", b"+1", b"5, 5", b"", b"9" * 18, b"9" * 19, b"0x1")
FIELDS = (
    *(b"Host: a", b"host:b:5000", b"HOST:  [::1]:80 ", b"Host: a b", b"Host:", b"Host: a/b"),
    *(b"Content-Length: " + one for one in LENGTHS),
    *(b"Transfer-Encoding: " + one for one in (b"chunked", b"Chunked", b"gzip", b"chunked, gzip")),
    *(
        b"Connection: " + one
        for one in (b"close", b"keep-alive", b"x , CLOSE", b"closed", b",,close")
    ),
    *(b"Range: " + one for one in (b"bytes=0-1", b"bytes=1-", b"")),
    *(b"Accept: */*", b"X: \xff\x80", b"X:", b"X : a", b" folded", b": a", b"X\t: a", b"X: \x00"),
    *(b"X: a\rb", b"X: \x7f", b"X: a\tb", b"User-Agent: " + b"x" * 500, b"no colon"),
)
TARGETS = (
    b"/v2/",
    b"/",
    b"*",
    b"http://a/v2/",
    b"/v2/a%20b",
    b"/\xe9",
    b"",
    b"/a b",
    b"/" + b"x" * 9_000,
)
VERSIONS = (
    b"HTTP/1.1",
    b"HTTP/1.1",
    b"HTTP/1.0",
    b"HTTP/1.9",
    b"HTTP/2.0",
    b"HTTP/1.11",
    b"http/1.1",
    b"",
)


def head(chance: random.Random) -> bytes:
    """A request's head, more or less."""
    if chance.random() < HALF:
        line = b" ".join((chance.choice((b"GET", b"HEAD")), chance.choice(TARGETS), b"HTTP/1.1"))
        fields = [b"Host: test", chance.choice(FIELDS)]
    else:
        method = chance.choice((b"GET", b"HEAD", b"POST", b"get", b"G{T", b""))
        line = b" ".join((method, chance.choice(TARGETS), chance.choice(VERSIONS)))
        fields = chance.choices(FIELDS, k=chance.randrange(5))
    ending = chance.choice((b"\r\n", b"\r\n", b"\r\n", b"\n"))
    front = chance.choice((b"", b"", b"", b"\r\n", b"\r\n\r\n", b"\r\n\r\n\r\n"))
    return front + ending.join((line, *fields, b"", b"")) + chance.choice((b"", b"", b"GET"))


def changed(chance: random.Random, data: bytes) -> bytes:
    """The same with a byte changed, left out or put in."""
    at = chance.randrange(len(data) + 1)
    byte = bytes([chance.choice((*b"\r\n :,\0\x7f", chance.randrange(256)))])
    return data[:at] + byte * chance.randrange(2) + data[at + chance.randrange(2) :]


def given() -> list[bytes]:
    chance = generator(9112)
    whole = [head(chance) for _ in range(4_000)]
    return whole + [changed(chance, chance.choice(whole)) for _ in range(6_000)]


def by_reference(data: bytes) -> bytes | None:
    """What the harness is to say; None, if more has to come."""
    try:
        end = heads.end_of(data)
        if end is None:
            return None
        request = heads.parse(data[:end])
    except heads.RefusedError as refusal:
        return str(refusal.status).encode()
    part = request.value(b"range") or b""
    if request.method != b"GET" or b"if-range" in request.fields:
        part = b""
    return (
        struct.pack("<I", end)
        + (b"c" if heads.is_last(request) else b"-")
        + METHODS.get(request.method, b"o")
        + struct.pack("<I", len(request.target))
        + request.target
        + struct.pack("<I", len(part))
        + part
    )


def test_says_what_the_reference_says(harness: Harness) -> None:
    inputs = given()
    whole = 0
    for data, answer in zip(inputs, harness.run(("q", one) for one in inputs), strict=True):
        assert answer.ending is Ending.DONE, data
        expected = by_reference(data)
        if expected is None:
            # What is wrong in a line may be said before the last line has come.
            assert answer.output in (b"", b"400 Bad Request"), data
        elif len(expected) == len(b"400"):
            assert answer.output[:3] == expected, data
        else:
            assert answer.output == expected, data
            whole += 1

    assert whole > len(inputs) // 20


def test_h11_accepts_what_it_accepts(harness: Harness) -> None:
    inputs = given()
    accepted = 0
    for data, answer in zip(inputs, harness.run(("q", one) for one in inputs), strict=True):
        if not answer.output or (answer.output[:1].isdigit() and answer.output[3:4] == b" "):
            continue
        (length,) = struct.unpack_from("<I", answer.output)
        (size,) = struct.unpack_from("<I", answer.output, 6)
        connection = h11.Connection(h11.SERVER, max_incomplete_event_size=1 << 16)
        connection.receive_data(data[:length].lstrip(b"\r\n"))
        event = connection.next_event()

        assert isinstance(event, h11.Request), data
        assert event.target == answer.output[10 : 10 + size]
        accepted += 1

    assert accepted > len(inputs) // 20
