"""One tree in every format: v7, ustar, GNU, star, pax, and a mixture of them (TAR-1, TAR-2)."""

from __future__ import annotations

from typing import Final

from injector_conformance.cases.case import Case
from injector_conformance.chapters.recipes import FOLDER, Named, archived, completes
from injector_fixtures import tar
from injector_fixtures.tree import Symlink, regular

_DATA: Final = b"the same bytes in every format\n"
_NAME: Final = b"d/e/file"

_TREE: Final[Named] = {
    b"d": FOLDER,
    b"d/e": FOLDER,
    b"d/e/empty": b"",
    b"d/e/file": regular(_DATA, first_name=b"d/e/file"),
    b"hard": regular(_DATA, first_name=b"d/e/file"),
    b"soft": Symlink(_NAME),
}


def _in_format(**fields: bytes) -> tuple[bytes, ...]:
    """The tree's members, every header with these fields."""
    return (
        tar.directory(b"d/", **fields),
        tar.directory(b"d/e/", **fields),
        tar.file(_NAME, _DATA, **fields),
        tar.file(b"d/e/empty", **fields),
        tar.hardlink(b"hard", _NAME, **fields),
        tar.symlink(b"soft", _NAME, **fields),
    )


def _in_v7() -> tuple[bytes, ...]:
    """The same from before ustar: no magic, no type for files, directories by their slash."""
    plain = {"magic": tar.V7, "typeflag": b"\0"}
    return (
        tar.file(b"d/", **plain),
        tar.file(b"d/e/", **plain),
        tar.file(_NAME, _DATA, **plain),
        tar.file(b"d/e/empty", **plain),
        tar.hardlink(b"hard", _NAME, magic=tar.V7),
        tar.symlink(b"soft", _NAME, magic=tar.V7),
    )


def _in_pax() -> tuple[bytes, ...]:
    """The same with the truth in extended headers and stand-ins in the headers themselves."""
    size = b"%d" % len(_DATA)
    return (
        tar.pax({b"path": b"d/"}) + tar.directory(b"stand-in"),
        tar.pax({b"path": b"d/e/"}) + tar.directory(b"stand-in"),
        tar.pax({b"path": _NAME, b"size": size}) + tar.file(b"stand-in", _DATA, size=0),
        tar.pax({b"path": b"d/e/empty"}) + tar.file(b"stand-in"),
        tar.pax({b"path": b"hard", b"linkpath": _NAME}) + tar.hardlink(b"stand-in", b"nothing"),
        tar.pax({b"path": b"soft", b"linkpath": _NAME}) + tar.symlink(b"stand-in", b"nothing"),
    )


def _in_long_names() -> tuple[bytes, ...]:
    """The same with GNU's long-name and long-link members before stand-ins."""
    gnu, target = {"magic": tar.GNU}, tar.gnu_longlink(_NAME)
    return (
        tar.gnu_longname(b"d/") + tar.directory(b"stand-in", **gnu),
        tar.gnu_longname(b"d/e/") + tar.directory(b"stand-in", **gnu),
        tar.gnu_longname(_NAME) + tar.file(b"stand-in", _DATA, **gnu),
        tar.gnu_longname(b"d/e/empty") + tar.file(b"stand-in", **gnu),
        tar.gnu_longname(b"hard") + target + tar.hardlink(b"stand-in", b"nothing", **gnu),
        tar.gnu_longname(b"soft") + target + tar.symlink(b"stand-in", b"nothing", **gnu),
    )


def _mixed() -> tuple[bytes, ...]:
    """The same, every member in another format than the one before it."""
    return (
        _in_v7()[0],
        _in_pax()[1],
        _in_long_names()[2],
        _in_format(tail=tar.STAR_TAIL)[3],
        _in_format(magic=tar.GNU)[4],
        _in_format()[5],
    )


def _case(form: str, title: str, origin: str, members: tuple[bytes, ...]) -> Case:
    return Case(
        id=f"tar-format-{form}",
        title=title,
        why="a payload packed by another tar program arrives incomplete or not at all",
        origin=origin,
        requirements=("TAR-1", "TAR-2"),
        init=archived(*members),
        expect=completes(_TREE),
    )


CASES: Final = (
    _case("v7", "directories, files and links in v7 format", "catalogue H04", _in_v7()),
    _case("ustar", "the tree in POSIX ustar", "POSIX.1-2017 pax, ustar", _in_format()),
    _case("gnu", "the tree with GNU magic", "GNU tar manual", _in_format(magic=tar.GNU)),
    _case("star", "the tree in star's format", "star(5)", _in_format(tail=tar.STAR_TAIL)),
    _case("pax", "names, link texts and sizes all in pax records", "POSIX.1-2017 pax", _in_pax()),
    _case(
        "long-names",
        "names and link texts all in GNU L and K members",
        "GNU tar manual",
        _in_long_names(),
    ),
    _case("mixed", "every member in another format", "tar --append over formats", _mixed()),
)
