"""Records and long names of nothing: what the header itself says holds, or a failure (TAR-1)."""

from __future__ import annotations

from typing import Final

from injector_conformance.cases.case import Case, Control
from injector_conformance.chapters.recipes import FOLDER, Named, archived, control, fails_or
from injector_conformance.chapters.tar.neighbours import AFTER, BEFORE, BOTH
from injector_fixtures import tar
from injector_fixtures.tree import Symlink

_DATA: Final = b"12345"
_FILE: Final = tar.file(b"f", _DATA)
_OWN: Final[Named] = {b"f": _DATA}
_POSIX: Final = "POSIX.1-2017 pax, Extended Header: a value of zero length deletes"


def _emptied(
    word: str,
    title: str,
    tree: Named,
    *members: bytes,
    positive: Control,
    origin: str = _POSIX,
    others: str = "",
) -> Case:
    return Case(
        id=f"tar-emptied-{word}",
        title=f"{title}: the header's own holds, or a failure",
        why="a size of nothing cuts the file and reads its data as headers; a name of nothing"
        " loses the member, or stands for the output directory",
        origin=origin,
        requirements=("TAR-1",),
        init=archived(BEFORE, *members, AFTER),
        expect=fails_or({**BOTH, **tree}),
        control=positive,
        others=others,
    )


def _without(tree: Named, *members: bytes) -> Control:
    return control({**BOTH, **tree}, BEFORE, *members, AFTER)


_HIDDEN: Final = tar.file(b"smuggled", b"!")
_PLAIN: Final = _without(_OWN, _FILE)
_FOLDER: Final = tar.directory(b"d/")
_LINK: Final = tar.symlink(b"l", b"before")
_LINKED: Final[Named] = {b"l": Symlink(b"before")}
_GNU: Final = "GNU tar manual, Basic Tar Format"

CASES: Final = (
    _emptied(
        "size",
        "a size without a value, on a file whose data is a member",
        {b"f": _HIDDEN},
        tar.pax({b"size": b""}),
        tar.file(b"f", _HIDDEN),
        positive=_without({b"f": _HIDDEN}, tar.file(b"f", _HIDDEN)),
        others="bsdtar takes it for zero, CPython loses what follows, GNU tar fails",
    ),
    _emptied(
        "size-of-before",
        "a size of 9, then in a second header a size without a value",
        _OWN,
        tar.pax({b"size": b"9"}),
        tar.pax({b"size": b""}),
        _FILE,
        positive=_without(_OWN, tar.pax({b"size": b"5"}), _FILE),
    ),
    _emptied(
        "path-of-before",
        "a path, then in a second header a path without a value",
        _OWN,
        tar.pax({b"path": b"named"}),
        tar.pax({b"path": b""}),
        _FILE,
        positive=_without({b"named": _DATA}, tar.pax({b"path": b"named"}), _FILE),
    ),
    _emptied(
        "path-of-directory",
        "a directory's path without a value",
        {b"d": FOLDER},
        tar.pax({b"path": b""}),
        _FOLDER,
        positive=_without({b"d": FOLDER}, _FOLDER),
        others="GNU tar and CPython lose the directory",
    ),
    _emptied(
        "linkpath",
        "a link's linkpath without a value",
        _LINKED,
        tar.pax({b"linkpath": b""}),
        _LINK,
        positive=_without(_LINKED, _LINK),
    ),
    _emptied(
        "long-name",
        "a GNU long name of one NUL",
        _OWN,
        tar.gnu_longname(b""),
        _FILE,
        positive=_PLAIN,
        origin=_GNU,
    ),
    _emptied(
        "long-name-without-data",
        "a GNU long name without any data",
        _OWN,
        tar.gnu_longname(b"", end=b""),
        _FILE,
        positive=_PLAIN,
        origin=_GNU,
        others="GNU tar, bsdtar and CPython fail, Go keeps the header's name",
    ),
    _emptied(
        "long-name-of-directory",
        "a directory's GNU long name of four NULs",
        {b"d": FOLDER},
        tar.gnu_longname(b"", end=bytes(4)),
        _FOLDER,
        positive=_without({b"d": FOLDER}, _FOLDER),
        origin=_GNU,
    ),
    _emptied(
        "long-link",
        "a GNU long link text of one NUL",
        _LINKED,
        tar.gnu_longlink(b""),
        _LINK,
        positive=_without(_LINKED, _LINK),
        origin=_GNU,
    ),
)
