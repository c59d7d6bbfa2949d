"""Symbolic links keep their text, hard links share contents, inside the tree (TAR-7)."""

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
from injector_fixtures.tree import Entry, Symlink, regular

_DATA: Final = b"shared\n"
_FILE: Final = tar.file(b"f", _DATA)


def _texts(word: str, title: str, origin: str, **targets: bytes) -> Case:
    """Symbolic links below ``d/``, by name."""
    links = {b"d/" + name.encode(): Symlink(target) for name, target in targets.items()}
    return Case(
        id=f"tar-symlink-{word}",
        title=title,
        why="the link leads somewhere else than the packer's, or is missing",
        origin=origin,
        requirements=("TAR-7",),
        init=archived(*(tar.symlink(name, link.target) for name, link in links.items()), AFTER),
        expect=completes({b"d": FOLDER, **links, **ONLY_AFTER}),
    )


def _shares(
    word: str, title: str, names: tuple[bytes, ...], *members: bytes, extra: Named
) -> Case:
    first = min(names)
    shared: dict[bytes, bytes | Entry] = {name: regular(_DATA, first_name=first) for name in names}
    return Case(
        id=f"tar-hard-link-{word}",
        title=title,
        why="the contents exist twice, or one of the names is missing or empty",
        origin="POSIX.1-2017 pax, ustar: typeflag 1",
        requirements=("TAR-7",),
        init=archived(*members, AFTER),
        expect=completes({**shared, **extra, **ONLY_AFTER}),
    )


def _fails(word: str, title: str, origin: str, *members: bytes) -> Case:
    return Case(
        id=f"tar-hard-link-{word}",
        title=title,
        why="a name is missing from the tree, or a copy of a directory stands in it, in silence",
        origin=origin,
        requirements=("TAR-7",),
        init=archived(*members, AFTER),
        expect=FAILS,
        control=control(_PAIR, _FILE, tar.hardlink(b"h", b"f"), AFTER),
    )


_PAIR: Final[Named] = {
    b"f": regular(_DATA, first_name=b"f"),
    b"h": regular(_DATA, first_name=b"f"),
    **ONLY_AFTER,
}

CASES: Final = (
    _texts("to-later", "a link to a member that comes later", "catalogue L17", l=b"../after"),
    _texts("dangling", "a link to nothing", "catalogue L18", l=b"nothing"),
    _texts(
        "to-itself", "a link to itself, and two in a ring", "catalogue L19", l=b"l", m=b"n", n=b"m"
    ),
    _texts(
        "up-inside",
        "links up and down again that stay inside the tree",
        "catalogue L17",
        a=b"..",
        b=b"../d/./a",
        c=b".",
        e=b"nothing/../../after",
    ),
    _texts(
        "exact-text",
        "texts that somebody might tidy up",
        "SPEC.md TAR-7: exactly the text",
        a=b"./../after",
        b=b"nothing/",
        c=b".//nothing//x",
        e=b" ",
        f=b"-rf",
        g=b"a\\b",
        h=b"\xff\n",
        i=b"*",
    ),
    Case(
        id="tar-symlink-with-mode-and-owner",
        title="a link with a mode of 000, an owner and a time",
        why="setting them on a link needs special calls, and a failed one stops the injector",
        origin="catalogue L17",
        requirements=("TAR-7", "TAR-15"),
        init=archived(tar.symlink(b"l", b"after", mode=0, uid=12345, gid=12345, mtime=1), AFTER),
        expect=completes({b"l": Symlink(b"after"), **ONLY_AFTER}),
    ),
    Case(
        id="tar-symlink-empty-text",
        title="a symbolic link with an empty text",
        why="no file system has such a link; an empty file, or nothing, takes its place",
        origin="catalogue L20",
        requirements=("TAR-7",),
        init=archived(tar.symlink(b"l", b""), AFTER),
        expect=FAILS,
        control=control(
            {b"l": Symlink(b"after"), **ONLY_AFTER}, tar.symlink(b"l", b"after"), AFTER
        ),
        others="CPython 3.11 skips it, bsdtar makes a file, BusyBox crashes",
    ),
    _shares(
        "pair",
        "a file and a hard link to it",
        (b"f", b"h"),
        _FILE,
        tar.hardlink(b"h", b"f"),
        extra={},
    ),
    _shares(
        "in-directories",
        "hard links across directories",
        (b"a/f", b"b/c/h", b"h"),
        tar.file(b"a/f", _DATA),
        tar.hardlink(b"b/c/h", b"a/f"),
        tar.hardlink(b"h", b"b/c/h"),
        extra={b"a": FOLDER, b"b": FOLDER, b"b/c": FOLDER},
    ),
    _shares(
        "spelt-otherwise",
        "a hard link whose target is spelt with ./ and //",
        (b"d/f", b"h"),
        tar.file(b"d/f", _DATA),
        tar.hardlink(b"h", b"./d//f"),
        extra={b"d": FOLDER},
    ),
    _shares(
        "many",
        "50 hard links to one file",
        (b"f", *(b"h%02d" % number for number in range(50))),
        _FILE,
        *(tar.hardlink(b"h%02d" % number, b"f") for number in range(50)),
        extra={},
    ),
    Case(
        id="tar-hard-link-to-empty-file",
        title="a hard link to an empty file",
        why="a reader takes the empty file for a missing one",
        origin="POSIX.1-2017 pax, ustar: typeflag 1",
        requirements=("TAR-7",),
        init=archived(tar.file(b"f"), tar.hardlink(b"h", b"f"), AFTER),
        expect=completes(
            {
                b"f": regular(b"", first_name=b"f"),
                b"h": regular(b"", first_name=b"f"),
                **ONLY_AFTER,
            }
        ),
    ),
    _fails(
        "to-nothing",
        "a hard link to a name that is nowhere",
        "catalogue L23",
        _FILE,
        tar.hardlink(b"h", b"g"),
    ),
    _fails(
        "to-later",
        "a hard link to a later member",
        "catalogue L25",
        tar.hardlink(b"h", b"f"),
        _FILE,
    ),
    _fails(
        "to-directory",
        "a hard link to a directory",
        "catalogue L30",
        tar.directory(b"d/"),
        tar.hardlink(b"h", b"d"),
    ),
    _fails(
        "below-file",
        "a hard link to a name below a file",
        "ENOTDIR",
        _FILE,
        tar.hardlink(b"h", b"f/g"),
    ),
    Case(
        id="tar-hard-link-to-dangling-symlink",
        title="a hard link to a dangling symbolic link: a second name of it, or a failure",
        why="a file appears that the archive does not hold",
        origin="catalogue L13, with a target inside",
        requirements=("TAR-7",),
        init=archived(tar.symlink(b"s", b"nothing"), tar.hardlink(b"h", b"s"), AFTER),
        expect=fails_or({b"s": Symlink(b"nothing"), b"h": Symlink(b"nothing"), **ONLY_AFTER}),
        control=control(_PAIR, _FILE, tar.hardlink(b"h", b"f"), AFTER),
    ),
    Case(
        id="tar-hard-link-to-symlink-inside",
        title="a hard link to a symbolic link to a file: a name of either, or a failure",
        why="the name is missing, or holds a copy",
        origin="catalogue L13, with a target inside",
        requirements=("TAR-7",),
        init=archived(_FILE, tar.symlink(b"s", b"f"), tar.hardlink(b"h", b"s"), AFTER),
        expect=fails_or(
            {b"f": _DATA, b"s": Symlink(b"f"), b"h": Symlink(b"f"), **ONLY_AFTER},
            {**_PAIR, b"s": Symlink(b"f")},
        ),
        control=control(_PAIR, _FILE, tar.hardlink(b"h", b"f"), AFTER),
    ),
)
