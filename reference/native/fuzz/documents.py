"""JSON documents, valid, damaged and random, and what Python makes of them (NAMES-8)."""

from __future__ import annotations

import json
import random
import struct

LONGEST = 1 << 14


class _Object(list[tuple[str, object]]):
    """An object with all of its members, also those of one name."""


def parsed(document: bytes) -> object:
    """What Python reads, by the rules of RFC 8259 alone.

    Raises:
        ValueError: it is no JSON.
    """

    def refuse(constant: str) -> object:
        raise ValueError(constant)

    return json.loads(
        document.decode(), object_pairs_hook=_Object, parse_constant=refuse, parse_int=float
    )


def events(value: object) -> bytes:
    """The events of a value as the harness writes them."""
    if isinstance(value, str):
        return b"s" + text(value)
    if isinstance(value, _Object):
        return b"{" + b"".join(b"k" + text(key) + events(one) for key, one in value) + b"}"
    if isinstance(value, list):
        return b"[" + b"".join(map(events, value)) + b"}"
    return b"."


def text(value: str) -> bytes:
    """A text; half a pair of surrogates, or one that is too long, is equal to nothing."""
    try:
        data = value.encode()
    except UnicodeEncodeError:
        data = b""
    if len(data) > LONGEST:
        data = b""
    return struct.pack("<I", len(data)) + data


def value(chance: random.Random, depth: int) -> object:
    """A random value."""
    kind = chance.randrange(9 if depth else 7)
    if kind == 7:
        return [value(chance, depth - 1) for _ in range(chance.randrange(4))]
    if kind == 8:
        return {some_text(chance): value(chance, depth - 1) for _ in range(chance.randrange(4))}
    if kind in (3, 4):
        return some_text(chance)
    return (None, True, False, "", "", chance.randrange(-99, 10**9), chance.uniform(-1e9, 1e9))[
        kind
    ]


def some_text(chance: random.Random) -> str:
    """A text of characters of all lengths, and of halves of surrogate pairs."""
    alphabet = 'ab/"\\\n\t\x00\x1f\x7f\xe9\u07ff\u0800\u20ac\ud7ff\ue000\uffff\U00010000\U0010ffff'
    return "".join(chance.choices(alphabet + "\ud800\udfff", k=chance.randrange(6)))


def written(chance: random.Random, content: object) -> bytes:
    """A document, in one of many ways."""
    if chance.random() < 0.5:
        return json.dumps(content, indent=chance.choice([None, 1, "\t"])).encode()
    plain = json.dumps(content, ensure_ascii=False, separators=chance.choice([(",", ":"), None]))
    return plain.encode("utf-8", "surrogatepass")


def damaged(chance: random.Random, document: bytes) -> bytes:
    """A document with a byte or two changed, left out, or doubled."""
    data = bytearray(document)
    for _ in range(chance.randrange(1, 3)):
        at = chance.randrange(len(data) + 1)
        new = chance.choice(
            [*b' \n"\\{}[],:0-+.eE9tfnu/\x00\xc0\xed\xf4\x80\xbf', chance.randrange(256)]
        )
        data[at : at + chance.randrange(2)] = bytes([new] * chance.randrange(2))
    return bytes(data)


PIECES = (
    *(b"{", b"}", b"[", b"]", b",", b":", b'"', b'"a"', b'"\\ud800', b'\\udc00"', b"\\", b"u12"),
    *(b"0", b"-", b"1.", b".5", b"e", b"E+1", b"true", b"null", b"fals", b" ", b"\r\n", b"\xef"),
)


def some(chance: random.Random) -> bytes:
    """A document of any of the three kinds."""
    kind = chance.randrange(5)
    if kind == 0:
        return b"".join(chance.choices(PIECES, k=chance.randrange(1, 12)))
    document = written(chance, value(chance, 4))
    return document if kind == 1 else damaged(chance, document)


def expected(document: bytes) -> bytes | None:
    """The events that are to be reported of a document; None if it is to be refused."""
    try:
        return events(parsed(document))
    except ValueError:
        return None
