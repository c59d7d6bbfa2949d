"""Entries that name the output directory itself: it stays what and where it is (BOX-7)."""

from __future__ import annotations

from typing import Final

from injector_conformance.cases.case import Case, Completes, Expectation
from injector_conformance.chapters.confinement.attack import (
    AFTER,
    DATA,
    ONLY_AFTER,
    attack,
    file,
)
from injector_conformance.chapters.recipes import FOLDER, Named, archived, completes, fails_or
from injector_fixtures import tar
from injector_fixtures.tree import Symlink, regular

_GONE: Final = "to make place for the entry, the output directory is removed"
_LEADS: Final = "the output directory becomes a link, and all that follows is written outside"
_CLOSED: Final = (
    "the output directory gets the entry's mode; whoever is not root can neither go on writing"
    " nor use what has been written"
)


def _entry(
    word: str,
    title: str,
    entry: bytes,
    harmless: bytes,
    *,
    becomes: Named,
    why: str = _GONE,
    origin: str,
    requirements: tuple[str, ...] = ("BOX-7",),
    others: str = "Rust tar skips it in silence; GNU tar and bsdtar with a warning",
) -> Case:
    """Fails, or leaves the entry out."""
    return attack(
        f"box-output-{word}",
        title,
        entry,
        why=why,
        origin=origin,
        requirements=requirements,
        harmless=(harmless,),
        becomes=becomes,
        expect=fails_or(ONLY_AFTER),
        others=others,
    )


def _directory(word: str, title: str, name: bytes, origin: str, mode: int = 0) -> Case:
    """Completes: most archives begin with such an entry."""
    expect: tuple[Expectation, ...] = completes(ONLY_AFTER)
    return Case(
        id=f"box-output-{word}",
        title=title,
        why=_CLOSED,
        origin=origin,
        requirements=("BOX-7", "TAR-2"),
        init=archived(tar.directory(name, mode=mode), AFTER),
        expect=expect,
        others="GNU tar, bsdtar and BusyBox give the output directory the entry's mode",
    )


_FILE: Final[Named] = {b"named": DATA}
_LINK: Final[Named] = {b"named": Symlink(b"after")}

_NAMED_FILE: Final = file(b"named")
_NAMED_LINK: Final = tar.symlink(b"named", b"after")

CASES: Final = (
    _entry(
        "empty-file",
        "a file without a name",
        *(file(b""), _NAMED_FILE),
        becomes=_FILE,
        origin="catalogue M01",
    ),
    _entry(
        "dot-file",
        "a file named .",
        *(file(b"."), _NAMED_FILE),
        becomes=_FILE,
        origin="catalogue M02",
    ),
    _entry(
        "dot-slash-file",
        "a file named ./",
        *(file(b"./"), _NAMED_FILE),
        becomes=_FILE,
        origin="catalogue M03",
    ),
    _entry(
        "slash-file",
        "a file named /",
        *(file(b"/"), _NAMED_FILE),
        becomes=_FILE,
        origin="catalogue M04",
        requirements=("BOX-7", "BOX-4"),
    ),
    _entry(
        "empty-link",
        "a symbolic link without a name",
        *(tar.symlink(b"", b"after"), _NAMED_LINK),
        becomes=_LINK,
        origin="catalogue L21",
    ),
    _entry(
        "dot-link",
        "a symbolic link named . to /canary",
        *(tar.symlink(b".", b"/canary"), _NAMED_LINK),
        becomes=_LINK,
        why=_LEADS,
        origin="catalogue L21, M02",
    ),
    _entry(
        "slash-link",
        "a symbolic link named // to /canary",
        *(tar.symlink(b"//", b"/canary"), _NAMED_LINK),
        becomes=_LINK,
        why=_LEADS,
        origin="catalogue M04",
        requirements=("BOX-7", "BOX-4"),
    ),
    attack(
        "box-output-dot-hardlink",
        "a hard link named ./. to a file of the archive",
        *(file(b"f"), tar.hardlink(b"./.", b"f")),
        why=_GONE,
        origin="catalogue M03",
        requirements=("BOX-7",),
        harmless=(file(b"f"), tar.hardlink(b"h", b"f")),
        becomes={
            b"f": regular(DATA, first_name=b"f"),
            b"h": regular(DATA, first_name=b"f"),
        },
        expect=fails_or({b"f": DATA, **ONLY_AFTER}),
    ),
    attack(
        "box-output-dot-fifo",
        "a FIFO named .",
        tar.fifo(b"."),
        why=_GONE,
        origin="catalogue M02, V03",
        requirements=("BOX-7", "TAR-10"),
        harmless=(file(b"f"),),
        becomes={b"f": DATA},
        expect=fails_or(ONLY_AFTER),
    ),
    attack(
        "box-output-target",
        "a hard link whose target is ., the output directory",
        tar.hardlink(b"h", b"."),
        why="directories have no hard links; a reader that copies instead never comes to an end",
        origin="catalogue L30",
        requirements=("BOX-7", "TAR-7"),
        harmless=(file(b"f"), tar.hardlink(b"h", b"f")),
        becomes={
            b"f": regular(DATA, first_name=b"f"),
            b"h": regular(DATA, first_name=b"f"),
        },
    ),
    attack(
        "box-output-empty-target",
        "a hard link with an empty target",
        tar.hardlink(b"h", b""),
        why="an empty path joined with the output directory's is the output directory",
        origin="POSIX.1-2017, Pathname Resolution",
        requirements=("BOX-7", "TAR-7"),
        harmless=(file(b"f"), tar.hardlink(b"h", b"f")),
        becomes={
            b"f": regular(DATA, first_name=b"f"),
            b"h": regular(DATA, first_name=b"f"),
        },
    ),
    _directory("dot-directory", "a directory . of mode 000", b".", "catalogue C05"),
    _directory("dot-slash-directory", "a directory ./ of mode 000", b"./", "catalogue C06"),
    _directory("dot-sticky", "a directory ./ of mode 7777", b"./", "catalogue C05, C10", 0o7777),
    _directory(
        "dots-and-slashes", "a directory .//./ of mode 000", b".//./", "catalogue C06, M03"
    ),
    attack(
        "box-output-slash-directory",
        "a directory / of mode 000",
        tar.directory(b"/", mode=0),
        why=_CLOSED,
        origin="catalogue C05, M04",
        requirements=("BOX-7", "BOX-4"),
        harmless=(tar.directory(b"d/", mode=0),),
        becomes={b"d": FOLDER},
        expect=fails_or(ONLY_AFTER),
    ),
    attack(
        "box-output-empty-directory",
        "a directory of mode 000 without a name",
        tar.directory(b"", mode=0),
        why=_CLOSED,
        origin="catalogue C05, M01",
        requirements=("BOX-7",),
        harmless=(tar.directory(b"d/", mode=0),),
        becomes={b"d": FOLDER},
        expect=fails_or(ONLY_AFTER),
    ),
    Case(
        id="box-output-dot-again",
        title="./ of mode 000 before, between and behind the files",
        why=_CLOSED,
        origin="tar --append; catalogue C06",
        requirements=("BOX-7", "TAR-2"),
        init=archived(
            *(tar.directory(b"./", mode=0), file(b"./a"), tar.directory(b"./", mode=0)),
            *(file(b"./d/b"), tar.directory(b"./", mode=0)),
        ),
        expect=(
            Completes(
                {b"a": regular(DATA), b"d": FOLDER, b"d/b": regular(DATA)},
            ),
        ),
    ),
)
