"""Names as a whole, and not as much of them as a header holds: file or directory (TAR-2)."""

from __future__ import annotations

from typing import Final

from injector_conformance.cases.case import Case
from injector_conformance.chapters.recipes import (
    FOLDER,
    Named,
    archived,
    completes,
    control,
    fails_or,
)
from injector_conformance.chapters.tar.neighbours import AFTER, ONLY_AFTER
from injector_fixtures import tar

_DATA: Final = b"the file's own data\n"
_FOLDER: Final = b"d" * 99
_CUT: Final = _FOLDER + b"/"
"""The 100 bytes that a header holds of ``ddd…/file``: cut behind the slash."""

_WHOLE: Final = _CUT + b"file"
_TREE: Final[Named] = {_FOLDER: FOLDER, _WHOLE: _DATA, **ONLY_AFTER}
_LONG: Final = tar.gnu_longname(_WHOLE)
_PAX: Final = tar.pax({b"path": _WHOLE})
_LONG_FOLDER: Final = _FOLDER + b"dd/"
_HIDDEN: Final = tar.file(b"smuggled", b"!")
_ISSUE: Final = "CPython issue 141707: AREGTYPE before the long name is known"


def _cut(word: str, title: str, override: bytes, *, typeflag: bytes, magic: bytes) -> Case:
    return Case(
        id=f"tar-whole-name-{word}",
        title=title,
        why="a file becomes a directory, and its data is gone or read as headers",
        origin=_ISSUE,
        requirements=("TAR-2",),
        init=archived(override, tar.member(_CUT, _DATA, typeflag=typeflag, magic=magic), AFTER),
        expect=completes(_TREE),
    )


def _directory(word: str, title: str, *members: bytes) -> Case:
    return Case(
        id=f"tar-whole-name-directory-{word}",
        title=title,
        why="a directory becomes an empty file, and what belongs into it cannot be made",
        origin="Unix V7 tar: a directory is told by its slash",
        requirements=("TAR-2",),
        init=archived(*members, AFTER),
        expect=completes({_FOLDER + b"dd": FOLDER, **ONLY_AFTER}),
    )


def _with_data(word: str, title: str, member: bytes, positive: bytes) -> Case:
    """A file whose name ends in a slash, and that has data, which is a member to some."""
    tree: Named = {b"d": _HIDDEN, **ONLY_AFTER}
    return Case(
        id=f"tar-slash-with-data-{word}",
        title=f"{title}: a file with all of it, or a failure",
        why="the entry becomes a directory, and its data is gone",
        origin="catalogue H06; Unix V7 tar",
        requirements=("TAR-2",),
        init=archived(member, AFTER),
        expect=fails_or(tree),
        control=control(tree, positive, AFTER),
        others="GNU tar and bsdtar make a directory and lose the data",
    )


_OLD: Final = {"typeflag": b"\0", "magic": tar.V7}

CASES: Final = (
    _cut("gnu", "an old file whose GNU long name is cut behind a slash", _LONG, **_OLD),
    _cut(
        "gnu-magic",
        "the same with GNU's magic and type NUL",
        _LONG,
        typeflag=b"\0",
        magic=tar.GNU,
    ),
    _cut("gnu-file", "the same with type 0", _LONG, typeflag=b"0", magic=tar.GNU),
    _cut(
        "pax", "a file whose pax path is cut behind a slash", _PAX, typeflag=b"0", magic=tar.USTAR
    ),
    _cut(
        "pax-old",
        "an old file whose pax path is cut behind a slash",
        _PAX,
        typeflag=b"\0",
        magic=tar.USTAR,
    ),
    _cut(
        "pax-contiguous",
        "a contiguous file whose pax path is cut behind a slash",
        _PAX,
        typeflag=b"7",
        magic=tar.USTAR,
    ),
    _directory(
        "gnu",
        "an old directory whose GNU long name is cut before its slash",
        tar.gnu_longname(_LONG_FOLDER),
        tar.member(_LONG_FOLDER[:100], **_OLD),
    ),
    _directory(
        "pax",
        "an old directory whose pax path is cut before its slash",
        tar.pax({b"path": _LONG_FOLDER}),
        tar.member(_LONG_FOLDER[:100], **_OLD),
    ),
    _with_data(
        "old",
        "an old file named d/ with data",
        tar.member(b"d/", _HIDDEN, **_OLD),
        tar.member(b"d", _HIDDEN, **_OLD),
    ),
    _with_data(
        "ustar",
        "a regular file named d/ with data",
        tar.file(b"d/", _HIDDEN),
        tar.file(b"d", _HIDDEN),
    ),
    _with_data(
        "contiguous",
        "a contiguous file named d/ with data",
        tar.member(b"d/", _HIDDEN, typeflag=b"7"),
        tar.member(b"d", _HIDDEN, typeflag=b"7"),
    ),
    _with_data(
        "by-pax",
        "a regular file named d/ by a pax path, with a pax size",
        tar.pax({b"path": b"d/", b"size": b"1024"}) + tar.member(b"f", _HIDDEN, size=0),
        tar.pax({b"path": b"d", b"size": b"1024"}) + tar.member(b"f", _HIDDEN, size=0),
    ),
)
