"""Absolute names: refused, or taken relative to the output directory (BOX-4)."""

from __future__ import annotations

from typing import Final

from injector_conformance.cases.case import Case
from injector_conformance.chapters.confinement.attack import (
    AFTER,
    DATA,
    ONLY_AFTER,
    Member,
    attack,
    file,
)
from injector_conformance.chapters.recipes import FOLDER, Named, archived, completes, fails_or
from injector_fixtures import tar
from injector_fixtures.tree import Symlink, regular

_OTHERS: Final = "all but Go strip the slashes; Go's os.Root refuses"
_FILE: Final[Named] = {b"canary": FOLDER, b"canary/file": DATA, **ONLY_AFTER}


def _absolute(
    word: str,
    title: str,
    *members: bytes,
    why: str = "whoever made the archive writes any file that the injector may write",
    origin: str,
    stripped: Named = _FILE,
) -> Case:
    return attack(
        f"box-absolute-{word}",
        title,
        *members,
        why=why,
        origin=origin,
        requirements=("BOX-4",),
        harmless=(file(b"inside"),),
        becomes={b"inside": DATA},
        expect=fails_or(stripped),
        others=_OTHERS,
    )


def _pax(name: bytes) -> bytes:
    return tar.pax({b"path": name}) + tar.file(b"stand-in", DATA)


def _relative(word: str, title: str, name: bytes, why: str, member: Member = file) -> Case:
    return Case(
        id=f"box-absolute-{word}",
        title=title,
        why=why,
        origin="POSIX.1-2017, Pathname Resolution",
        requirements=("BOX-4", "TAR-2"),
        init=archived(member(name), AFTER),
        expect=completes(_FILE),
    )


CASES: Final = (
    _absolute(
        "name", "a file /canary/file", file(b"/canary/file"), origin="PEP 706; catalogue P04"
    ),
    _absolute(
        "double-slash",
        "a file //canary/file",
        file(b"//canary/file"),
        why="a reader that removes one slash is left with an absolute name",
        origin="CVE-2021-32804, node-tar; catalogue P05",
    ),
    _absolute(
        "prefix",
        "a ustar prefix /canary with the name file",
        tar.file(b"file", DATA, prefix=b"/canary"),
        why="the name field alone looks harmless; checks must see the joined name",
        origin="catalogue P10",
    ),
    _absolute(
        "pax",
        "a pax path /canary/file over a harmless name",
        _pax(b"/canary/file"),
        why="the name in the header is checked, and the one in the pax record is used",
        origin="catalogue P13",
    ),
    _absolute(
        "gnu-name",
        "a GNU long name /canary/file over a harmless name",
        tar.gnu_longname(b"/canary/file") + tar.file(b"stand-in", DATA, magic=tar.GNU),
        why="the name in the header is checked, and the long name is used",
        origin="GNU tar manual, Absolute File Names",
    ),
    _absolute(
        "dot",
        "a file /.//./canary/file",
        file(b"/.//./canary/file"),
        why="after the removal of / and ./ in this order another slash is left",
        origin="GNU tar manual, Absolute File Names",
    ),
    _absolute(
        "many-slashes",
        "a name that begins with 3,000 slashes",
        _pax(b"/" * 3000 + b"canary/file"),
        why="slashes are removed by a rule that stops somewhere, or one call for each of them",
        origin="GNU tar manual, Absolute File Names",
    ),
    _absolute(
        "new-file",
        "a file /escaped, whose name is free",
        file(b"/escaped"),
        origin="GNU tar manual, Absolute File Names",
        stripped={b"escaped": DATA, **ONLY_AFTER},
    ),
    _absolute(
        "directory",
        "a directory /canary/directory of mode 0777, which exists outside",
        tar.directory(b"/canary/directory/", mode=0o777),
        why="the mode of a directory that is not the archive's own is changed",
        origin="GNU tar manual, Absolute File Names",
        stripped={b"canary": FOLDER, b"canary/directory": FOLDER, **ONLY_AFTER},
    ),
    _absolute(
        "symlink",
        "a symbolic link /canary/link, where a link is",
        tar.symlink(b"/canary/link", b"after"),
        why="links are made by other code than files, which may check less",
        origin="GNU tar manual, Absolute File Names",
        stripped={b"canary": FOLDER, b"canary/link": Symlink(b"after"), **ONLY_AFTER},
    ),
    _absolute(
        "hardlink",
        "a hard link /canary/planted to a file of the archive",
        *(file(b"f"), tar.hardlink(b"/canary/planted", b"f")),
        why="a file of the archive gets a name outside",
        origin="GNU tar manual, Absolute File Names",
        stripped={
            b"canary": FOLDER,
            b"canary/planted": regular(DATA, first_name=b"canary/planted"),
            b"f": regular(DATA, first_name=b"canary/planted"),
            **ONLY_AFTER,
        },
    ),
    _absolute(
        "into-output",
        "a file /zarf-stage2/f: the output directory's own path",
        file(b"/zarf-stage2/f"),
        why="two readers put it in two places, unless both know where they are",
        origin="PEP 706",
        stripped={b"zarf-stage2": FOLDER, b"zarf-stage2/f": DATA, **ONLY_AFTER},
    ),
    _absolute(
        "through-stripped-link",
        "a link canary to /canary, then a file /canary/file",
        *(tar.symlink(b"canary", b"/canary"), file(b"/canary/file")),
        why="the name is made relative after links were looked for under the absolute one",
        origin="GNU tar manual, Absolute File Names; RUSTSEC-2021-0080",
    ),
    _relative(
        "after-dot",
        "a file .//canary/file, which is relative",
        b".//canary/file",
        "a reader that removes the ./ is left with an absolute name, and uses it",
    ),
    _relative(
        "empty-prefix",
        "a name field canary/file with a prefix of nothing, and pax records in between",
        b"canary/file",
        "a reader that joins an empty prefix with a slash makes the name absolute",
        lambda name: tar.pax({b"comment": b"x"}) + tar.file(name, DATA, prefix=b"\0canary"),
    ),
)
