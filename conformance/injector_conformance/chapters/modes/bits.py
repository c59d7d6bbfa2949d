"""Every file and directory of the payload ends as 0755, whatever the archive says (MODE-1)."""

from __future__ import annotations

from typing import Final

from injector_conformance.cases.case import Case
from injector_conformance.chapters.recipes import FOLDER, Named, archived, completes
from injector_fixtures import tar
from injector_fixtures.tree import regular

DATA: Final = b"data\n"

_NOT_RUN: Final = "the program cannot be run, and whoever starts it is told: permission denied"
_RIGHTS: Final = "bits that nobody asked for give rights to whoever runs or replaces the file"


def _modes(
    word: str,
    title: str,
    *members: bytes,
    tree: Named,
    why: str = _NOT_RUN,
    origin: str = "Zarf v0.22.0; the founding note",
    others: str = "",
    about: str = "TAR-2",
) -> Case:
    return Case(
        id=f"mode-{word}",
        title=title,
        why=why,
        origin=origin,
        requirements=("MODE-1", about),
        init=archived(*members),
        expect=completes(tree),
        others=others,
    )


CASES: Final = (
    _modes(
        "not-executable",
        "files of modes 0644, 0600 and 0444, as Windows and careful people write them",
        tar.file(b"a", DATA, mode=0o644),
        tar.file(b"b", DATA, mode=0o600),
        tar.file(b"c", DATA, mode=0o444),
        tree={b"a": DATA, b"b": DATA, b"c": DATA},
    ),
    _modes(
        "none",
        "a file and a directory of mode 000",
        *(tar.file(b"f", DATA, mode=0), tar.directory(b"d/", mode=0)),
        tree={b"f": DATA, b"d": FOLDER},
    ),
    _modes(
        "all",
        "a file and a directory of mode 0777",
        *(tar.file(b"f", DATA, mode=0o777), tar.directory(b"d/", mode=0o777)),
        tree={b"f": DATA, b"d": FOLDER},
        why="anybody in the container can replace the program before it is run",
    ),
    _modes(
        "every-bit",
        "twelve files, each with one of the twelve mode bits, and as many directories",
        *(tar.file(b"f%d" % bit, DATA, mode=1 << bit) for bit in range(12)),
        *(tar.directory(b"d%d/" % bit, mode=1 << bit) for bit in range(12)),
        tree={
            **{b"f%d" % bit: DATA for bit in range(12)},
            **{b"d%d" % bit: FOLDER for bit in range(12)},
        },
        why="a mode that is added to or masked keeps a bit of what the archive says",
    ),
    _modes(
        "set-id",
        "a file and a directory of mode 6755",
        *(tar.file(b"f", DATA, mode=0o6755), tar.directory(b"d/", mode=0o6755)),
        tree={b"f": DATA, b"d": FOLDER},
        why=_RIGHTS,
        origin="catalogue C09",
        others="GNU tar, bsdtar and BusyBox keep the bits",
    ),
    _modes(
        "set-id-then-children",
        "a directory of mode 2755, then a directory and a file in it",
        *(tar.directory(b"d/", mode=0o2755), tar.directory(b"d/e/"), tar.file(b"d/f", DATA)),
        tree={b"d": FOLDER, b"d/e": FOLDER, b"d/f": DATA},
        why="directories inherit the set-group-ID bit of the one they are made in",
        origin="catalogue S10; mkdir(2)",
    ),
    _modes(
        "sticky-and-beyond",
        "a file and a directory whose mode field holds 177777: the type bits of stat(2) too",
        *(tar.file(b"f", DATA, mode=0o177777), tar.directory(b"d/", mode=0o177777)),
        tree={b"f": DATA, b"d": FOLDER},
        why=_RIGHTS,
        origin="catalogue C10",
    ),
    _modes(
        "field-of-another-kind",
        "a mode in base 256, one that begins with spaces, and one that is empty",
        tar.file(b"a", DATA, mode=tar.base256(0o640, 8)),
        tar.file(b"b", DATA, mode=b"   644 \0"),
        tar.file(b"c", DATA, mode=b""),
        tree={b"a": DATA, b"b": DATA, b"c": DATA},
        why="the mode is read although it does not matter, and the archive refused",
        origin="GNU tar manual, Extensions; catalogue N10",
    ),
    _modes(
        "made-parents",
        "a file a/b/c/f whose directories the archive does not list",
        tar.file(b"a/b/c/f", DATA, mode=0o600),
        tree={b"a": FOLDER, b"a/b": FOLDER, b"a/b/c": FOLDER, b"a/b/c/f": DATA},
        why="only what has an entry of its own gets its mode",
        origin="catalogue U13",
    ),
    _modes(
        "directory-behind-its-files",
        "a file d/f, then the directory d of mode 0700",
        *(tar.file(b"d/f", DATA), tar.directory(b"d/", mode=0o700)),
        tree={b"d": FOLDER, b"d/f": DATA},
        why="a directory that exists already gets the archive's mode last",
        origin="GNU tar, --delay-directory-restore",
    ),
    _modes(
        "directory-twice",
        "a directory with modes 0777 and 0500, a file between them",
        *(tar.directory(b"d/", mode=0o777), tar.file(b"d/f", DATA)),
        tar.directory(b"d/", mode=0o500),
        tree={b"d": FOLDER, b"d/f": DATA},
        why="a directory that exists already gets the archive's mode last",
    ),
    _modes(
        "file-twice",
        "a file with modes 4755 and 0400",
        *(tar.file(b"f", b"old", mode=0o4755), tar.file(b"f", DATA, mode=0o400)),
        tree={b"f": DATA},
        why=_RIGHTS,
        origin="catalogue U01",
    ),
    _modes(
        "hardlink",
        "a file of mode 0600 and a hard link to it that says 4711",
        *(tar.file(b"f", DATA, mode=0o600), tar.hardlink(b"h", b"f", mode=0o4711)),
        tree={b"f": regular(DATA, first_name=b"f"), b"h": regular(DATA, first_name=b"f")},
        why="the mode of a hard link is its file's; the later entry sets it again",
    ),
    _modes(
        "other-types",
        "an old file, a contiguous file and a v7 directory",
        tar.file(b"old", DATA, typeflag=b"\0", mode=0o4600),
        tar.file(b"contiguous", DATA, typeflag=b"7", mode=0o4600),
        tar.file(b"v7/", typeflag=b"\0", magic=tar.V7, mode=0o1700),
        tree={b"old": DATA, b"contiguous": DATA, b"v7": FOLDER},
        why="types that are seldom seen take another way through the program",
        origin="catalogue H05",
        about="TAR-1",
    ),
    _modes(
        "empty-file",
        "an empty file of mode 0600",
        tar.file(b"f", mode=0o600),
        tree={b"f": b""},
        why="a file without data is made by another way, without the step that sets its mode",
    ),
)
