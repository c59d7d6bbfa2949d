"""An entry over a link of the same name replaces the link, or fails; it is never used (BOX-5)."""

from __future__ import annotations

from typing import Final

from injector_conformance.cases.case import Case
from injector_conformance.chapters.confinement.attack import DATA, ONLY_AFTER, attack, file
from injector_conformance.chapters.recipes import FOLDER, Named, fails_or
from injector_fixtures import tar
from injector_fixtures.tree import Symlink, regular

_WRITES: Final = "open() follows the link: the file outside is written"
_MOVES: Final = (
    "mkdir() says that it exists, and chmod() follows the link: the mode outside changes"
)


def _over(
    word: str,
    title: str,
    *members: bytes,
    leaves: Named,
    why: str,
    origin: str,
    requirements: tuple[str, ...] = ("BOX-5", "TAR-6"),
    others: str = "",
) -> Case:
    return attack(
        f"box-over-{word}",
        title,
        *members,
        why=why,
        origin=origin,
        requirements=requirements,
        harmless=(file(b"x"),),
        becomes={b"x": DATA},
        expect=fails_or({**leaves, **ONLY_AFTER}),
        others=others,
    )


_FILE: Final[Named] = {b"x": DATA}
_DIRECTORY: Final[Named] = {b"x": FOLDER}
_CVE: Final = "CVE-2026-33056"
_RUST: Final = "Rust tar before 0.4.45 changes the mode outside"

CASES: Final = (
    _over(
        "link-to-file",
        "a link to ../canary/file, then a file of the link's name",
        *(tar.symlink(b"x", b"../canary/file"), file(b"x")),
        leaves=_FILE,
        why=_WRITES,
        origin="RUSTSEC-2018-0002; catalogue L01",
        others="GNU tar loses the data; Rust tar, bsdtar and Go replace the link",
    ),
    _over(
        "absolute-link-to-file",
        "a link to /canary/file, then a file of the link's name",
        *(tar.symlink(b"x", b"/canary/file"), file(b"x")),
        leaves=_FILE,
        why=_WRITES,
        origin="RUSTSEC-2018-0002; catalogue U16",
    ),
    _over(
        "link-to-nothing",
        "a link to ../escaped, a name that is free, then a file of the link's name",
        *(tar.symlink(b"x", b"../escaped"), file(b"x")),
        leaves=_FILE,
        why="open() with O_CREAT makes the file that the link leads to, outside",
        origin="RUSTSEC-2018-0002",
    ),
    _over(
        "link-to-directory",
        "a link to ../canary/directory, then a file of the link's name",
        *(tar.symlink(b"x", b"../canary/directory"), file(b"x")),
        leaves=_FILE,
        why="to make place for the file, the directory outside is emptied",
        origin="RUSTSEC-2018-0002",
    ),
    _over(
        "hardlink-to-link",
        "a link to ../canary/file, a hard link to it, then a file of the hard link's name",
        *(tar.symlink(b"far", b"../canary/file"), tar.hardlink(b"x", b"far"), file(b"x")),
        leaves={b"far": Symlink(b"../canary/file"), **_FILE},
        why="the hard link is the link under another name, and was never recorded as one",
        origin="RUSTSEC-2018-0002; catalogue U17",
        others="CPython writes through names that exist",
    ),
    _over(
        "directory-over-link-to-directory",
        "a link to ../canary/directory, then a directory of the link's name",
        *(tar.symlink(b"x", b"../canary/directory"), tar.directory(b"x/")),
        leaves=_DIRECTORY,
        why=_MOVES,
        origin=f"{_CVE}; catalogue C01",
        others=_RUST,
    ),
    _over(
        "directory-over-link-to-file",
        "a link to ../canary/file, then a directory of the link's name",
        *(tar.symlink(b"x", b"../canary/file"), tar.directory(b"x/")),
        leaves=_DIRECTORY,
        why=_MOVES,
        origin=f"{_CVE}; catalogue C02",
        others=_RUST,
    ),
    _over(
        "directory-over-absolute-link",
        "a link to /canary/directory, then a directory of the link's name, no slash behind it",
        *(tar.symlink(b"x", b"/canary/directory"), tar.directory(b"x")),
        leaves=_DIRECTORY,
        why=_MOVES,
        origin=f"{_CVE}; catalogue C03",
        others=_RUST,
    ),
    _over(
        "link-over-directory",
        "a directory, then a link to ../canary/directory of the same name",
        *(tar.directory(b"x/", mtime=1), tar.symlink(b"x", b"../canary/directory")),
        leaves={b"x": Symlink(b"../canary/directory")},
        why="modes and times of directories are set at the end, by name: through the link",
        origin=f"{_CVE}; catalogue C04",
        others=_RUST,
    ),
    _over(
        "link-between-directories",
        "a directory, a link to ../canary/directory, and the directory again",
        *(tar.directory(b"x/"), tar.symlink(b"x", b"../canary/directory")),
        tar.directory(b"x/", mtime=1),
        leaves=_DIRECTORY,
        why="the name is remembered as a directory of the archive and not looked at again",
        origin=_CVE,
        others=_RUST,
    ),
    _over(
        "directory-over-link-to-nothing",
        "a link to ../escaped, a name that is free, then a directory of the link's name",
        *(tar.symlink(b"x", b"../escaped"), tar.directory(b"x/"), file(b"x/f")),
        leaves={**_DIRECTORY, b"x/f": DATA},
        why="a reader that makes what the link leads to makes it outside",
        origin=_CVE,
    ),
    _over(
        "link-over-file",
        "a file, then a link to ../canary/file of the same name",
        *(tar.file(b"x", DATA, mode=0o600, mtime=1), tar.symlink(b"x", b"../canary/file")),
        leaves={b"x": Symlink(b"../canary/file")},
        why="modes and times are set at the end, by name: outside, through the link",
        origin="catalogue S01",
    ),
    _over(
        "link-over-link",
        "a link to ../canary/link, then another link of the same name",
        *(tar.symlink(b"x", b"../canary/link"), tar.symlink(b"x", b"after")),
        leaves={b"x": Symlink(b"after")},
        why="what the link leads to is replaced instead of the link itself",
        origin="catalogue L16",
    ),
    _over(
        "link-over-link-to-directory",
        "a link to ../canary, then another link of the same name",
        *(tar.symlink(b"x", b"../canary"), tar.symlink(b"x", b"after")),
        leaves={b"x": Symlink(b"after")},
        why="as ln -sf does without -n, the second link is made inside the directory outside",
        origin="ln(1), --no-dereference",
    ),
    _over(
        "hardlink-over-link",
        "a link to ../canary/file, then a hard link of the same name to a file",
        *(file(b"f"), tar.symlink(b"x", b"../canary/file"), tar.hardlink(b"x", b"f")),
        leaves={b"f": regular(DATA, first_name=b"f"), b"x": regular(DATA, first_name=b"f")},
        why="a reader that copies instead of linking writes through the link",
        origin="RUSTSEC-2018-0002",
    ),
    _over(
        "file-twice",
        "a file, a link to ../canary/file and a file, all of one name",
        *(tar.file(b"x", b"first"), tar.symlink(b"x", b"../canary/file"), file(b"x")),
        leaves=_FILE,
        why="the name is remembered as a file of the archive and not looked at again",
        origin="RUSTSEC-2018-0002",
    ),
    _over(
        "appended-slash",
        "a link to ../canary/file, then a regular file named x/",
        *(tar.symlink(b"x", b"../canary/file"), tar.file(b"x/", DATA)),
        leaves=_FILE,
        why="a slash at the end makes lstat() and unlink() follow the link",
        origin="POSIX.1-2017, Pathname Resolution; catalogue H06",
        requirements=("BOX-5",),
    ),
)
