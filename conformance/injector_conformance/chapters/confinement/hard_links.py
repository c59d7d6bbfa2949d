"""Hard links to what is outside: such a file must not become part of the tree (BOX-2)."""

from __future__ import annotations

from typing import Final

from injector_conformance.cases.case import Case, Expectation
from injector_conformance.chapters.confinement.attack import (
    DATA,
    ONLY_AFTER,
    attack,
    file,
)
from injector_conformance.chapters.recipes import (
    FAILS,
    FOLDER,
    Named,
    fails_or,
)
from injector_fixtures import tar
from injector_fixtures.tree import Symlink, regular

_WHY: Final = "the file outside is in the tree, gets mode 0755, and can be written by its new name"
_BUSYBOX: Final = "BusyBox links to it"
_LINKED: Final[Named] = {
    b"f": regular(DATA, first_name=b"f"),
    b"h": regular(DATA, first_name=b"f"),
}


def _hardlink(
    word: str,
    title: str,
    *members: bytes,
    requirements: tuple[str, ...],
    origin: str = "CVE-2026-26158",
    why: str = _WHY,
    expect: tuple[Expectation, ...] = FAILS,
    others: str = _BUSYBOX,
) -> Case:
    """Members of which one is the hard link ``h``; the control has one to a file of its own."""
    return attack(
        f"box-hardlink-{word}",
        title,
        *members,
        why=why,
        origin=origin,
        requirements=requirements,
        harmless=(file(b"f"), tar.hardlink(b"h", b"f")),
        becomes=_LINKED,
        expect=expect,
        others=others,
    )


_SKIPPED: Final = fails_or(ONLY_AFTER)
"""An entry whose target has ``..`` may be left out (BOX-3)."""


def _link(target: bytes) -> bytes:
    return tar.hardlink(b"h", target)


CASES: Final = (
    _hardlink(
        "absolute",
        "a hard link to /canary/file",
        _link(b"/canary/file"),
        requirements=("BOX-2", "BOX-4"),
        origin="CVE-2026-26158; catalogue L09",
    ),
    _hardlink(
        "dotdot",
        "a hard link to ../canary/file",
        _link(b"../canary/file"),
        requirements=("BOX-2", "BOX-3"),
        origin="CVE-2026-26158; catalogue L10",
        expect=_SKIPPED,
    ),
    _hardlink(
        "through-link",
        "a link to ../canary, then a hard link to file below it",
        *(tar.symlink(b"out", b"../canary"), _link(b"out/file")),
        requirements=("BOX-2", "BOX-5"),
        origin="CVE-2026-26960; catalogue L12",
        why="the target's name is checked, and the link in the middle of it is not",
    ),
    _hardlink(
        "through-two-links",
        "a link to a link to /canary, then a hard link to file below the first",
        *(tar.symlink(b"far", b"/canary"), tar.symlink(b"out", b"far"), _link(b"out/file")),
        requirements=("BOX-2", "BOX-5"),
        origin="CVE-2026-26960; catalogue L38",
        why="the text of the first link stays inside; only the second one leaves",
    ),
    _hardlink(
        "dotdot-in-middle",
        "a hard link to d/../../canary/file, where the archive has d",
        *(tar.directory(b"d/"), _link(b"d/../../canary/file")),
        requirements=("BOX-2", "BOX-3"),
        origin="CVE-2026-26158; catalogue P19",
        expect=fails_or({b"d": FOLDER, **ONLY_AFTER}),
    ),
    _hardlink(
        "dotdot-inside",
        "a hard link to d/../f, a file of the archive",
        *(file(b"f"), tar.directory(b"d/"), _link(b"d/../f")),
        requirements=("BOX-3",),
        origin="CVE-2001-1267; catalogue P03",
        why="what d/../f means depends on what d is; checks that compute it are fooled by links",
        expect=fails_or({b"d": FOLDER, b"f": DATA, **ONLY_AFTER}),
    ),
    _hardlink(
        "absolute-dotdot",
        "a hard link to /../canary/file",
        _link(b"/../canary/file"),
        requirements=("BOX-2", "BOX-3"),
        expect=_SKIPPED,
    ),
    _hardlink(
        "double-slash",
        "a hard link to //canary/file",
        _link(b"//canary/file"),
        requirements=("BOX-2", "BOX-4"),
        why="a reader that removes one slash is left with an absolute target",
    ),
    _hardlink(
        "absolute-stripped",
        "a hard link to /canary/file, where the archive has canary/file",
        *(file(b"canary/file"), _link(b"/canary/file")),
        requirements=("BOX-2", "BOX-4"),
        why="without the slashes the target is the archive's own file; with them, the outside's",
        expect=fails_or(
            {
                b"canary": FOLDER,
                b"canary/file": regular(DATA, first_name=b"canary/file"),
                b"h": regular(DATA, first_name=b"canary/file"),
                **ONLY_AFTER,
            }
        ),
        others="all but Go and BusyBox link to the archive's own file",
    ),
    _hardlink(
        "pax-linkpath",
        "a hard link whose pax linkpath is ../canary/file over a harmless target",
        *(file(b"f"), tar.pax({b"linkpath": b"../canary/file"}) + _link(b"f")),
        requirements=("BOX-2", "BOX-3"),
        why="the target in the header is checked, and the one in the pax record is used",
        expect=fails_or({b"f": DATA, **ONLY_AFTER}),
    ),
    _hardlink(
        "gnu-link-name",
        "a hard link whose GNU long link text is ../canary/file over a harmless target",
        file(b"f"),
        tar.gnu_longlink(b"../canary/file") + tar.hardlink(b"h", b"f", magic=tar.GNU),
        requirements=("BOX-2", "BOX-3"),
        why="the target in the header is checked, and the long one is used",
        expect=fails_or({b"f": DATA, **ONLY_AFTER}),
    ),
    _hardlink(
        "canary-link",
        "a hard link to /canary/link, which is a symbolic link outside",
        _link(b"/canary/link"),
        requirements=("BOX-2", "BOX-4"),
    ),
    _hardlink(
        "to-outward-link",
        "a link to ../canary/file, then a hard link to the link",
        *(tar.symlink(b"l", b"../canary/file"), _link(b"l")),
        requirements=("BOX-2", "BOX-5"),
        origin="CVE-2026-26960; catalogue L13",
        why="link() may follow the link: POSIX leaves it open, linkat() has a flag for it",
        expect=fails_or(
            {b"l": Symlink(b"../canary/file"), b"h": Symlink(b"../canary/file"), **ONLY_AFTER}
        ),
        others="GNU tar and Rust tar fail; bsdtar, Go and BusyBox give the link a second name",
    ),
    _hardlink(
        "to-outward-link-then-below",
        "a link to /canary, a hard link to the link, then a file below the hard link",
        *(tar.symlink(b"l", b"/canary"), _link(b"l"), file(b"h/file")),
        requirements=("BOX-5",),
        origin="CVE-2026-26960; catalogue L14",
        why="the hard link is the link under another name, and was never recorded as one",
        expect=fails_or({b"l": Symlink(b"/canary"), b"h": FOLDER, b"h/file": DATA, **ONLY_AFTER}),
    ),
    _hardlink(
        "moves-link",
        "a link d/l to ../canary, inside; a hard link h to it, outside; then h/file",
        *(tar.directory(b"d/"), tar.directory(b"canary/"), tar.symlink(b"d/l", b"../canary")),
        *(_link(b"d/l"), file(b"h/file")),
        requirements=("BOX-5",),
        origin="CVE-2025-4330 and its like; catalogue L32",
        why="the link was harmless where it was made; at another depth it leads out",
        expect=fails_or(
            {
                b"canary": FOLDER,
                b"d": FOLDER,
                b"d/l": Symlink(b"../canary"),
                b"h": FOLDER,
                b"h/file": DATA,
                **ONLY_AFTER,
            }
        ),
        others="CPython's data filter changes modes outside",
    ),
    _hardlink(
        "copies-link",
        "a link d/l to ../canary/file, which dangles; a hard link h to it; then a file h",
        *(tar.directory(b"d/"), tar.symlink(b"d/l", b"../canary/file"), _link(b"d/l"), file(b"h")),
        requirements=("BOX-5",),
        origin="CVE-2025-4330 and its like; catalogue L33",
        why="a reader that copies what it cannot link makes a link that leads out, and uses it",
        expect=fails_or(
            {
                b"d": FOLDER,
                b"d/l": Symlink(b"../canary/file"),
                b"h": DATA,
                **ONLY_AFTER,
            }
        ),
        others="CPython's data filter changes modes outside",
    ),
    _hardlink(
        "then-written",
        "a hard link to /canary/file, then a file of the link's name",
        *(_link(b"/canary/file"), file(b"h")),
        requirements=("BOX-2", "BOX-4"),
        why="the second entry overwrites the file outside through its new name",
    ),
    _hardlink(
        "swapped-directory",
        "d/inner, then d becomes a link to ../canary/directory, then a hard link to d/inner",
        *(file(b"d/inner"), tar.symlink(b"d", b"../canary/directory"), _link(b"d/inner")),
        requirements=("BOX-2", "BOX-5"),
        origin="CVE-2026-26960",
        why="the target was a file of the archive when it was recorded",
    ),
    _hardlink(
        "init-directory",
        "a hard link to ../zarf-stage1/zarf-payload-000",
        _link(b"../zarf-stage1/zarf-payload-000"),
        requirements=("BOX-2", "BOX-3"),
        why="the chunk gets mode 0755 and a second name, by which it can be written",
        expect=_SKIPPED,
    ),
)
