"""Sparse members: expanded right, or a failure; never the condensed form (TAR-11)."""

from __future__ import annotations

from typing import Final

from injector_conformance.cases.case import Case, Conditions
from injector_conformance.chapters.recipes import FAILS, FOLDER, Named, archived, control, fails_or
from injector_conformance.chapters.tar.neighbours import AFTER, BEFORE, BOTH, ONLY_AFTER
from injector_fixtures import sparse, tar
from injector_fixtures.sparse import Extents

_REAL: Final = 4096
_EXTENTS: Final = ((512, 512), (2048, 1024), (_REAL, 0))
_DATA: Final = b"a" * 512 + b"b" * 1024
_WHY: Final = "a file of the wrong length and content arrives, with status 0"


def _sparse(
    word: str,
    title: str,
    *members: bytes,
    content: bytes,
    name: bytes = b"f",
    extra: Named | None = None,
    origin: str = "GNU tar manual, Sparse Formats",
) -> Case:
    tree = {**(extra or {}), name: content, **ONLY_AFTER}
    return Case(
        id=f"tar-sparse-{word}",
        title=title,
        why=_WHY,
        origin=origin,
        requirements=("TAR-11",),
        init=archived(*members, AFTER),
        expect=fails_or(tree),
        control=control(
            tree,
            *(tar.directory(folder) for folder in extra or {}),
            tar.pax({b"path": name}),
            tar.file(b"f", content),
            AFTER,
        ),
        others="Rust tar and BusyBox write the condensed form of the pax variants",
    )


def _extents(count: int) -> tuple[tuple[tuple[int, int], ...], bytes, int]:
    """``count`` extents, all but the last of one block, their data, and the real size."""
    blocks = range(count - 1)
    extents = (*((1024 * number, 512) for number in blocks), (1024 * count, 0))
    return extents, b"".join(bytes([65 + number % 26]) * 512 for number in blocks), 1024 * count


def _in_all_forms(
    word: str, title: str, extents: Extents, data: bytes, real_size: int
) -> tuple[Case, ...]:
    content = sparse.expanded(extents, data, real_size)
    forms = {
        "gnu": (sparse.gnu(b"f", extents, data, real_size), "catalogue G06"),
        "pax-0-0": (sparse.pax_0_0(b"f", extents, data, real_size), "catalogue G09"),
        "pax-0-1": (sparse.pax_0_1(b"f", extents, data, real_size), "catalogue G10"),
        "pax-1-0": (sparse.pax_1_0(b"f", extents, data, real_size), "catalogue G11"),
    }
    return tuple(
        _sparse(f"{form}-{word}", f"{title}, as {form}", member, content=content, origin=origin)
        for form, (member, origin) in forms.items()
    )


def _huge(form: str, member: bytes) -> Case:
    return Case(
        id=f"tar-sparse-{form}-8-gib-hole",
        title=f"a hole of 8 GiB under a file-size limit of 1 MiB, as {form}",
        why="a few bytes of payload fill the node's disk, or a cut file passes for a whole one",
        origin="catalogue G16",
        requirements=("TAR-11", "TAR-12"),
        init=archived(BEFORE, member, AFTER),
        expect=FAILS,
        control=control(BOTH, BEFORE, AFTER),
        conditions=Conditions(file_size_limit=1 << 20),
    )


_EXPANDED: Final = sparse.expanded(_EXTENTS, _DATA, _REAL)
_LONG: Final = b"n" * 150
_AT_8_GIB: Final = ((8**11 - 1024, 5),)

CASES: Final = (
    *_in_all_forms("holes", "two extents between holes", _EXTENTS, _DATA, _REAL),
    *_in_all_forms("only-hole", "a file that is one hole", ((_REAL, 0),), b"", _REAL),
    *_in_all_forms("many-extents", "60 extents", *_extents(60)),
    _sparse(
        "gnu-5-extents",
        "5 extents: the first that need a block of their own",
        sparse.gnu(b"f", *_extents(5)),
        content=sparse.expanded(*_extents(5)),
    ),
    _sparse(
        "gnu-unclosed",
        "a hole at the end that no extent of zero bytes closes: the real size holds",
        sparse.gnu(b"f", _EXTENTS[:-1], _DATA, _REAL),
        content=_EXPANDED,
        origin="catalogue G06; GNU tar closes every map with such an extent",
    ),
    _sparse(
        "gnu-without-hole",
        "a sparse member without any hole",
        sparse.gnu(b"f", ((0, 512), (512, 1024)), _DATA, 1536),
        content=_DATA,
    ),
    _sparse(
        "gnu-long-name",
        "a long name before an old GNU sparse member",
        tar.gnu_longname(_LONG),
        sparse.gnu(b"f", _EXTENTS, _DATA, _REAL),
        content=_EXPANDED,
        name=_LONG,
    ),
    _sparse(
        "gnu-pax-path",
        "a pax path before an old GNU sparse member",
        tar.pax({b"path": _LONG}),
        sparse.gnu(b"f", _EXTENTS, _DATA, _REAL),
        content=_EXPANDED,
        name=_LONG,
    ),
    _sparse(
        "gnu-pax-size",
        "a pax size for the condensed data of an old GNU sparse member",
        tar.pax({b"size": b"%d" % len(_DATA)}),
        sparse.gnu(b"f", _EXTENTS, _DATA, _REAL, size=0),
        content=_EXPANDED,
        origin="catalogue G06, X01",
    ),
    _sparse(
        "gnu-smuggling",
        "an old GNU sparse member whose data is a header",
        sparse.gnu(b"f", ((512, 512),), tar.file(b"smuggled"), 1024),
        content=bytes(512) + tar.file(b"smuggled"),
        origin="catalogue G06; CVE-2025-62518",
    ),
    _sparse(
        "pax-0-1-long-name",
        "a GNU long name and a pax 0.1 sparse name for one member",
        tar.gnu_longname(b"f"),
        sparse.pax_0_1(b"f", _EXTENTS, _DATA, _REAL),
        content=_EXPANDED,
        origin="catalogue G10, X06",
    ),
    _sparse(
        "pax-1-0-in-directory",
        "a pax 1.0 sparse member in a directory: no directory GNUSparseFile.0 appears",
        tar.directory(b"d"),
        sparse.pax_1_0(b"d/f", _EXTENTS, _DATA, _REAL),
        content=_EXPANDED,
        name=b"d/f",
        extra={b"d": FOLDER},
        origin="catalogue G11",
    ),
    _sparse(
        "pax-1-0-long-map",
        "a pax 1.0 map of more than one block",
        sparse.pax_1_0(b"f", *_extents(150)),
        content=sparse.expanded(*_extents(150)),
        origin="catalogue G11",
    ),
    Case(
        id="tar-sparse-ends",
        title="the sparse records of one member do not reach the next",
        why="an ordinary file is cut apart by another's map",
        origin="catalogue G11; TAR-4 for sparse records",
        requirements=("TAR-11", "TAR-4"),
        init=archived(
            sparse.pax_1_0(b"f", _EXTENTS, _DATA, _REAL), tar.file(b"plain", b"1\n0\n"), AFTER
        ),
        expect=fails_or({b"f": _EXPANDED, b"plain": b"1\n0\n", **ONLY_AFTER}),
        control=control({b"plain": b"1\n0\n", **ONLY_AFTER}, tar.file(b"plain", b"1\n0\n"), AFTER),
    ),
    Case(
        id="tar-sparse-name-leads-out",
        title="a sparse member whose real name has .. in it: left out, or a failure",
        why="the name that is checked is not the name that is used",
        origin="catalogue G12",
        requirements=("TAR-11",),
        init=archived(sparse.pax_1_0(b"../escaped", _EXTENTS, _DATA, _REAL), AFTER),
        expect=fails_or(ONLY_AFTER),
        control=control(ONLY_AFTER, AFTER),
    ),
    _huge("gnu", sparse.gnu(b"f", _AT_8_GIB, b"found", 8**11 - 1)),
    _huge("pax-1-0", sparse.pax_1_0(b"f", _AT_8_GIB, b"found", 8**11 - 1)),
)
