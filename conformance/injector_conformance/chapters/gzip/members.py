"""Several members are one stream, wherever the splits fall (GZ-3)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import pairwise
from typing import Final

from injector_conformance.cases.case import Case
from injector_conformance.chapters.gzip.sample import ARCHIVE, RECORD, TREE
from injector_conformance.chapters.recipes import Named, completes, made
from injector_fixtures import gzip, tar
from injector_fixtures.deflate import Match, dynamic, fixed, stream

_LOST: Final = "a reader that stops after the first member loses files, in silence if it can"
_RFC: Final = "RFC 1952, section 2.2"
_THOUSAND: Final = 1000


def _case(
    identity: str,
    title: str,
    build: Callable[[], bytes],
    *,
    why: str = _LOST,
    origin: str = _RFC,
    named: Named = TREE,
    others: str = "",
) -> Case:
    return Case(
        id=f"gz-members-{identity}",
        title=title,
        why=why,
        origin=origin,
        requirements=("GZ-3",),
        init=made(build),
        expect=completes(named),
        others=others,
    )


def _split(*places: int) -> bytes:
    """The archive in members, cut at these places."""
    edges = (0, *places, len(ARCHIVE))
    return b"".join(gzip.member(ARCHIVE[start:stop]) for start, stop in pairwise(edges))


def _at(where: str, title: str, place: int, origin: str = _RFC, others: str = "") -> Case:
    return _case(
        f"split-{where}",
        f"two members, split {title}",
        lambda: _split(place),
        origin=origin,
        others=others,
    )


def _every_byte() -> bytes:
    return _split(*range(1, len(ARCHIVE)))


def _joined(parts: Iterable[bytes]) -> bytes:
    return b"".join(map(gzip.member, parts))


def _blocked() -> bytes:
    """As bgzip writes it: members that tell their own size, and an empty one as the end."""
    parts = [ARCHIVE[start : start + 700] for start in range(0, len(ARCHIVE), 700)]
    stream = b""
    for part in (*parts, b""):
        size = len(gzip.member(part, extra=b"BC\x02\0\0\0", level=6)) - 1
        stream += gzip.member(part, extra=b"BC\x02\0" + size.to_bytes(2, "little"), level=6)
    return stream


def _each_otherwise() -> bytes:
    """Members that differ in everything that a member may choose."""
    return (
        gzip.member(ARCHIVE[:RECORD], name=b"one", level=9)
        + gzip.member(ARCHIVE[RECORD:900], deflated=stream(fixed(ARCHIVE[RECORD:900])), text=True)
        + gzip.member(ARCHIVE[900:1500], comment=b"three", header_crc="right", mtime=1)
        + gzip.member(ARCHIVE[1500:], deflated=stream(dynamic(ARCHIVE[1500:])), extra=b"four")
    )


def _files(count: int) -> dict[bytes, bytes]:
    return {b"file-%03d" % number: b"%d\n" % number for number in range(count)}


_SIMILAR: Final = b"the same bytes in both members " * 10


def _fresh_windows() -> bytes:
    """Two members whose matches reach back to their own first bytes."""
    one, two = tar.file(b"one", _SIMILAR), tar.archive(tar.file(b"two", _SIMILAR))
    return b"".join(
        gzip.member(part, deflated=stream(dynamic(part[:543], Match(258, 31), part[801:])))
        for part in (one, two)
    )


_FLATE2_LOSES: Final = "flate2's GzDecoder completes with files lost"
_DATA: Final = RECORD

_SPLITS: Final = (
    _at("inside-name", "inside the name in a tar header", 3),
    _at("inside-header", "inside a tar header", 300),
    _at("before-data", "between a tar header and its data", _DATA),
    _at(
        "inside-data",
        "inside the data of a file",
        _DATA + 100,
        "catalogue Z14",
        "flate2 fails; GNU, BSD, BusyBox, Go and CPython read on",
    ),
    _at("inside-padding", "inside the padding behind a file", 3 * RECORD + 200),
    _at("at-record", "between two entries", 2 * RECORD, "catalogue Z34", _FLATE2_LOSES),
    _at("before-end", "before the two zero blocks", 4 * RECORD, "catalogue Z34", _FLATE2_LOSES),
    _at("inside-end", "between the two zero blocks", 5 * RECORD),
    _at("before-last-byte", "before the last byte of the archive", len(ARCHIVE) - 1),
)

_EMPTY: Final = (
    _case(
        "empty-first",
        "an empty member first",
        lambda: gzip.member() + gzip.member(ARCHIVE),
        why="a reader of one member finds an empty archive and is content",
        origin="catalogue Z16",
        others="flate2's GzDecoder completes with an empty tree",
    ),
    _case("empty-amid", "an empty member amid the archive", lambda: _split(700, 700)),
    _case("empty-last", "an empty member last", lambda: gzip.member(ARCHIVE) + gzip.member()),
    _case(
        "thousand-empty-first",
        "1,000 empty members first",
        lambda: gzip.member() * _THOUSAND + gzip.member(ARCHIVE),
        why="a decoder that calls itself for the next member runs out of stack",
        origin="catalogue Z37",
        others="flate2's GzDecoder completes with an empty tree",
    ),
    _case(
        "thousand-empty-amid",
        "1,000 empty members amid the archive",
        lambda: _split(700, *[700] * _THOUSAND),
        why="a read that yields no bytes is taken for the end",
        origin="catalogue Z37",
    ),
    _case(
        "thousand-empty-last",
        "1,000 empty members behind the archive",
        lambda: gzip.member(ARCHIVE) + gzip.member() * _THOUSAND,
        why="a decoder that calls itself for the next member runs out of stack",
        origin="catalogue Z37",
    ),
    _case(
        "empty-by-fixed-block",
        "an empty member that consists of an empty fixed block",
        lambda: gzip.member(deflated=stream(fixed())) + gzip.member(ARCHIVE),
        origin="GNU gzip: what it makes of an empty file",
    ),
)

_MANY: Final = (
    _case("single-bytes", "a member for every byte of the archive", _every_byte),
    _case(
        "each-entry",
        "300 entries, a member for each, the end in one of its own",
        lambda: _joined([*(tar.file(*one) for one in _files(300).items()), tar.END]),
        named=_files(300),
        origin="catalogue Z34",
        others=_FLATE2_LOSES,
    ),
    _case("blocked", "members that tell their own size, as bgzip writes them", _blocked),
    _case(
        "each-otherwise",
        "members of different compression and with different header fields",
        _each_otherwise,
        why="what was learnt from one member's header is applied to the next one",
    ),
    _case(
        "fresh-windows",
        "members whose matches reach back to their own beginning",
        _fresh_windows,
        why="a decoder whose window is out of step after a member copies other bytes",
        named={b"one": _SIMILAR, b"two": _SIMILAR},
    ),
)

CASES: Final = (*_SPLITS, *_EMPTY, *_MANY)
