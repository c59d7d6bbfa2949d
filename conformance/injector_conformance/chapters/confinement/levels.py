"""Trees of 255 levels, as deep as everybody has to go (BOX-9)."""

from __future__ import annotations

from typing import Final

from injector_conformance.cases.case import Case
from injector_conformance.chapters.confinement.attack import AFTER, DATA, ONLY_AFTER, file
from injector_conformance.chapters.recipes import FOLDER, Named, completes, made
from injector_fixtures import gzip, tar
from injector_fixtures.tree import Symlink, regular

_LEVELS: Final = 255
_TURNS: Final = 50


def _folders(component: bytes, levels: int = _LEVELS) -> list[bytes]:
    """The directories on the way down, the deepest one last."""
    return [b"/".join([component] * depth) for depth in range(1, levels + 1)]


_SHORT: Final = _folders(b"d")
_LONG: Final = _folders(b"fifteen-bytes--")
_OTHER: Final = _folders(b"e")


def _path(name: bytes, member: bytes) -> bytes:
    return tar.pax({b"path": name}) + member


def _deep(word: str, title: str, *members: bytes, tree: Named) -> Case:
    return Case(
        id=f"box-level-{word}",
        title=title,
        why="a bound that is to keep hostile payloads in check is felt by ordinary ones",
        origin="catalogue M15; trees of package managers",
        requirements=("BOX-9",),
        init=made(lambda: gzip.tgz(*members, AFTER)),
        expect=completes({**tree, **ONLY_AFTER}),
    )


_IN_SHORT: Final = _SHORT[-1] + b"/f"
_IN_LONG: Final = _LONG[-1] + b"/f"
_IN_OTHER: Final = _OTHER[-1] + b"/f"
_WAY: Final[Named] = dict.fromkeys(_SHORT, FOLDER)
_SHARED: Final = regular(DATA, first_name=_IN_SHORT)

CASES: Final = (
    _deep(
        "file",
        "a file below 255 directories, none of which is listed",
        _path(_IN_SHORT, file(b"f")),
        tree={**_WAY, _IN_SHORT: DATA},
    ),
    _deep(
        "file-gnu",
        "the same with a GNU long name",
        tar.gnu_longname(_IN_SHORT) + tar.file(b"f", DATA, magic=tar.GNU),
        tree={**_WAY, _IN_SHORT: DATA},
    ),
    _deep(
        "directories",
        "255 directories, each listed, and a file in the last of them",
        *(_path(one + b"/", tar.directory(b"d/")) for one in _SHORT),
        _path(_IN_SHORT, file(b"f")),
        tree={**_WAY, _IN_SHORT: DATA},
    ),
    _deep(
        "long-names",
        "a file below 255 directories with names of 15 bytes, a path of 4,081 bytes",
        _path(_IN_LONG, file(b"f")),
        tree={**dict.fromkeys(_LONG, FOLDER), _IN_LONG: DATA},
    ),
    _deep(
        "links",
        "a file, a hard link to it and a symbolic link below 255 directories",
        _path(_IN_SHORT, file(b"f")),
        tar.pax({b"path": _SHORT[-1] + b"/h", b"linkpath": _IN_SHORT}) + tar.hardlink(b"h", b"f"),
        _path(_SHORT[-1] + b"/s", tar.symlink(b"s", b"f")),
        tree={
            **_WAY,
            _IN_SHORT: _SHARED,
            _SHORT[-1] + b"/h": _SHARED,
            _SHORT[-1] + b"/s": Symlink(b"f"),
        },
    ),
    _deep(
        "by-turns",
        "a hundred files by turns in two trees of 255 levels",
        *(_path(_IN_SHORT, file(b"f")) + _path(_IN_OTHER, file(b"f")) for _ in range(_TURNS)),
        tree={**_WAY, **dict.fromkeys(_OTHER, FOLDER), _IN_SHORT: DATA, _IN_OTHER: DATA},
    ),
)
