"""Records that are malformed and do not count: each must be right by itself (TAR-12, TAR-13).

Whether a record counts, readers disagree on: the first or the last of two, that of a global
header, that of a member which is passed over. Whoever looks only at those that count accepts an
archive that is damaged to others.
"""

from __future__ import annotations

from typing import Final

from injector_conformance.cases.case import Case, Control
from injector_conformance.chapters.recipes import FAILS, Named, archived, control
from injector_conformance.chapters.tar.neighbours import AFTER, ONLY_AFTER
from injector_fixtures import tar
from injector_fixtures.tree import Symlink

_DATA: Final = b"12345"
_FILE: Final = tar.file(b"f", _DATA)
_LINK: Final = tar.symlink(b"f", b"after")
_VENDOR: Final = tar.member(b"v", b"vendor's own", typeflag=b"V", magic=tar.GNU)
_TREE: Final[Named] = {b"f": _DATA, **ONLY_AFTER}
_NAMED: Final[Named] = {b"n": _DATA, **ONLY_AFTER}

_SIZE: Final = "POSIX.1-2017 pax, Extended Header, size: a decimal number"
_NUL: Final = "catalogue X18; POSIX.1-2017, Filename: no NUL"


def _refused(
    word: str,
    title: str,
    *members: bytes,
    requirement: str,
    origin: str,
    positive: Control,
) -> Case:
    refuses_any = "next-header" in word or "passed-over" in word
    return Case(
        id=f"tar-uncounted-{word}",
        title=title,
        why="a damaged archive is accepted, because it was asked first whether the damage counts",
        origin=origin,
        requirements=(requirement,),
        init=archived(*members, AFTER),
        expect=FAILS,
        control=positive,
        others="bsdtar refuses the good records too" if refuses_any else "",
    )


def _size(word: str, title: str, *members: bytes, positive: Control) -> Case:
    return _refused(
        f"size-{word}", title, *members, requirement="TAR-12", origin=_SIZE, positive=positive
    )


def _nul(word: str, title: str, *members: bytes, positive: Control) -> Case:
    return _refused(
        f"nul-{word}", title, *members, requirement="TAR-13", origin=_NUL, positive=positive
    )


def _replaced(first: bytes) -> bytes:
    return tar.pax([(b"size", first), (b"size", b"5")])


def _global(key: bytes, value: bytes) -> bytes:
    return tar.pax({key: value}, typeflag=b"g")


# What may be refused is in no control: a record or a header twice, a vendor's type.
_SIZED: Final = control(_TREE, tar.pax({b"size": b"5"}), _FILE, AFTER)
_GLOBAL: Final = control(_TREE, _global(b"comment", b"5x"), _FILE, AFTER)
_PATH: Final = control(_NAMED, tar.pax({b"path": b"n"}), _FILE, AFTER)
_WITHOUT_VENDOR: Final = control(ONLY_AFTER, AFTER)

CASES: Final = (
    _size("replaced", "a size of 5x, and 5 behind it", _replaced(b"5x"), _FILE, positive=_SIZED),
    _size(
        "replaced-negative",
        "a size of -1, and 5 behind it",
        _replaced(b"-1"),
        _FILE,
        positive=_SIZED,
    ),
    _size(
        "replaced-too-large",
        "a size of 2^64, and 5 behind it",
        _replaced(b"%d" % 2**64),
        _FILE,
        positive=_SIZED,
    ),
    _size(
        "replaced-by-next-header",
        "a size of 5x, and 5 in a second extended header",
        tar.pax({b"size": b"5x"}),
        tar.pax({b"size": b"5"}),
        _FILE,
        positive=_SIZED,
    ),
    _size(
        "before-passed-over",
        "a size of 12x before a volume label",
        tar.pax({b"size": b"12x"}),
        _VENDOR,
        positive=_WITHOUT_VENDOR,
    ),
    _size(
        "global",
        "a size of 5x in a global header",
        _global(b"size", b"5x"),
        _FILE,
        positive=_GLOBAL,
    ),
    _refused(
        "length-global",
        "a record in a global header whose length is one too large",
        tar.pax(b"14 comment=c\n", typeflag=b"g"),
        _FILE,
        requirement="TAR-12",
        origin="catalogue X15 to X17; CVE-2026-32766",
        positive=control(_TREE, tar.pax(b"13 comment=c\n", typeflag=b"g"), _FILE, AFTER),
    ),
    _refused(
        "length-before-passed-over",
        "a record before a volume label whose length is one too small",
        tar.pax(b"12 comment=c\n"),
        _VENDOR,
        requirement="TAR-12",
        origin="catalogue X15 to X17; CVE-2026-32766",
        positive=_WITHOUT_VENDOR,
    ),
    _nul(
        "replaced",
        "a path with a NUL, and a good one behind it",
        tar.pax([(b"path", b"m\0hidden"), (b"path", b"n")]),
        _FILE,
        positive=_PATH,
    ),
    _nul(
        "replaced-by-next-header",
        "a path with a NUL, and a good one in a second extended header",
        tar.pax({b"path": b"m\0hidden"}),
        tar.pax({b"path": b"n"}),
        _FILE,
        positive=_PATH,
    ),
    _nul(
        "before-passed-over",
        "a path with a NUL before a volume label",
        tar.pax({b"path": b"n\0hidden"}),
        _VENDOR,
        positive=_WITHOUT_VENDOR,
    ),
    _nul(
        "linkpath-of-file",
        "a linkpath with a NUL before a file, which has no use for it",
        tar.pax({b"linkpath": b"n\0hidden"}),
        _FILE,
        positive=control(_TREE, tar.pax({b"linkpath": b"n"}), _FILE, AFTER),
    ),
    _nul(
        "at-end-of-path",
        "a path that ends in a NUL",
        tar.pax({b"path": b"n\0"}),
        _FILE,
        positive=_PATH,
    ),
    _nul(
        "alone-in-path",
        "a path of nothing but a NUL",
        tar.pax({b"path": b"\0"}),
        _FILE,
        positive=_PATH,
    ),
    _nul(
        "at-end-of-linkpath",
        "a linkpath that ends in a NUL",
        tar.pax({b"linkpath": b"after\0"}),
        _LINK,
        positive=control(
            {b"f": Symlink(b"after"), **ONLY_AFTER}, tar.pax({b"linkpath": b"after"}), _LINK, AFTER
        ),
    ),
)
