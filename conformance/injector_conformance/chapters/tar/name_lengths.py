"""Names and link texts of every length at which a format changes its way of storing them.

A header holds 100 bytes of name and, in ustar, 155 of prefix; neither needs a closing NUL when it
is full. Longer names go into pax records or GNU long-name members (TAR-1). A component of 255
bytes is the longest that Linux knows (TAR-13).
"""

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
)
from injector_conformance.chapters.tar.neighbours import AFTER, ONLY_AFTER
from injector_fixtures import tar
from injector_fixtures.tree import Symlink

_DATA: Final = b"found\n"
_LONGEST_COMPONENT: Final = 255


def _name(length: int) -> bytes:
    """A name of one component, or of several when one cannot be so long."""
    if length <= _LONGEST_COMPONENT:
        return b"n" * length
    folders, rest = divmod(length - 1, 100)
    return (b"d" * 99 + b"/") * folders + b"n" * (rest + 1)


def _tree(name: bytes) -> Named:
    parts = name.split(b"/")
    parents: Named = {b"/".join(parts[:end]): FOLDER for end in range(1, len(parts))}
    return {**parents, name: _DATA, **ONLY_AFTER}


def _in_format(
    form: str, length: int, *members: bytes, origin: str = "", name: bytes = b""
) -> Case:
    name = name or _name(length)
    return Case(
        id=f"tar-name-{length}-bytes-{form}",
        title=f"a name of {length} bytes in {form} format",
        why="a file at the edge of a name field loses a byte of its name, or gains foreign ones",
        origin=origin or "POSIX.1-2017 pax, ustar: name and prefix; GNU tar manual",
        requirements=("TAR-1", "TAR-2"),
        init=archived(*members, AFTER),
        expect=completes(_tree(name)),
    )


def _v7(length: int) -> Case:
    return _in_format("v7", length, tar.file(_name(length), _DATA, magic=tar.V7))


def _ustar(length: int, prefix: int = 0, origin: str = "") -> Case:
    """``prefix`` bytes stand in the prefix field, the slash between the two in neither."""
    rest = length - prefix - 1 if prefix else length
    member = tar.file(b"n" * rest, _DATA, prefix=b"p" * prefix)
    name = b"p" * prefix + b"/" * bool(prefix) + b"n" * rest
    return _in_format("ustar", length, member, origin=origin, name=name)


def _origin(length: int) -> str:
    return "catalogue M11" if length == _LONGEST_COMPONENT else ""


def _gnu(length: int) -> Case:
    name = _name(length)
    stand_in = tar.file(name[:100], _DATA, magic=tar.GNU)
    return _in_format("gnu", length, tar.gnu_longname(name), stand_in, origin=_origin(length))


def _pax(length: int) -> Case:
    name = _name(length)
    members = tar.pax({b"path": name}), tar.file(name[:100], _DATA)
    return _in_format("pax", length, *members, origin=_origin(length))


def _text(length: int) -> bytes:
    """The long way to ``after``."""
    way = length - len(b"after")
    return b"./" * (way // 2) + b"/" * (way % 2) + b"after"


def _link_text(form: str, length: int, *before: bytes, linkname: bytes = b"") -> Case:
    text = _text(length)
    return Case(
        id=f"tar-link-text-{length}-bytes-{form}",
        title=f"a symbolic link with a text of {length} bytes in {form} format",
        why="the link points somewhere else",
        origin="POSIX.1-2017 pax, ustar: linkname; GNU tar manual",
        requirements=("TAR-1", "TAR-7"),
        init=archived(*before, tar.symlink(b"link", linkname or text[:100]), AFTER),
        expect=completes({b"link": Symlink(text), **ONLY_AFTER}),
    )


def _too_long(form: str, *members: bytes) -> Case:
    return Case(
        id=f"tar-component-256-bytes-{form}",
        title=f"a name of one component of 256 bytes in {form} format",
        why="a name that no Linux file system holds arrives cut, or its file is lost in silence",
        origin="catalogue M12",
        requirements=("TAR-13",),
        init=archived(*members, AFTER),
        expect=FAILS,
        control=control({b"n" * 255: _DATA, **ONLY_AFTER}, *_longest(), AFTER),
    )


def _longest() -> tuple[bytes, ...]:
    return tar.pax({b"path": b"n" * 255}), tar.file(b"n", _DATA)


CASES: Final = (
    *map(_v7, (99, 100)),
    *map(_ustar, (99, 100)),
    _ustar(101, prefix=1),
    _ustar(155, prefix=100),
    _ustar(200, prefix=154),
    _ustar(255, prefix=154),
    _ustar(256, prefix=155, origin="catalogue H08 to H10: both fields full, no NUL in either"),
    *map(_gnu, (99, 100, 101, 155, 255, 256)),
    *map(_gnu, (511, 512)),
    *map(_pax, (99, 100, 101, 155, 255, 256)),
    _link_text("ustar", 99),
    _link_text("ustar", 100),
    _link_text("gnu", 101, tar.gnu_longlink(_text(101))),
    _link_text("gnu", 511, tar.gnu_longlink(_text(511))),
    _link_text("gnu", 4095, tar.gnu_longlink(_text(4095))),
    _link_text("pax", 101, tar.pax({b"linkpath": _text(101)})),
    _link_text("pax", 4095, tar.pax({b"linkpath": _text(4095)})),
    _too_long("gnu", tar.gnu_longname(b"n" * 256), tar.file(b"n" * 100, _DATA, magic=tar.GNU)),
    _too_long("pax", tar.pax({b"path": b"n" * 256}), tar.file(b"n", _DATA)),
    Case(
        id="tar-component-256-bytes-parent",
        title="a file in a directory whose name has 256 bytes",
        why="the file arrives in a directory of another name, or is lost in silence",
        origin="catalogue M12",
        requirements=("TAR-13", "TAR-5"),
        init=archived(tar.pax({b"path": b"d" * 256 + b"/f"}), tar.file(b"f", _DATA), AFTER),
        expect=FAILS,
        control=control(
            {b"d" * 255: FOLDER, b"d" * 255 + b"/f": _DATA, **ONLY_AFTER},
            tar.pax({b"path": b"d" * 255 + b"/f"}),
            tar.file(b"f", _DATA),
            AFTER,
        ),
    ),
)
