"""Vendors' types that look like extended headers: whose records they are (TAR-1, TAR-1a)."""

from __future__ import annotations

from typing import Final

from injector_conformance.cases.case import Case, Control, Expectation
from injector_conformance.chapters.recipes import Named, archived, control, fails_or
from injector_conformance.chapters.tar.neighbours import AFTER, BEFORE, BOTH
from injector_fixtures import tar

_DATA: Final = b"12345"
_FILE: Final = tar.file(b"own", _DATA)
_TREE: Final[Named] = {**BOTH, b"own": _DATA}
_PLAIN: Final = control(_TREE, BEFORE, _FILE, AFTER)
_RENAMING: Final = tar.records({b"path": b"renamed"})
_SIZING: Final = tar.records({b"size": b"1024"})
_HIDDEN: Final = tar.padded(_DATA) + tar.file(b"second", b"2")
"""The data of a file of five bytes, and a member behind it, which a larger size would swallow."""


def _unapplied(
    word: str,
    title: str,
    *members: bytes,
    tree: Named = _TREE,
    vendor: Named,
    positive: Control = _PLAIN,
    requirement: str = "TAR-1",
    origin: str = "POSIX.1-2017 pax, ustar: A to Z are for vendors",
    others: str = "",
) -> Case:
    """A vendor's members before an ordinary one, which stays what it is.

    ``vendor`` is the tree of whoever makes files of them, which TAR-1 allows.
    """
    expect: tuple[Expectation, ...] = fails_or(tree, {**tree, **vendor})
    return Case(
        id=f"tar-applied-{word}",
        title=title,
        why="who takes the data for records gives the next member another name or length",
        origin=origin,
        requirements=(requirement,),
        init=archived(BEFORE, *members, AFTER),
        expect=expect,
        control=positive,
        others=others,
    )


_LETTERS: Final = b"ABCEFGHJOPQRTUWYZ"
_NAMES: Final = tuple(b"own-%c" % letter for letter in _LETTERS)
_OWN: Final[Named] = {**BOTH, **dict.fromkeys(_NAMES, _DATA)}

CASES: Final = (
    *(
        _unapplied(
            f"path-{bytes([letter]).decode().lower()}",
            f"a member of type {bytes([letter]).decode()} with a path record as its data",
            tar.member(b"vendor", _RENAMING, typeflag=bytes([letter])),
            _FILE,
            vendor={b"vendor": _RENAMING},
        )
        for letter in b"AEZ"
    ),
    _unapplied(
        "path-any",
        "members of all types that nobody is known to use, each with a path record as its data",
        *(
            tar.member(b"vendor", _RENAMING, typeflag=bytes([letter]))
            + tar.file(b"own-%c" % letter, _DATA)
            for letter in _LETTERS
        ),
        tree=_OWN,
        vendor={b"vendor": _RENAMING},
        positive=control(_OWN, BEFORE, *(tar.file(name, _DATA) for name in _NAMES), AFTER),
    ),
    _unapplied(
        "size",
        "a member of type Z with a size record as its data",
        tar.member(b"vendor", _SIZING, typeflag=b"Z"),
        tar.header(b"own", size=len(_DATA)),
        _HIDDEN,
        tree={**_TREE, b"second": b"2"},
        vendor={b"vendor": _SIZING},
        positive=control(
            {**_TREE, b"second": b"2"}, BEFORE, tar.header(b"own", size=len(_DATA)), _HIDDEN, AFTER
        ),
    ),
    _unapplied(
        "solaris-path",
        "a Solaris extended header (X) with a path: not applied, or a failure",
        tar.member(b"vendor", _RENAMING, typeflag=b"X"),
        _FILE,
        vendor={b"vendor": _RENAMING},
        requirement="TAR-1a",
        origin="star(5), Solaris; pax of Solaris before POSIX.1-2001",
        others="GNU tar, bsdtar and CPython apply it",
    ),
    Case(
        id="tar-applied-solaris-nothing-lost",
        title="a Solaris extended header (X) with a path: applied, not applied, or a failure",
        why="the member behind it is lost, or the one after that is renamed too",
        origin="star(5), Solaris; pax of Solaris before POSIX.1-2001",
        requirements=("TAR-1",),
        init=archived(BEFORE, tar.member(b"vendor", _RENAMING, typeflag=b"X"), _FILE, AFTER),
        expect=fails_or(
            _TREE,
            {**_TREE, b"vendor": _RENAMING},
            {**BOTH, b"renamed": _DATA},
        ),
        control=_PLAIN,
    ),
)
