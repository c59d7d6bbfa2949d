"""Several entries of one name: the last one wins and is never written through (TAR-6)."""

from __future__ import annotations

from typing import Final

from injector_conformance.cases.case import Case, Expectation
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
from injector_fixtures.tree import Symlink, regular

_OLD: Final = b"the old and longer content\n"
_NEW: Final = b"the new one\n"
_UNUSED: Final = tar.file(b"unused", _NEW)


def _wins(
    word: str, title: str, tree: Named, *members: bytes, origin: str = "catalogue U01"
) -> Case:
    return Case(
        id=f"tar-repeat-{word}",
        title=title,
        why="an earlier version stays, or another name of the old file gets the new content",
        origin=origin,
        requirements=("TAR-6",),
        init=archived(*members, AFTER),
        expect=completes({**tree, **ONLY_AFTER}),
    )


def _or_fails(
    word: str, title: str, *members: bytes, origin: str, trees: tuple[Named, ...]
) -> Case:
    expect: tuple[Expectation, ...] = fails_or(*({**tree, **ONLY_AFTER} for tree in trees))
    return Case(
        id=f"tar-repeat-{word}",
        title=title,
        why="a mixture of the two remains, which neither the packer nor anybody else meant",
        origin=origin,
        requirements=("TAR-6",),
        init=archived(*members, AFTER),
        expect=expect,
        control=control({b"unused": _NEW, **ONLY_AFTER}, _UNUSED, AFTER),
    )


def _spellings(word: str, title: str, *second: bytes) -> Case:
    return _wins(
        f"spelt-{word}",
        title,
        {b"d": FOLDER, b"d/f": _NEW},
        tar.file(b"d/f", _OLD),
        *second,
        origin="POSIX.1-2017, Pathname Resolution: two spellings, one file",
    )


CASES: Final = (
    _wins(
        "shorter-file",
        "a file over a longer one",
        {b"f": _NEW},
        tar.file(b"f", _OLD),
        tar.file(b"f", _NEW),
    ),
    _wins(
        "longer-file",
        "a file over a shorter one",
        {b"f": _OLD},
        tar.file(b"f", _NEW),
        tar.file(b"f", _OLD),
    ),
    _wins(
        "empty-file",
        "an empty file over one with content",
        {b"f": b""},
        tar.file(b"f", _OLD),
        tar.file(b"f"),
    ),
    _wins(
        "three-times",
        "three files of one name, others between them",
        {b"f": _NEW, b"g": _OLD},
        tar.file(b"f", b"1"),
        tar.file(b"g", _OLD),
        tar.file(b"f", b"2"),
        tar.file(b"f", _NEW),
    ),
    _wins(
        "file-over-link",
        "a file over a symbolic link to a file: the link goes, its target stays as it was",
        {b"l": _NEW, b"target": _OLD},
        tar.file(b"target", _OLD),
        tar.symlink(b"l", b"target"),
        tar.file(b"l", _NEW),
        origin="catalogue U05; RUSTSEC-2018-0002",
    ),
    _wins(
        "file-over-dangling-link",
        "a file over a symbolic link to nothing: nothing is made where it pointed",
        {b"l": _NEW},
        tar.symlink(b"l", b"nothing"),
        tar.file(b"l", _NEW),
        origin="catalogue U16",
    ),
    _wins(
        "file-over-own-link",
        "a file over a symbolic link to itself",
        {b"l": _NEW},
        tar.symlink(b"l", b"l"),
        tar.file(b"l", _NEW),
        origin="catalogue L19, U05",
    ),
    _wins(
        "file-over-directory-link",
        "a file over a symbolic link to a directory",
        {b"d": FOLDER, b"l": _NEW},
        tar.directory(b"d/"),
        tar.symlink(b"l", b"d"),
        tar.file(b"l", _NEW),
        origin="catalogue U05",
    ),
    _wins(
        "file-over-hard-link",
        "a file over a hard link: the other name keeps the old content",
        {b"f": _OLD, b"h": _NEW},
        tar.file(b"f", _OLD),
        tar.hardlink(b"h", b"f"),
        tar.file(b"h", _NEW),
        origin="catalogue U10, U17",
    ),
    _wins(
        "file-over-linked-file",
        "a file over one that has a hard link: the link keeps the old content",
        {b"f": _NEW, b"h": _OLD},
        tar.file(b"f", _OLD),
        tar.hardlink(b"h", b"f"),
        tar.file(b"f", _NEW),
        origin="catalogue U17",
    ),
    _wins(
        "empty-over-hard-link",
        "an empty file over a hard link: nothing is truncated through it",
        {b"f": _OLD, b"h": b""},
        tar.file(b"f", _OLD),
        tar.hardlink(b"h", b"f"),
        tar.file(b"h"),
        origin="catalogue U10",
    ),
    _wins(
        "link-over-file",
        "a symbolic link over a file",
        {b"f": Symlink(b"after")},
        tar.file(b"f", _OLD),
        tar.symlink(b"f", b"after"),
    ),
    _wins(
        "link-over-link",
        "a symbolic link over another",
        {b"l": Symlink(b"after")},
        tar.symlink(b"l", b"old"),
        tar.symlink(b"l", b"after"),
    ),
    _wins(
        "link-over-directory-link",
        "a symbolic link over one to a directory: it is not made inside that directory",
        {b"d": FOLDER, b"l": Symlink(b"after")},
        tar.directory(b"d/"),
        tar.symlink(b"l", b"d"),
        tar.symlink(b"l", b"after"),
    ),
    _wins(
        "hard-link-over-file",
        "a hard link over another file",
        {b"a": regular(_NEW, first_name=b"a"), b"b": regular(_NEW, first_name=b"a")},
        tar.file(b"a", _NEW),
        tar.file(b"b", _OLD),
        tar.hardlink(b"b", b"a"),
    ),
    _wins(
        "hard-link-over-link",
        "a hard link over a symbolic link",
        {b"a": regular(_NEW, first_name=b"a"), b"l": regular(_NEW, first_name=b"a")},
        tar.file(b"a", _NEW),
        tar.symlink(b"l", b"nothing"),
        tar.hardlink(b"l", b"a"),
    ),
    _wins(
        "hard-link-again",
        "the same hard link twice",
        {b"a": regular(_NEW, first_name=b"a"), b"b": regular(_NEW, first_name=b"a")},
        tar.file(b"a", _NEW),
        tar.hardlink(b"b", b"a"),
        tar.hardlink(b"b", b"a"),
    ),
    _wins(
        "directory",
        "a directory twice: what is in it stays",
        {b"d": FOLDER, b"d/f": _OLD, b"d/g": _NEW},
        tar.directory(b"d/"),
        tar.file(b"d/f", _OLD),
        tar.directory(b"d/", mode=0o700),
        tar.file(b"d/g", _NEW),
    ),
    _spellings("with-dot", "the second time spelt with ./", tar.file(b"./d/./f", _NEW)),
    _spellings("with-slashes", "the second time with two slashes", tar.file(b"d//f", _NEW)),
    _spellings("by-prefix", "the second time with a prefix", tar.file(b"f", _NEW, prefix=b"d")),
    _spellings(
        "by-pax-and-gnu",
        "again by a pax path, and once more by a long name",
        tar.pax({b"path": b"d/f"}),
        tar.file(b"x", b"between"),
        tar.gnu_longname(b"d/f"),
        tar.file(b"x", _NEW, magic=tar.GNU),
    ),
    _or_fails(
        "directory-over-file",
        "a directory over a file, and a file in it",
        tar.file(b"n", _OLD),
        tar.directory(b"n/"),
        tar.file(b"n/f", _NEW),
        origin="catalogue U02",
        trees=({b"n": FOLDER, b"n/f": _NEW},),
    ),
    _or_fails(
        "parent-over-file",
        "a file below a name that is a file",
        tar.file(b"n", _OLD),
        tar.file(b"n/f", _NEW),
        origin="catalogue U02 without the directory's own entry",
        trees=({b"n": FOLDER, b"n/f": _NEW},),
    ),
    _or_fails(
        "file-over-empty-directory",
        "a file over an empty directory",
        tar.directory(b"n/"),
        tar.file(b"n", _NEW),
        origin="catalogue U03",
        trees=({b"n": _NEW},),
    ),
    _or_fails(
        "file-over-full-directory",
        "a file over a directory with files in it",
        tar.file(b"n/f", _OLD),
        tar.file(b"n/d/g", _OLD),
        tar.file(b"n", _NEW),
        origin="catalogue U03",
        trees=({b"n": _NEW},),
    ),
    _or_fails(
        "hard-link-over-directory",
        "a hard link over a directory",
        tar.file(b"f", _OLD),
        tar.directory(b"n/"),
        tar.hardlink(b"n", b"f"),
        origin="catalogue U03 for links",
        trees=({b"f": regular(_OLD, first_name=b"f"), b"n": regular(_OLD, first_name=b"f")},),
    ),
    _or_fails(
        "hard-link-to-itself",
        "a hard link to its own name: the file stays, or a failure",
        tar.file(b"f", _OLD),
        tar.hardlink(b"f", b"f"),
        origin="unlink-then-create removes the only name",
        trees=({b"f": _OLD},),
    ),
    _or_fails(
        "directory-over-directory-link",
        "a directory over a link to a directory inside: replaced, the link kept, or a failure",
        tar.directory(b"d/"),
        tar.symlink(b"l", b"d"),
        tar.directory(b"l/"),
        origin="catalogue C01 with a target inside",
        trees=(
            {b"d": FOLDER, b"l": FOLDER},
            {b"d": FOLDER, b"l": Symlink(b"d")},
        ),
    ),
)
