"""Owners, groups and attributes belong to the pod, not to the archive (TAR-15)."""

from __future__ import annotations

from typing import Final

from injector_conformance.cases.case import Case, Conditions
from injector_conformance.chapters.recipes import FOLDER, Named, archived, completes
from injector_conformance.chapters.tar.neighbours import AFTER, ONLY_AFTER
from injector_fixtures import tar
from injector_fixtures.tar import Fields
from injector_fixtures.tree import Symlink, regular

_DATA: Final = b"mine\n"
_TREE: Final[Named] = {
    b"d": FOLDER,
    b"d/f": regular(_DATA, first_name=b"d/f"),
    b"h": regular(_DATA, first_name=b"d/f"),
    b"l": Symlink(b"d/f"),
    **ONLY_AFTER,
}


def _members(fields: Fields) -> tuple[bytes, ...]:
    return (
        tar.directory(b"d/", **fields),
        tar.file(b"d/f", _DATA, **fields),
        tar.hardlink(b"h", b"d/f", **fields),
        tar.symlink(b"l", b"d/f", **fields),
        AFTER,
    )


def _not_applied(
    word: str, title: str, *members: bytes, tree: Named = _TREE, pod: bool = False
) -> Case:
    return Case(
        id=f"tar-owner-{word}",
        title=title,
        why="the next container may not write its own files, or another user may",
        origin="PEP 706; SPEC.md TAR-15",
        requirements=("TAR-15",),
        init=archived(*members),
        expect=completes(tree),
        conditions=Conditions(user="pod") if pod else Conditions(),
    )


_NUMBERS: Final[Fields] = {"uid": 12345, "gid": 23456}
_NAMES: Final[Fields] = {"uid": 0, "gid": 0, "uname": b"nobody", "gname": b"nogroup"}

CASES: Final = (
    _not_applied("numbers", "an owner and a group by number, on every type", *_members(_NUMBERS)),
    _not_applied("names", "an owner and a group by name, on every type", *_members(_NAMES)),
    _not_applied(
        "unknown-names",
        "owners that exist nowhere",
        *_members({"uname": b"no-such-user", "gname": b"\xff\xfe"}),
    ),
    _not_applied(
        "pax",
        "an owner and a group in pax records",
        tar.pax({b"uid": b"12345", b"gid": b"23456", b"uname": b"nobody", b"gname": b"nogroup"}),
        tar.file(b"f", _DATA),
        AFTER,
        tree={b"f": _DATA, **ONLY_AFTER},
    ),
    _not_applied(
        "as-pod-user",
        "owners of the archive, extracted by a user who may not give files away",
        *_members({"uid": 0, "gid": 0, "uname": b"root", "gname": b"root"}),
        pod=True,
    ),
    _not_applied("base-256", "an owner in base 256", *_members({"uid": tar.base256(10**6, 8)})),
)
