"""Payloads whose shape asks for more than their size can justify: time and memory (BOX-8).

Each thing in them is harmless alone, and they are small: what grows with their number alone, or
with its square, or with the depth of names, is more than an injector should need.
"""

from __future__ import annotations

from typing import Final

from injector_conformance.chapters.confinement.attack import AFTER, DATA, ONLY_AFTER, file
from injector_conformance.chapters.confinement.much import again, much
from injector_conformance.chapters.recipes import FOLDER, Named, fails_or
from injector_fixtures import gzip, splice, tar

_MEBIBYTE: Final = 1024 * 1024
_TREE: Final[Named] = {b"f": DATA, **ONLY_AFTER}

_KEYED_HEADERS: Final = 30
_TINY_HEADERS: Final = 60
_TURNS: Final = 1500
_LEVELS: Final = 2045


def _keyed_records() -> bytes:
    """A mebibyte of records; the keyword of each is another one, and ``0000`` a part of all."""
    found = bytearray()
    number = 0
    while len(found) < _MEBIBYTE - 100:
        found += tar.record(b"V.0000.%x" % number, b"v")
        number += 1
    return bytes(found)


def _keyed_headers() -> bytes:
    """Extended headers without a keyword that comes twice, before one member."""
    records = _keyed_records()
    headers = (
        tar.pax(records.replace(b"0000", b"%04d" % number)) for number in range(_KEYED_HEADERS)
    )
    return gzip.tgz(*headers, file(b"f"), AFTER, level=1)


_TINY: Final = b"5 a=\n"


def _tiny_header() -> bytes:
    return tar.pax(_TINY * (_MEBIBYTE // len(_TINY)))


def _tiny_headers() -> bytes:
    return splice.member(
        splice.Part(_tiny_header(), _TINY_HEADERS), splice.Part(tar.archive(file(b"f"), AFTER))
    )


def _tiny_headers_each() -> bytes:
    return splice.member(
        splice.Part(_tiny_header() + file(b"f"), _TINY_HEADERS), splice.Part(tar.archive(AFTER))
    )


def _deep(top: bytes) -> bytes:
    """A name of 4,093 bytes."""
    return top + b"/d" * _LEVELS + b"/f"


def _parents(name: bytes) -> Named:
    ends = [end for end, byte in enumerate(name) if byte == ord("/")]
    return {name[:end]: FOLDER for end in ends}


def _turn() -> bytes:
    """A file in each of two deep trees."""
    return b"".join(tar.pax({b"path": _deep(top)}) + file(b"f") for top in (b"a", b"b"))


_BY_TURNS: Final[Named] = {
    **_parents(_deep(b"a")),
    **_parents(_deep(b"b")),
    _deep(b"a"): DATA,
    _deep(b"b"): DATA,
    **ONLY_AFTER,
}

CASES: Final = (
    much(
        "keyed-headers",
        "30 extended headers of a MiB before one member, no keyword of them twice",
        _keyed_headers,
        why="all that headers say is kept until the member comes, though most is for nobody",
        origin="headers that add up (TAR-4); attributes of a file system",
        expect=fails_or(_TREE),
    ),
    much(
        "tiny-records",
        "60 MiB of records of five bytes before one member, in headers of a MiB",
        _tiny_headers,
        why="a payload of a hundred kilobytes keeps the injector busy for half a minute",
        origin="headers that add up (TAR-4)",
        expect=fails_or(_TREE),
    ),
    much(
        "tiny-records-each",
        "a MiB of records of five bytes before each of 60 members",
        _tiny_headers_each,
        why="a bound for each member is none for all of them together",
        origin="headers that add up (TAR-4)",
        expect=fails_or(_TREE),
    ),
    much(
        "deep-trees-by-turns",
        "3,000 files by turns in two trees of 2,046 levels, names of 4,093 bytes",
        lambda: again(_turn(), _TURNS),
        why="whoever walks from the top for each file makes millions of calls; a memory for the"
        " last directory alone does not help",
        origin="catalogue M15",
        expect=fails_or(_BY_TURNS),
        others="GNU tar hands whole paths to the kernel",
    ),
)
