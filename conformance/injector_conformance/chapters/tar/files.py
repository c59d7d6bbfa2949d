"""Directories and regular files: contents, sizes at edges of blocks, parents (TAR-2, TAR-5)."""

from __future__ import annotations

from typing import Final

from injector_conformance.cases.case import Case, Conditions
from injector_conformance.chapters.modes.sample import AS_POD
from injector_conformance.chapters.recipes import (
    FOLDER,
    Named,
    archived,
    completes,
    control,
    fails_or,
    whole,
)
from injector_conformance.chapters.tar.neighbours import AFTER, ONLY_AFTER
from injector_fixtures import gzip, tar
from injector_fixtures.tree import Symlink, regular

_DATA: Final = b"found\n"
_RECORD: Final = 20 * tar.BLOCK
"""Bytes that tar programs read and write at a time."""


def _pattern(size: int) -> bytes:
    """Bytes of which no block is like the next: the period, 251, is prime."""
    return (bytes(range(251)) * (size // 251 + 1))[:size]


def _sized(size: int) -> Case:
    return Case(
        id=f"tar-file-{size}-bytes",
        title=f"a file of {size:,} bytes",
        why="its last bytes are lost, or padding becomes part of it",
        origin="POSIX.1-2017 pax, ustar: data in blocks of 512 bytes",
        requirements=("TAR-2",),
        init=archived(tar.file(b"f", _pattern(size)), AFTER),
        expect=completes({b"f": _pattern(size), **ONLY_AFTER}),
    )


def _arrives(
    word: str,
    title: str,
    tree: Named,
    *members: bytes,
    origin: str = "POSIX.1-2017 pax, ustar",
    requirements: tuple[str, ...] = ("TAR-2",),
) -> Case:
    return Case(
        id=f"tar-{word}",
        title=title,
        why="the tree is not the packer's",
        origin=origin,
        requirements=requirements,
        init=archived(*members, AFTER),
        expect=completes({**tree, **ONLY_AFTER}),
    )


def _parents(word: str, title: str, tree: Named, *members: bytes) -> Case:
    return _arrives(
        f"parents-{word}", title, tree, *members, origin="catalogue U13", requirements=("TAR-5",)
    )


_DEEP: Final = b"/".join([b"d"] * 60)
_DEEP_PARENTS: Final[Named] = {b"/".join([b"d"] * depth): FOLDER for depth in range(1, 61)}

CASES: Final = (
    *map(_sized, (0, 1, 511, 512, 513, 1024)),
    *map(_sized, (_RECORD - 512, _RECORD)),
    *map(_sized, (65535, 65537)),
    _arrives(
        "file-header-at-record-edge",
        "a header in the last block of a 10,240-byte record, its data in the next one",
        {b"first": _pattern(_RECORD - 1024), b"second": _DATA},
        tar.file(b"first", _pattern(_RECORD - 1024)),
        tar.file(b"second", _DATA),
    ),
    Case(
        id="tar-file-archive-of-one-record",
        title="an archive that is exactly one 10,240-byte record long, its end included",
        why="the last file is lost with the record",
        origin="GNU tar manual, Blocking Factor",
        requirements=("TAR-2", "TAR-14"),
        init=archived(tar.file(b"f", _pattern(_RECORD - 3 * tar.BLOCK))),
        expect=completes({b"f": _pattern(_RECORD - 3 * tar.BLOCK)}),
    ),
    _arrives(
        "file-zeros", "a file of zero bytes only", {b"f": bytes(4096)}, tar.file(b"f", bytes(4096))
    ),
    _arrives(
        "file-looks-like-an-end",
        "a file of exactly two zero blocks",
        {b"f": tar.END},
        tar.file(b"f", tar.END),
    ),
    _arrives(
        "file-line-endings",
        "contents with CR, LF, NUL and Ctrl-Z",
        {b"f": b"a\r\nb\nc\rd\0e\x1a\n"},
        tar.file(b"f", b"a\r\nb\nc\rd\0e\x1a\n"),
    ),
    _arrives(
        "file-padding-not-zero",
        "padding of other bytes than zeros, headers among them",
        {b"f": _DATA},
        tar.header(b"f", size=6) + tar.padded(_DATA, fill=b"\xff"),
        origin="POSIX.1-2017 pax: contents of padding are unspecified",
    ),
    _arrives(
        "file-old-type",
        "files of the old type NUL, empty and not",
        {b"e": b"", b"f": _DATA},
        tar.file(b"e", typeflag=b"\0"),
        tar.file(b"f", _DATA, typeflag=b"\0"),
    ),
    _arrives(
        "file-contiguous",
        "contiguous files (7), empty and not",
        {b"e": b"", b"f": _DATA},
        tar.file(b"e", typeflag=b"7"),
        tar.file(b"f", _DATA, typeflag=b"7"),
    ),
    _arrives(
        "files-many",
        "300 files in one directory",
        {b"d": FOLDER, **{b"d/%03d" % number: b"%d" % number for number in range(300)}},
        tar.directory(b"d/"),
        *(tar.file(b"d/%03d" % number, b"%d" % number) for number in range(300)),
    ),
    _arrives(
        "directory-without-slash",
        "directories with and without a closing slash",
        {b"a": FOLDER, b"b": FOLDER},
        tar.directory(b"a"),
        tar.directory(b"b/"),
    ),
    _arrives(
        "directory-behind-its-file",
        "a directory that is listed after the file in it",
        {b"d": FOLDER, b"d/f": _DATA},
        tar.file(b"d/f", _DATA),
        tar.directory(b"d/"),
        requirements=("TAR-6", "TAR-2"),
    ),
    Case(
        id="tar-directory-closed",
        title="directories of modes 0000 and 0555 before what is in them, as the pod's user",
        why="the archive's mode shuts the injector out of a directory that it is still filling",
        origin="catalogue U14",
        requirements=("MODE-2",),
        init=archived(
            tar.directory(b"d/", mode=0),
            tar.file(b"d/f", _DATA, mode=0),
            tar.directory(b"d/e/", mode=0o555),
            tar.file(b"d/e/f", _DATA),
            AFTER,
        ),
        expect=completes(
            {b"d": FOLDER, b"d/f": _DATA, b"d/e": FOLDER, b"d/e/f": _DATA, **ONLY_AFTER}
        ),
        control=AS_POD,
        conditions=Conditions(user="pod"),
    ),
    Case(
        id="tar-file-with-slash",
        title="a ustar regular file whose name ends in a slash: a file, a directory, or a failure",
        why="neither of them arrives, in silence",
        origin="catalogue H06",
        requirements=("TAR-2",),
        init=archived(tar.file(b"d/"), AFTER),
        expect=fails_or({b"d": b"", **ONLY_AFTER}, {b"d": FOLDER, **ONLY_AFTER}),
        control=control({b"d": b"", **ONLY_AFTER}, tar.file(b"d"), AFTER),
    ),
    Case(
        id="tar-no-members",
        title="an archive of nothing but its end: an empty tree, or a failure",
        why="something arrives out of nothing",
        origin="SPEC.md, Left open",
        requirements=("TAR-2", "TAR-14"),
        init=whole(gzip.tgz()),
        expect=fails_or({}),
        control=control(ONLY_AFTER, AFTER),
    ),
    _parents(
        "of-a-file",
        "a file three levels deep and no directory listed",
        {b"a": FOLDER, b"a/b": FOLDER, b"a/b/c": FOLDER, b"a/b/c/f": _DATA},
        tar.file(b"a/b/c/f", _DATA),
    ),
    _parents(
        "of-a-directory",
        "a directory whose parents are not listed",
        {b"a": FOLDER, b"a/b": FOLDER, b"a/b/c": FOLDER},
        tar.directory(b"a/b/c/"),
    ),
    _parents(
        "of-links",
        "a symbolic and a hard link whose parents are not listed",
        {
            b"f": regular(_DATA, first_name=b"f"),
            b"h": FOLDER,
            b"h/f": regular(_DATA, first_name=b"f"),
            b"s": FOLDER,
            b"s/f": Symlink(b"../f"),
        },
        tar.file(b"f", _DATA),
        tar.hardlink(b"h/f", b"f"),
        tar.symlink(b"s/f", b"../f"),
    ),
    _parents(
        "partly-there",
        "the upper parent is listed, the lower ones are not",
        {b"a": FOLDER, b"a/b": FOLDER, b"a/b/f": _DATA, b"a/b/g": _DATA},
        tar.directory(b"a/"),
        tar.file(b"a/b/f", _DATA),
        tar.file(b"a/b/g", _DATA),
    ),
    _parents(
        "60-levels",
        "a file 60 levels deep",
        {**_DEEP_PARENTS, _DEEP + b"/f": _DATA},
        tar.file(b"f", _DATA, prefix=_DEEP),
    ),
)
