"""What follows the last member: zeros are accepted (GZ-7), anything else fails (GZ-7a)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from injector_conformance.cases.case import Case, Control
from injector_conformance.chapters.gzip.sample import (
    ARCHIVE,
    CONTROL,
    RECORD,
    TREE,
    TWO_MEMBERS,
    in_members,
)
from injector_conformance.chapters.recipes import FAILS, Named, Recipe, completes, fails_or, made
from injector_fixtures import gzip, tar
from injector_fixtures.layout import cut, subpath

_TAPE: Final = "media with fixed block sizes pad with zeros, and gzip itself accepts them"
_ACCIDENT: Final = "a chunk that should not be there is an accident worth knowing about"
_MANUAL: Final = 'GNU gzip manual, "Using gzip on tapes"; catalogue Z12'
_SERIES: Final = "RFC 1952, section 2.2: a series of members and nothing else; catalogue Z13"

_PLAIN: Final = gzip.member(ARCHIVE)


def _zeros(
    identity: str,
    title: str,
    init: Recipe,
    origin: str = _MANUAL,
    control: Control = CONTROL,
) -> Case:
    return Case(
        id=f"gz-trailing-{identity}",
        title=title,
        why=_TAPE,
        origin=origin,
        requirements=("GZ-7",),
        init=init,
        expect=completes(TREE),
        control=control,
    )


def _count(count: int, what: str) -> Case:
    return _zeros(
        f"zeros-{count}", f"{count:,} zero bytes: {what}", made(lambda: _PLAIN + bytes(count))
    )


def _garbage(
    identity: str,
    title: str,
    trailing: Callable[[], bytes],
    *,
    why: str = _ACCIDENT,
    origin: str = _SERIES,
    init: Recipe | None = None,
) -> Case:
    return Case(
        id=f"gz-trailing-{identity}",
        title=title,
        why=why,
        origin=origin,
        requirements=("GZ-7a",),
        init=init or made(lambda: _PLAIN + trailing()),
        expect=FAILS,
        control=CONTROL,
        others="GNU gzip ends with a warning and status 2; most others ignore it",
    )


_ZEROS: Final = (
    _count(1, "less than any magic"),
    _count(2, "as long as gzip's magic"),
    _count(7, "shorter than a trailer"),
    _count(512, "a tape block"),
    _count(10_240, "a tape record"),
    _count(1 << 20, "more than a chunk as Zarf cuts them"),
    _zeros(
        "zeros-in-chunk",
        "a chunk of zeros behind the last one",
        lambda: subpath([_PLAIN, bytes(100)]),
        "catalogue Z12, K15",
    ),
    _zeros(
        "zeros-in-chunks",
        "zeros that begin inside a chunk and go on in chunks of single bytes",
        lambda: subpath([_PLAIN + b"\0", *[b"\0"] * 20]),
        "catalogue Z12, K15",
    ),
    _zeros(
        "zeros-behind-members",
        "zeros behind several members",
        made(lambda: gzip.member(ARCHIVE[:RECORD]) + gzip.member(ARCHIVE[RECORD:]) + bytes(99)),
        control=in_members(RECORD),
    ),
)

_GARBAGE: Final = (
    _garbage("byte", "a single byte that is not zero", lambda: b"\x01"),
    _garbage("newline", "a newline", lambda: b"\n", why="text tools end everything with one"),
    _garbage("text", "a line of text", lambda: b"trailing bytes\n"),
    _garbage("high-bytes", "bytes ff", lambda: b"\xff" * 64, why="empty flash memory looks so"),
    _garbage(
        "behind-zeros",
        "a byte that is not zero behind 600 zeros",
        lambda: bytes(600) + b"x",
        why="a reader that takes the first zero for the end of everything never sees it",
    ),
    _garbage(
        "magic-byte",
        "the first byte of gzip's magic alone",
        lambda: b"\x1f",
        why="a member was begun, and its rest is missing",
    ),
    _garbage("other-magic", "a zip local header's magic", lambda: b"PK\x03\x04" + bytes(26)),
    _garbage(
        "tar",
        "an archive that is not compressed",
        lambda: tar.archive(tar.file(b"smuggled", b"!")),
        why="two readers disagree on whether it belongs to the payload",
    ),
    _garbage(
        "chunk",
        "a chunk of text behind the last one",
        lambda: b"",
        init=lambda: subpath([*cut(_PLAIN, 500), b"an extra chunk\n"]),
        origin="catalogue K15, Z13",
    ),
)

_AGAIN: Final[Named] = {**TREE, b"again": b"again\n"}


def _member_behind_zeros() -> bytes:
    """A payload in two members with zeros between them: neither padding nor garbage."""
    again = tar.archive(tar.file(b"again", b"again\n"))
    return gzip.member(ARCHIVE[: -len(tar.END)]) + bytes(100) + gzip.member(again)


_BETWEEN: Final = (
    Case(
        id="gz-trailing-member-behind-zeros",
        title="a second member behind zeros: refused, or read; not left out in silence",
        why="files that are lost in silence are the worst of the three readings",
        origin="RFC 1952, section 2.2; CPython's gzip reads on behind zeros",
        requirements=("GZ-7a",),
        init=made(_member_behind_zeros),
        expect=fails_or(_AGAIN),
        control=TWO_MEMBERS,
    ),
)

CASES: Final = (*_ZEROS, *_GARBAGE, *_BETWEEN)
