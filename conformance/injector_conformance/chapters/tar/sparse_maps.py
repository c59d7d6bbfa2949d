"""Sparse maps that lie about offsets, lengths, their number, the real size (TAR-11, TAR-12)."""

from __future__ import annotations

from typing import Final

from injector_conformance.cases.case import Case, Expectation
from injector_conformance.chapters.recipes import FAILS, archived, control, fails_or
from injector_conformance.chapters.tar.neighbours import AFTER, ONLY_AFTER
from injector_fixtures import sparse, tar
from injector_fixtures.sparse import Extents

_DATA: Final = b"a" * 512 + b"b" * 512
_REAL: Final = 4096


def _lies(
    word: str,
    title: str,
    member: bytes,
    expect: tuple[Expectation, ...] = FAILS,
    origin: str = "CVE-2025-58183 and its kin; catalogue G17",
) -> Case:
    return Case(
        id=f"tar-sparse-map-{word}",
        title=title,
        why="memory or disk is filled, or contents move to where nobody put them",
        origin=origin,
        requirements=("TAR-11", "TAR-12"),
        init=archived(member, AFTER),
        expect=expect,
        control=control({b"f": _DATA, **ONLY_AFTER}, tar.file(b"f", _DATA), AFTER),
    )


def _map(word: str, title: str, lines: bytes, pad: bool = True) -> Case:
    """A pax 1.0 member with these lines as its map."""
    raw = tar.padded(lines) if pad else lines
    return _lies(word, title, sparse.pax_1_0(b"f", ((0, 1024),), _DATA, _REAL, sparse_map=raw))


def _disordered(word: str, title: str, extents: Extents) -> Case:
    """Extents that can be written one after the other, but should not have been."""
    content = sparse.expanded(extents, _DATA, _REAL)
    return _lies(
        word,
        title,
        sparse.gnu(b"f", extents, _DATA, _REAL),
        fails_or({b"f": content, **ONLY_AFTER}),
    )


def _endless() -> bytes:
    """An old GNU member each of whose extension blocks announces another one."""
    first = sparse.gnu(b"f", ((0, 1),) * 5, b"", 1)[: tar.BLOCK]
    return first + (bytes(504) + b"\1" + bytes(7)) * 64


def _negative() -> bytes:
    """An old GNU member whose first offset is -1."""
    offset, width = tar.FIELDS["prefix"][0] + 41, 12
    member = sparse.gnu(b"f", ((0, 512), (1024, 512)), _DATA, _REAL)
    block = member[:offset] + tar.base256(-1, width) + member[offset + width : tar.BLOCK]
    return tar.with_checksum(block) + member[tar.BLOCK :]


CASES: Final = (
    _lies(
        "beyond-real-size",
        "an extent behind the real size",
        sparse.gnu(b"f", ((0, 512), (8192, 512)), _DATA, _REAL),
    ),
    _lies(
        "longer-than-data",
        "extents of more bytes than the member has",
        sparse.gnu(b"f", ((0, 512), (1024, 2048)), _DATA, _REAL),
    ),
    _lies(
        "shorter-than-data",
        "extents of fewer bytes than the member has: expanded, or a failure",
        sparse.gnu(b"f", ((0, 512),), _DATA, _REAL),
        fails_or({b"f": sparse.expanded(((0, 512),), _DATA, _REAL), **ONLY_AFTER}),
    ),
    _lies(
        "negative-offset",
        "a negative offset in base 256",
        _negative(),
    ),
    _lies(
        "real-size-negative",
        "a negative real size in base 256",
        sparse.gnu(b"f", ((0, 1024),), _DATA, tar.base256(-1, 12)),
    ),
    _lies(
        "real-size-malformed",
        "a real size that is no number",
        sparse.gnu(b"f", ((0, 1024),), _DATA, b"not a number"),
    ),
    _lies("endless", "64 extension blocks, and each announces one more", _endless()),
    _disordered("overlapping", "extents that overlap", ((0, 512), (256, 512))),
    _disordered("backwards", "extents in descending order", ((2048, 512), (0, 512))),
    _map("bomb", "a map that claims a billion extents", b"1000000000\n0\n1024\n"),
    _map("count-huge", "a map that claims 2^64 extents", b"18446744073709551616\n0\n1024\n"),
    _map("count-negative", "a map that claims -1 extents", b"-1\n0\n1024\n"),
    _map("count-missing", "a map without its number of extents", b"\n0\n1024\n"),
    _map("no-number", "a map with a word in place of an offset", b"1\nzero\n1024\n"),
    _map("negative", "a map with a negative length", b"1\n0\n-1024\n"),
    _map("overflow", "an extent that ends behind 2^64", b"1\n18446744073709551104\n1024\n"),
    _map("unended", "a map without a newline in a whole block", b"1" * 512, pad=False),
    _lies(
        "odd-count",
        "a pax 0.1 map with an offset and no length",
        tar.pax(
            {
                b"GNU.sparse.name": b"f",
                b"GNU.sparse.size": b"4096",
                b"GNU.sparse.numblocks": b"2",
                b"GNU.sparse.map": b"0,512,1024",
            }
        )
        + tar.file(b"f", _DATA),
    ),
    _lies(
        "lengths-missing",
        "pax 0.0 with offsets and no lengths",
        tar.pax(
            [
                (b"GNU.sparse.size", b"4096"),
                (b"GNU.sparse.numblocks", b"2"),
                (b"GNU.sparse.offset", b"0"),
                (b"GNU.sparse.offset", b"1024"),
            ]
        )
        + tar.file(b"f", _DATA),
    ),
)
