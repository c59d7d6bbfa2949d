"""Writing through a symbolic link that leads out of the tree (BOX-5).

Each case has one link, or several that lead to one place, and one entry below it. To replace the
link by a directory is as safe as to fail.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from injector_conformance.cases.case import Case, Conditions
from injector_conformance.chapters.confinement.attack import (
    DATA,
    ONLY_AFTER,
    Member,
    attack,
    file,
)
from injector_conformance.chapters.recipes import FOLDER, Named, archived, control, fails_or
from injector_fixtures import tar
from injector_fixtures.layout import Link
from injector_fixtures.tree import Symlink, regular

_RUSTSEC: Final = "RUSTSEC-2021-0080"
_WHY: Final = "one entry makes the way out and the next one takes it: files outside are written"
_OTHERS: Final = (
    "GNU tar, bsdtar and BusyBox skip it with a warning; Rust tar, CPython and Go fail"
)


def _through(
    word: str,
    title: str,
    target: bytes,
    rest: bytes,
    *,
    member: Member = file,
    replaced: Named | None = None,
    origin: str = _RUSTSEC,
    why: str = _WHY,
    links: tuple[bytes, ...] = (),
    linked: Named | None = None,
) -> Case:
    """An entry ``out/REST``, where ``out`` is a link to ``target`` or made by ``links``.

    ``replaced`` is what there may be below ``out`` if it became a directory, ``linked`` what else
    ``links`` leave.
    """
    before = links or (tar.symlink(b"out", target),)
    tree = {b"out": FOLDER, **({b"out/" + rest: DATA} if replaced is None else replaced)}
    stays = linked or {}
    return attack(
        f"box-through-{word}",
        title,
        *(*before, member(b"out/" + rest)),
        why=why,
        origin=origin,
        requirements=("BOX-5",),
        harmless=(file(b"inside"),),
        becomes={b"inside": DATA},
        expect=fails_or({**stays, **tree, **ONLY_AFTER}),
        others=_OTHERS,
    )


CASES: Final = (
    _through(
        "absolute-link",
        "a link to /canary, then a file below it",
        b"/canary",
        b"file",
        origin=f"{_RUSTSEC}; catalogue L02",
    ),
    _through(
        "relative-link",
        "a link to ../canary, then a file below it",
        b"../canary",
        b"file",
        origin=f"{_RUSTSEC}; catalogue L03",
    ),
    _through(
        "two-links",
        "a link to a link to ../canary, then a file below the first",
        b"",
        b"file",
        links=(tar.symlink(b"far", b"../canary"), tar.symlink(b"out", b"far")),
        linked={b"far": Symlink(b"../canary")},
        origin=f"{_RUSTSEC}; catalogue L04",
        why="the text of the first link stays inside; only the second one leaves",
    ),
    _through(
        "two-links-backwards",
        "a link to a link that is made later and leads to ../canary",
        b"",
        b"file",
        links=(tar.symlink(b"out", b"far"), tar.symlink(b"far", b"../canary")),
        linked={b"far": Symlink(b"../canary")},
        why="when the first link was checked it led nowhere",
    ),
    _through(
        "physical-parent",
        "a link to d/up/../canary, where d/up leads to the output directory",
        b"",
        b"file",
        links=(
            *(tar.directory(b"d/"), tar.symlink(b"d/up", b"..")),
            tar.symlink(b"out", b"d/up/../canary"),
        ),
        linked={b"d": FOLDER, b"d/up": Symlink(b"..")},
        origin="CVE-2025-45582; catalogue L05",
        why="as text the target is inside, d/canary; for the kernel .. leaves what up leads to",
    ),
    _through(
        "sibling-prefix",
        "a link to .., then a file in ../zarf-stage2-sibling",
        b"..",
        b"zarf-stage2-sibling/file",
        replaced={b"out/zarf-stage2-sibling": FOLDER, b"out/zarf-stage2-sibling/file": DATA},
        origin=f"{_RUSTSEC}; catalogue L06",
        why="the resolved path begins with the output directory's, as text",
    ),
    _through(
        "new-directory",
        "a link to ../canary, then a directory below it",
        b"../canary",
        b"made/",
        member=tar.directory,
        replaced={b"out/made": FOLDER},
        origin=f"{_RUSTSEC}; catalogue L34",
        why="directories outside are made, by readers that check files only",
    ),
    _through(
        "directory-mode",
        "a link to ../canary, then the directory below it that exists there",
        b"../canary",
        b"directory/",
        member=tar.directory,
        replaced={b"out/directory": FOLDER},
        origin="CVE-2026-33056",
        why="nothing has to be made, so nothing is checked; then the mode is set",
    ),
    _through(
        "symlink",
        "a link to ../canary, then a symbolic link below it where one is",
        b"../canary",
        b"link",
        member=lambda name: tar.symlink(name, b"after"),
        replaced={b"out/link": Symlink(b"after")},
        origin=f"{_RUSTSEC}; catalogue L36",
        why="to make place for the link, a link outside is removed",
    ),
    _through(
        "deep",
        "a link to ../canary, then a file four directories below it",
        b"../canary",
        b"a/b/c/d",
        replaced={
            b"out/a": FOLDER,
            b"out/a/b": FOLDER,
            b"out/a/b/c": FOLDER,
            b"out/a/b/c/d": DATA,
        },
        origin=f"{_RUSTSEC}; catalogue L39",
        why="only the direct parent is checked, and the missing ones are made outside first",
    ),
    _through(
        "root",
        "a link to /, then canary/file below it",
        b"/",
        b"canary/file",
        replaced={b"out/canary": FOLDER, b"out/canary/file": DATA},
        origin=f"{_RUSTSEC}; catalogue L40",
        why="a path / has no components to check",
    ),
    _through(
        "parent",
        "a link to .., then canary/file below it",
        b"..",
        b"canary/file",
        replaced={b"out/canary": FOLDER, b"out/canary/file": DATA},
    ),
    _through(
        "existing-directory",
        "a link to ../canary, then a file in the directory that is there",
        b"../canary",
        b"directory/inner",
        replaced={b"out/directory": FOLDER, b"out/directory/inner": DATA},
        why="the last directory is a real one; only a parent further up is the link",
    ),
    _through(
        "odd-spelling",
        "a link to .//..//./canary/, then a file out//./file",
        b".//..//./canary/",
        b"/./file",
        replaced={b"out/file": DATA},
        why="the link is looked for under a name that is spelt in another way",
    ),
    _through(
        "pax-linkpath",
        "a link whose pax linkpath is ../canary over a harmless text",
        b"",
        b"file",
        links=(tar.pax({b"linkpath": b"../canary"}) + tar.symlink(b"out", b"harmless"),),
        why="the text in the header is checked, and the one in the pax record is used",
    ),
    _through(
        "gnu-link-name",
        "a link whose GNU long link text is ../canary over a harmless text",
        b"",
        b"file",
        links=(tar.gnu_longlink(b"../canary") + tar.symlink(b"out", b"x", magic=tar.GNU),),
        why="the text in the header is checked, and the long one is used",
    ),
    _through(
        "long-text",
        "a link whose text takes 3,000 bytes to say ../canary",
        b"",
        b"file",
        links=(tar.pax({b"linkpath": b"./" * 1500 + b"../canary"}) + tar.symlink(b"out", b"x"),),
        why="a text is checked that was cut to the size of a buffer",
    ),
    _through(
        "hardlink-name",
        "a link to ../canary, then a hard link below it to a file of the archive",
        b"",
        b"planted",
        links=(file(b"f"), tar.symlink(b"out", b"../canary")),
        linked={b"f": regular(DATA, first_name=b"f")},
        member=lambda name: tar.hardlink(name, b"f"),
        replaced={b"out/planted": regular(DATA, first_name=b"f")},
        why="a file of the archive gets a name outside",
    ),
    _through(
        "file-removed",
        "a link to ../canary, then a directory below it where a file is",
        b"../canary",
        b"file/",
        member=tar.directory,
        replaced={b"out/file": FOLDER},
        why="to make place for the directory, the file outside is removed",
    ),
    _through(
        "directory-removed",
        "a link to ../canary, then a file below it where a directory is",
        b"../canary",
        b"directory",
        why="to make place for the file, a whole directory outside is removed",
    ),
    _through(
        "link-in-folder",
        "a link in d to ../../canary, then a file below it",
        b"",
        b"l/file",
        links=(tar.directory(b"out/"), tar.symlink(b"out/l", b"../../canary")),
        replaced={b"out/l": FOLDER, b"out/l/file": DATA},
        why="only links at the top are looked for",
    ),
    attack(
        "box-through-fifo",
        "a link to ../canary, then a FIFO below it",
        *(tar.symlink(b"out", b"../canary"), tar.fifo(b"out/fifo")),
        why="nodes are made by other code than files, which may check less",
        origin="RUSTSEC-2021-0080; catalogue V03",
        requirements=("BOX-5", "TAR-10"),
        harmless=(file(b"inside"),),
        becomes={b"inside": DATA},
        expect=fails_or({b"out": Symlink(b"../canary"), **ONLY_AFTER}),
    ),
    Case(
        id="box-through-existing-link",
        title="a file below a link to ../canary that was there before the run",
        why="what a predecessor left, or another container put there, is not to be trusted either",
        origin="Kubernetes, emptyDir volumes: shared by all containers of a pod",
        requirements=("BOX-1",),
        init=archived(file(b"out/file"), file(b"after")),
        expect=fails_or(
            {b"out": FOLDER, b"out/file": DATA, b"after": DATA},
        ),
        control=replace(
            control({b"in": FOLDER, b"in/file": DATA}, file(b"in/file")), conditions=Conditions()
        ),
        conditions=Conditions(existing={b"out": Link(b"../canary")}),
    ),
)
