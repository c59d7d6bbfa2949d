"""Overrides apply to the next member, through whatever stands between, and to no other (TAR-4)."""

from __future__ import annotations

from typing import Final

from injector_conformance.cases.case import Case
from injector_conformance.chapters.recipes import (
    FAILS,
    FOLDER,
    Named,
    archived,
    completes,
    control,
    fails_or,
)
from injector_conformance.chapters.tar.neighbours import AFTER, ONLY_AFTER
from injector_fixtures import tar
from injector_fixtures.tree import Symlink

_DATA: Final = b"found\n"
_SMUGGLED: Final = tar.file(b"smuggled", b"!")
_STAND_IN: Final = tar.file(b"stand-in", _DATA, magic=tar.GNU)
_LONG: Final = tar.gnu_longname(b"long")
_PATH: Final = tar.pax({b"path": b"path"})
_LINK_STAND_IN: Final = tar.symlink(b"stand-in", b"nothing", magic=tar.GNU)


def _applies(
    word: str,
    title: str,
    tree: Named,
    *members: bytes,
    origin: str = "GHSA-3pv8-6f4r-ffg2",
    others: str = "",
) -> Case:
    return Case(
        id=f"tar-override-{word}",
        title=title,
        why="a member gets another's name, text or length, or its own stand-in",
        origin=origin,
        requirements=("TAR-4",),
        init=archived(*members, AFTER),
        expect=completes({**tree, **ONLY_AFTER}),
        others=others,
    )


def _either(word: str, title: str, origin: str, names: tuple[bytes, ...], *members: bytes) -> Case:
    trees = [{name: _DATA, **ONLY_AFTER} for name in names]
    return Case(
        id=f"tar-override-{word}",
        title=title,
        why="the member is lost, or arrives under a name that nobody gave it",
        origin=origin,
        requirements=("TAR-4",),
        init=archived(*members, AFTER),
        expect=fails_or(*trees),
        control=control({b"path": _DATA, **ONLY_AFTER}, _PATH, _STAND_IN, AFTER),
    )


def _dangling(word: str, title: str, override: bytes, member: bytes, tree: Named) -> Case:
    return Case(
        id=f"tar-override-dangling-{word}",
        title=title,
        why="the member that the override was for is missing, and nobody is told",
        origin="catalogue X09",
        requirements=("TAR-9",),
        init=archived(AFTER, override),
        expect=FAILS,
        control=control({**ONLY_AFTER, **tree}, AFTER, override, member),
    )


CASES: Final = (
    _applies(
        "size-through-long-name",
        "x with a size, L, file",
        {b"long": _SMUGGLED},
        tar.pax({b"size": b"1024"}),
        _LONG,
        tar.member(b"f", _SMUGGLED, size=0),
        origin="catalogue X04; GHSA-3pv8-6f4r-ffg2",
    ),
    _applies(
        "size-before-long-link",
        "x with a size, K, L, file: the size is not that of K",
        {b"long": _SMUGGLED},
        tar.pax({b"size": b"1024"}),
        tar.gnu_longlink(b"unused"),
        _LONG,
        tar.member(b"f", _SMUGGLED, size=0),
    ),
    _applies(
        "long-name-through-pax",
        "L, x with a size, file",
        {b"long": _SMUGGLED},
        _LONG,
        tar.pax({b"size": b"1024"}),
        tar.member(b"f", _SMUGGLED, size=0),
    ),
    _applies(
        "long-name-and-link",
        "L, K, link",
        {b"long": Symlink(b"after")},
        _LONG,
        tar.gnu_longlink(b"after"),
        _LINK_STAND_IN,
        origin="GNU tar manual",
    ),
    _applies(
        "long-link-and-name",
        "K, L, link",
        {b"long": Symlink(b"after")},
        tar.gnu_longlink(b"after"),
        _LONG,
        _LINK_STAND_IN,
        origin="GNU tar manual",
    ),
    _applies(
        "path-and-long-link",
        "x with a path, K, link",
        {b"path": Symlink(b"after")},
        _PATH,
        tar.gnu_longlink(b"after"),
        _LINK_STAND_IN,
    ),
    _applies(
        "long-name-and-linkpath",
        "L, x with a linkpath, link",
        {b"long": Symlink(b"after")},
        _LONG,
        tar.pax({b"linkpath": b"after"}),
        _LINK_STAND_IN,
    ),
    _applies(
        "everything",
        "x with a linkpath, g, L, g, link",
        {b"long": Symlink(b"after")},
        tar.pax({b"linkpath": b"after"}),
        tar.pax({b"comment": b"c"}, typeflag=b"g"),
        _LONG,
        tar.pax({b"comment": b"c"}, typeflag=b"g"),
        _LINK_STAND_IN,
        origin="catalogue X33, X04",
    ),
    _applies(
        "path-ends",
        "a pax path does not reach the second member",
        {b"path": _DATA, b"stand-in": _DATA},
        _PATH,
        _STAND_IN,
        _STAND_IN,
    ),
    _applies(
        "long-name-ends",
        "a long name does not reach the second member",
        {b"long": _DATA, b"stand-in": _DATA},
        _LONG,
        _STAND_IN,
        _STAND_IN,
    ),
    _applies(
        "size-ends",
        "a pax size does not reach the second member",
        {b"f": _SMUGGLED, b"stand-in": _DATA},
        tar.pax({b"size": b"1024"}),
        tar.member(b"f", _SMUGGLED, size=0),
        _STAND_IN,
    ),
    _applies(
        "linkpath-ends",
        "a pax linkpath on a file does not reach the link behind it",
        {b"f": _DATA, b"l": Symlink(b"f")},
        tar.pax({b"linkpath": b"other"}),
        tar.file(b"f", _DATA),
        tar.symlink(b"l", b"f"),
    ),
    _applies(
        "long-link-ends",
        "a long link text on a file does not reach the link behind it",
        {b"f": _DATA, b"l": Symlink(b"f")},
        tar.gnu_longlink(b"other"),
        tar.file(b"f", _DATA),
        tar.symlink(b"l", b"f"),
    ),
    _applies(
        "long-link-unlike-name",
        "K alone: the member keeps its own name",
        {b"l": Symlink(b"after")},
        tar.gnu_longlink(b"after"),
        tar.symlink(b"l", b"nothing", magic=tar.GNU),
        origin="GNU tar manual",
    ),
    _applies(
        "ends-at-directory",
        "a path and a size of 0 on a directory do not reach its file",
        {b"path": FOLDER, b"stand-in": _DATA},
        tar.pax({b"path": b"path", b"size": b"0"}),
        tar.directory(b"d/"),
        _STAND_IN,
    ),
    Case(
        id="tar-override-ends-at-passed-over",
        title="an override of a volume label ends there: passed over, a file, or a failure",
        why="the member behind the label gets a name that was another's",
        origin="GHSA-3pv8-6f4r-ffg2",
        requirements=("TAR-4",),
        init=archived(_PATH, tar.member(b"label", typeflag=b"V"), _STAND_IN, AFTER),
        expect=fails_or(
            {b"stand-in": _DATA, **ONLY_AFTER},
            {b"stand-in": _DATA, b"path": b"", **ONLY_AFTER},
        ),
        control=control({b"stand-in": _DATA, **ONLY_AFTER}, _STAND_IN, AFTER),
        others="bsdtar applies it to the member behind the label",
    ),
    _applies(
        "without-prefix",
        "an override replaces the whole name, the header's prefix included",
        {b"path": _DATA, b"long": _DATA},
        _PATH,
        tar.file(b"f", _DATA, prefix=b"prefix"),
        _LONG,
        tar.file(b"f", _DATA, prefix=b"prefix"),
        origin="POSIX.1-2017 pax: path overrides name and prefix",
    ),
    _either(
        "name-then-path",
        "L, x: both name the member",
        "catalogue X05",
        (b"long", b"path"),
        _LONG,
        _PATH,
        _STAND_IN,
    ),
    _either(
        "path-then-name",
        "x, L: both name the member",
        "catalogue X06",
        (b"long", b"path"),
        _PATH,
        _LONG,
        _STAND_IN,
    ),
    _either(
        "path-twice",
        "x, x: the last path, or a failure",
        "catalogue X07",
        (b"path",),
        tar.pax({b"path": b"first"}),
        _PATH,
        _STAND_IN,
    ),
    _either(
        "name-twice",
        "L, L: the last long name, or a failure",
        "catalogue X08",
        (b"long",),
        tar.gnu_longname(b"first"),
        _LONG,
        _STAND_IN,
    ),
    _either(
        "key-twice",
        "one header with two paths: the last, or a failure",
        "catalogue X13",
        (b"path",),
        tar.pax([(b"path", b"first"), (b"path", b"path")]),
        _STAND_IN,
    ),
    _dangling("path", "x and then the end", _PATH, _STAND_IN, {b"path": _DATA}),
    _dangling("name", "L and then the end", _LONG, _STAND_IN, {b"long": _DATA}),
    _dangling(
        "link",
        "K and then the end",
        tar.gnu_longlink(b"after"),
        _LINK_STAND_IN,
        {b"stand-in": Symlink(b"after")},
    ),
)
