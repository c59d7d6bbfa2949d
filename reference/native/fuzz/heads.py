"""Heads of requests, sound and damaged, and what the reference and h11 make of them (HTTP)."""

from __future__ import annotations

import random
import struct

import h11

from zarf_injector.unified import heads as reference

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


def some(chance: random.Random) -> bytes:
    """A head, in half of all cases a damaged one."""
    data = head(chance)
    while chance.random() < HALF:
        data = changed(chance, data)
    return data


def by_reference(data: bytes) -> bytes | None:
    """What the harness is to say; None, if more has to come."""
    try:
        end = reference.end_of(data)
        if end is None:
            return None
        request = reference.parse(data[:end])
    except reference.RefusedError as refusal:
        return str(refusal.status).encode()
    part = request.value(b"range") or b""
    if request.method != b"GET" or b"if-range" in request.fields:
        part = b""
    return (
        struct.pack("<I", end)
        + (b"c" if reference.is_last(request) else b"-")
        + METHODS.get(request.method, b"o")
        + struct.pack("<I", len(request.target))
        + request.target
        + struct.pack("<I", len(part))
        + part
    )


def complaint(data: bytes, said: bytes) -> str | None:
    """What is wrong with what the parser says of a head; None if nothing is."""
    expected = by_reference(data)
    if expected is None:
        # What is wrong in a line may be said before the last line has come.
        fine = said in (b"", b"400 Bad Request")
    elif len(expected) == len(b"400"):
        fine = said[:3] == expected
    else:
        fine = said == expected
    if not fine:
        return f"{said!r}, and the reference says {expected!r}"
    if is_refusal(said) or by_h11(data, said):
        return None
    return f"accepted, {said!r}, and h11 reads it otherwise"


def is_refusal(said: bytes) -> bool:
    """Whether the head was refused, or is no whole one."""
    return not said or (said[:1].isdigit() and said[3:4] == b" ")


def by_h11(data: bytes, said: bytes) -> bool:
    """Whether h11 reads the same request with the same target."""
    (length,) = struct.unpack_from("<I", said)
    (size,) = struct.unpack_from("<I", said, 6)
    connection = h11.Connection(h11.SERVER, max_incomplete_event_size=1 << 16)
    connection.receive_data(data[:length].lstrip(b"\r\n"))
    try:
        event = connection.next_event()
    except h11.RemoteProtocolError:
        return False
    return isinstance(event, h11.Request) and event.target == said[10 : 10 + size]
