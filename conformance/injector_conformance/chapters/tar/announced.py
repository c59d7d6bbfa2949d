"""Data announced on members that have none: any one consistent reading, or a failure (TAR-16)."""

from __future__ import annotations

from typing import Final

from injector_conformance.cases.case import Case
from injector_conformance.chapters.recipes import FOLDER, Named, archived, control, fails_or
from injector_conformance.chapters.tar.neighbours import AFTER, ONLY_AFTER
from injector_fixtures import tar
from injector_fixtures.tree import Symlink, regular

_WHY: Final = "half of the archive is read in one way and half in the other: members are lost"
_CONTENT: Final = b"shared\n"
_TARGET: Final = tar.file(b"f", _CONTENT)
_SMUGGLED: Final = tar.file(b"smuggled")
"""One block: a header to those who think that the member has no data."""

_OWN: Final = b"own data\n"


def _announced(word: str, title: str, tree: Named, member: bytes, positive: bytes) -> Case:
    """A member of a type without data that has the size of one block, which is a header."""
    here = {**tree, **ONLY_AFTER}
    return Case(
        id=f"tar-announced-{word}",
        title=title,
        why=_WHY,
        origin="catalogue X28, X29",
        requirements=("TAR-16",),
        init=archived(member, AFTER),
        expect=fails_or(here, {**here, b"smuggled": b""}),
        control=control(here, positive, AFTER),
    )


def _on_hard_link(
    word: str, title: str, *members: bytes, origin: str, trees: tuple[Named, ...]
) -> Case:
    return Case(
        id=f"tar-announced-hard-link-{word}",
        title=title,
        why=_WHY,
        origin=origin,
        requirements=("TAR-16",),
        init=archived(_TARGET, *members),
        expect=fails_or(*trees),
        control=control(_linked(_CONTENT), _TARGET, tar.hardlink(b"h", b"f"), AFTER),
    )


def _linked(content: bytes) -> Named:
    """One file of two names with this content, and the member behind them."""
    shared = regular(content, first_name=b"f")
    return {b"f": shared, b"h": shared, **ONLY_AFTER}


def _without_after(tree: Named) -> Named:
    return {name: entry for name, entry in tree.items() if name != b"after"}


_LAST: Final[Named] = {b"last": b"last\n"}

CASES: Final = (
    _announced(
        "directory",
        "a directory with a block of data that is a header",
        {b"d": FOLDER},
        tar.member(b"d/", _SMUGGLED, typeflag=b"5"),
        tar.directory(b"d/"),
    ),
    _announced(
        "symlink",
        "a symbolic link with a block of data that is a header",
        {b"l": Symlink(b"after")},
        tar.member(b"l", _SMUGGLED, typeflag=b"2", linkname=b"after"),
        tar.symlink(b"l", b"after"),
    ),
    _announced(
        "fifo",
        "a FIFO with a block of data that is a header",
        {},
        tar.member(b"pipe", _SMUGGLED, typeflag=b"6"),
        b"",
    ),
    _on_hard_link(
        "header",
        "a hard link with a block of data that is a header",
        tar.member(b"h", _SMUGGLED, typeflag=b"1", linkname=b"f"),
        AFTER,
        origin="catalogue L22, X29; libarchive issue 746",
        trees=(
            _linked(_CONTENT),
            _linked(_SMUGGLED),
            {**_linked(_CONTENT), b"smuggled": b""},
        ),
    ),
    _on_hard_link(
        "by-pax",
        "the same, announced by a pax size",
        tar.pax({b"size": b"512"}),
        tar.member(b"h", _SMUGGLED, typeflag=b"1", linkname=b"f", size=0),
        AFTER,
        origin="catalogue L22, X29, X01",
        trees=(
            _linked(_CONTENT),
            _linked(_SMUGGLED),
            {**_linked(_CONTENT), b"smuggled": b""},
        ),
    ),
    _on_hard_link(
        "same-content",
        "a hard link with the file's content once more, as pax allows",
        tar.member(b"h", _CONTENT, typeflag=b"1", linkname=b"f"),
        AFTER,
        origin="catalogue L22; POSIX.1-2017 pax, -o linkdata",
        trees=(_linked(_CONTENT),),
    ),
    _on_hard_link(
        "other-content",
        "a hard link with other content than the file's: for both names, or for none",
        tar.member(b"h", _OWN, typeflag=b"1", linkname=b"f"),
        AFTER,
        origin="catalogue L22; POSIX.1-2017 pax, -o linkdata",
        trees=(_linked(_CONTENT), _linked(_OWN)),
    ),
    _on_hard_link(
        "without-data",
        "a hard link with the size of its target, and no data behind it",
        tar.hardlink(b"h", b"f", size=len(AFTER)),
        AFTER,
        tar.file(b"last", b"last\n"),
        origin="cpio and old tar programs; libarchive issue 746",
        trees=(
            {**_linked(_CONTENT), **_LAST},
            {**_without_after(_linked(_CONTENT)), **_LAST},
            {**_without_after(_linked(AFTER)), **_LAST},
        ),
    ),
)
