"""Long-name members, and what GNU, star and v7 headers keep in place of a prefix (TAR-1)."""

from __future__ import annotations

from typing import Final

from injector_conformance.cases.case import Case
from injector_conformance.chapters.recipes import FOLDER, Named, archived, completes
from injector_conformance.chapters.tar.neighbours import AFTER, ONLY_AFTER
from injector_fixtures import tar
from injector_fixtures.tree import Symlink

_DATA: Final = b"found\n"
_TIMES: Final = tar.octal(1661990400, 12) * 2
_LONG: Final = b"n" * 150


def _read(word: str, title: str, tree: Named, *members: bytes, origin: str) -> Case:
    return Case(
        id=f"tar-{word}",
        title=title,
        why="the file arrives in a directory named after a time stamp, or not at all",
        origin=origin,
        requirements=("TAR-1",),
        init=archived(*members, AFTER),
        expect=completes({**tree, **ONLY_AFTER}),
    )


CASES: Final = (
    _read(
        "gnu-times-in-prefix",
        "a GNU header with access and change times where ustar has its prefix",
        {b"f": _DATA},
        tar.file(b"f", _DATA, magic=tar.GNU, prefix=_TIMES),
        origin="catalogue G05; GNU tar --incremental",
    ),
    _read(
        "gnu-times-and-directory",
        "such a header with a directory in its name, and such a directory",
        {b"d": FOLDER, b"d/f": _DATA},
        tar.directory(b"d/", magic=tar.GNU, prefix=_TIMES),
        tar.file(b"d/f", _DATA, magic=tar.GNU, prefix=_TIMES),
        origin="catalogue G05",
    ),
    _read(
        "gnu-times-behind-long-name",
        "a long name before such a header",
        {_LONG: _DATA},
        tar.gnu_longname(_LONG, prefix=_TIMES),
        tar.file(b"f", _DATA, magic=tar.GNU, prefix=_TIMES),
        origin="catalogue G05 with L",
    ),
    _read(
        "gnu-name-without-nul",
        "a long name without a closing NUL",
        {_LONG: _DATA},
        tar.gnu_longname(_LONG, end=b""),
        tar.file(b"f", _DATA, magic=tar.GNU),
        origin="writers that do not count the NUL",
    ),
    _read(
        "gnu-name-with-many-nuls",
        "a long name with a block of NULs in its size",
        {_LONG: _DATA},
        tar.gnu_longname(_LONG, end=bytes(512)),
        tar.file(b"f", _DATA, magic=tar.GNU),
        origin="writers that count the padding",
    ),
    _read(
        "gnu-link-without-nul",
        "a long link text without a closing NUL",
        {b"l": Symlink(_LONG)},
        tar.gnu_longlink(_LONG, end=b""),
        tar.symlink(b"l", b"x", magic=tar.GNU),
        origin="writers that do not count the NUL",
    ),
    _read(
        "gnu-name-in-ustar",
        "long names in ustar headers, the members' own prefix unused",
        {_LONG: _DATA},
        tar.gnu_longname(_LONG, magic=tar.USTAR),
        tar.file(b"f", _DATA),
        origin="Go and Rust writers before they used GNU magic",
    ),
    _read(
        "gnu-name-in-v7",
        "long names in headers without magic",
        {_LONG: _DATA},
        tar.gnu_longname(_LONG, magic=tar.V7),
        tar.file(b"f", _DATA, magic=tar.V7),
        origin="writers that leave the magic out",
    ),
    _read(
        "gnu-name-of-directory",
        "a long name for a directory, its slash included",
        {_LONG: FOLDER, _LONG + b"/f": _DATA},
        tar.gnu_longname(_LONG + b"/"),
        tar.directory(_LONG[:100], magic=tar.GNU),
        tar.gnu_longname(_LONG + b"/f"),
        tar.file(_LONG[:100], _DATA, magic=tar.GNU),
        origin="GNU tar manual",
    ),
    _read(
        "gnu-name-short",
        "a long name of one byte",
        {b"n": _DATA},
        tar.gnu_longname(b"n"),
        tar.file(b"stand-in", _DATA, magic=tar.GNU),
        origin="GNU tar manual: nothing demands that the name be long",
    ),
    _read(
        "star-times",
        "a star header with a prefix, and times behind it",
        {b"p": FOLDER, b"p/f": _DATA},
        tar.file(b"f", _DATA, prefix=b"p".ljust(131, b"\0") + _TIMES, tail=tar.STAR_TAIL),
        origin="catalogue H11; star(5): 131 bytes of prefix, then atime and ctime",
    ),
    _read(
        "v7-rest-is-nothing",
        "a header without magic and with other texts where ustar has its fields",
        {b"f": _DATA},
        tar.file(b"f", _DATA, magic=tar.V7, uname=b"u", gname=b"g", prefix=b"prefix", tail=b"t"),
        origin="Unix V7 tar: the header ends behind linkname",
    ),
    _read(
        "v7-directory",
        "a directory of v7: a file whose name ends in a slash",
        {b"d": FOLDER, b"d/f": _DATA},
        tar.file(b"d/", magic=tar.V7, typeflag=b"\0"),
        tar.file(b"d/f", _DATA, magic=tar.V7, typeflag=b"\0"),
        origin="catalogue H05",
    ),
)
