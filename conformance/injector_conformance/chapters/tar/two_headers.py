"""Several extended headers before one member: they add up, or the archive is refused (TAR-4).

Each case has *different* keys in them. Whoever believes the last header alone loses what the first
one said; where that was the size, what is then taken for a header is a file's data.
"""

from __future__ import annotations

from typing import Final

from injector_conformance.cases.case import Case, Control
from injector_conformance.chapters.recipes import Named, archived, control, fails_or
from injector_conformance.chapters.tar.neighbours import AFTER, ONLY_AFTER
from injector_fixtures import tar
from injector_fixtures.tree import Symlink

_DATA: Final = tar.file(b"smuggled", b"!")
"""1,024 bytes that are a member to whoever does not know how long the file before is."""

_TEXT: Final = b"found\n"
_LAST_ALONE: Final = "GNU tar and Go obey the last header alone, bsdtar refuses it"


def _adds_up(
    word: str, title: str, tree: Named, *members: bytes, positive: Control, others: str = ""
) -> Case:
    return Case(
        id=f"tar-adds-up-{word}",
        title=f"{title}: both hold, or a failure",
        why="what the first header said is lost: the member has another name or another length",
        origin="POSIX.1-2017 pax, pax Header Block; GHSA-3pv8-6f4r-ffg2",
        requirements=("TAR-4",),
        init=archived(*members, AFTER),
        expect=fails_or({**tree, **ONLY_AFTER}),
        control=positive,
        others=others,
    )


def _in_one(tree: Named, records: dict[bytes, bytes], member: bytes) -> Control:
    """The same records in a single header."""
    return control({**tree, **ONLY_AFTER}, tar.pax(records), member, AFTER)


_UNSIZED: Final = tar.member(b"f", _DATA, size=0)
_SIZE: Final = tar.pax({b"size": b"1024"})
_PATH: Final = tar.pax({b"path": b"named"})
_COMMENT: Final = tar.pax({b"comment": b"c"})
_GLOBAL: Final = tar.pax({b"comment": b"c"}, typeflag=b"g")
_STAND_IN: Final = tar.file(b"stand-in", _TEXT)

_SIZED: Final[Named] = {b"f": _DATA}
_NAMED: Final[Named] = {b"named": _TEXT}
_NAMED_AND_SIZED: Final[Named] = {b"named": _DATA}
_SIZED_IN_ONE: Final = _in_one(_SIZED, {b"size": b"1024"}, _UNSIZED)
_NAMED_IN_ONE: Final = _in_one(_NAMED, {b"path": b"named"}, _STAND_IN)
_ALL_IN_ONE: Final = _in_one(_NAMED_AND_SIZED, {b"path": b"named", b"size": b"1024"}, _UNSIZED)

CASES: Final = (
    _adds_up(
        "size-and-comment",
        "x with a size, x with a comment",
        _SIZED,
        _SIZE,
        _COMMENT,
        _UNSIZED,
        positive=_SIZED_IN_ONE,
        others=_LAST_ALONE,
    ),
    _adds_up(
        "size-over-another",
        "x with a size over a header size of one block, x with a comment",
        _SIZED,
        _SIZE,
        _COMMENT,
        tar.member(b"f", _DATA, size=512),
        positive=_SIZED_IN_ONE,
        others=_LAST_ALONE,
    ),
    _adds_up(
        "path-and-comment",
        "x with a path, x with a comment",
        _NAMED,
        _PATH,
        _COMMENT,
        _STAND_IN,
        positive=_NAMED_IN_ONE,
        others=_LAST_ALONE,
    ),
    _adds_up(
        "path-and-size",
        "x with a path, x with a size",
        _NAMED_AND_SIZED,
        _PATH,
        _SIZE,
        _UNSIZED,
        positive=_ALL_IN_ONE,
        others=_LAST_ALONE,
    ),
    _adds_up(
        "size-and-path",
        "x with a size, x with a path",
        _NAMED_AND_SIZED,
        _SIZE,
        _PATH,
        _UNSIZED,
        positive=_ALL_IN_ONE,
        others=_LAST_ALONE,
    ),
    _adds_up(
        "linkpath-and-path",
        "x with a linkpath, x with a path, link",
        {b"named": Symlink(b"after")},
        tar.pax({b"linkpath": b"after"}),
        _PATH,
        tar.symlink(b"stand-in", b"nothing"),
        positive=_in_one(
            {b"named": Symlink(b"after")},
            {b"linkpath": b"after", b"path": b"named"},
            tar.symlink(b"stand-in", b"nothing"),
        ),
    ),
    _adds_up(
        "around-long-name",
        "x with a size, L, x with a comment",
        {b"long": _DATA},
        _SIZE,
        tar.gnu_longname(b"long"),
        _COMMENT,
        _UNSIZED,
        positive=_in_one({b"long": _DATA}, {b"path": b"long", b"size": b"1024"}, _UNSIZED),
    ),
    _adds_up(
        "around-long-link",
        "x with a size, K, x with a path",
        _NAMED_AND_SIZED,
        _SIZE,
        tar.gnu_longlink(b"unused"),
        _PATH,
        _UNSIZED,
        positive=_ALL_IN_ONE,
    ),
    _adds_up(
        "around-global",
        "x with a size, g, x with a path",
        _NAMED_AND_SIZED,
        _SIZE,
        _GLOBAL,
        _PATH,
        _UNSIZED,
        positive=_ALL_IN_ONE,
    ),
    _adds_up(
        "three",
        "x with a size, x with a comment, x with a path",
        _NAMED_AND_SIZED,
        _SIZE,
        _COMMENT,
        _PATH,
        _UNSIZED,
        positive=_ALL_IN_ONE,
    ),
)
