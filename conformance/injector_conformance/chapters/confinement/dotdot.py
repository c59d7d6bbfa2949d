"""Names with ``..`` components: the whole entry is refused or skipped (BOX-3, BOX-3a)."""

from __future__ import annotations

from typing import Final

from injector_conformance.cases.case import Case, Fails
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

_OTHERS: Final = "CPython and Go fail; GNU tar and bsdtar skip with a warning; BusyBox strips"
_WRITES: Final = "whoever made the archive writes any file that the injector may write"


def _named(
    word: str,
    title: str,
    name: bytes,
    *,
    member: Member = file,
    before: tuple[bytes, ...] = (),
    harmless: bytes = b"",
    leaves: Named | None = None,
    becomes: Named | None = None,
    why: str = _WRITES,
    origin: str = "CVE-2001-1267",
    others: str = _OTHERS,
    requirements: tuple[str, ...] = ("BOX-3",),
) -> Case:
    """An entry of this name: it fails, or is left out as a whole."""
    left = {**(leaves or {}), **ONLY_AFTER}
    control_tree = {b"inside": DATA} if becomes is None else becomes
    return attack(
        f"box-dotdot-{word}",
        title,
        *(*before, member(name)),
        why=why,
        origin=origin,
        requirements=requirements,
        harmless=(*before, harmless or member(b"inside")),
        becomes={**(leaves or {}), **control_tree},
        expect=fails_or(left),
        others=others,
    )


def _folder(mode: int) -> Member:
    return lambda name: tar.directory(name, mode=mode)


def _pax(name: bytes) -> bytes:
    return tar.pax({b"path": name}) + tar.file(b"stand-in", DATA)


def _gnu(name: bytes) -> bytes:
    return tar.gnu_longname(name) + tar.file(b"stand-in", DATA, magic=tar.GNU)


def _sparse(name: bytes) -> bytes:
    records = {
        b"GNU.sparse.major": b"1",
        b"GNU.sparse.minor": b"0",
        b"GNU.sparse.name": name,
        b"GNU.sparse.realsize": b"%d" % len(DATA),
    }
    return tar.pax(records) + tar.file(b"stand-in", tar.padded(b"1\n0\n%d\n" % len(DATA)) + DATA)


def _split(name: bytes) -> bytes:
    prefix, _, rest = name.partition(b"/")
    return tar.file(rest, DATA, prefix=prefix) if rest else tar.file(prefix, DATA)


_MADE: Final[Named] = {b"inside": FOLDER}
_MOVES: Final = "the mode of a directory that is not the archive's own is changed"

CASES: Final = (
    _named(
        "overwrites",
        "a file ../canary/file: the name of a file that exists outside",
        b"../canary/file",
        origin="CVE-2001-1267; catalogue P01",
    ),
    _named("creates", "a file ../escaped: a name that is free outside", b"../escaped"),
    _named(
        "directory",
        "a directory ../canary/made",
        b"../canary/made/",
        member=_folder(0o755),
        becomes=_MADE,
        origin="CVE-2001-1267; catalogue P02",
        why="directories outside are made, by readers that check files only",
    ),
    _named(
        "directory-mode",
        "a directory ../canary/directory of mode 0777, which exists outside",
        b"../canary/directory/",
        member=_folder(0o777),
        becomes=_MADE,
        why=_MOVES,
    ),
    _named(
        "inside",
        "a file a/../in: the path leads back into the tree",
        b"a/../in",
        origin="catalogue P03",
        why="what a/../in means depends on what a is; checks that compute it are fooled by links",
        others="CPython 3.14 and Go apply it",
    ),
    _named(
        "absolute",
        "a file /../canary/file: absolute and upwards",
        b"/../canary/file",
        origin="catalogue P06",
        why="a reader that checks for a leading .. first and strips slashes afterwards writes it",
    ),
    _named(
        "prefix",
        "a ustar prefix .. with the name canary/file",
        b"../canary/file",
        member=_split,
        origin="CVE-2001-1267; catalogue P07",
        why="the name field alone looks harmless; checks must see the joined name",
    ),
    _named(
        "pax",
        "a pax path ../canary/file over a harmless name",
        b"../canary/file",
        member=_pax,
        origin="CVE-2001-1267; catalogue P09",
        why="the name in the header is checked, and the one in the pax record is used",
    ),
    _named(
        "gnu-name",
        "a GNU long name ../canary/file over a harmless name",
        b"../canary/file",
        member=_gnu,
        origin="CVE-2001-1267; catalogue P11",
        why="the name in the header is checked, and the long name is used",
    ),
    _named(
        "after-folders",
        "a file a/b/../../../canary/file",
        b"a/b/../../../canary/file",
        origin="CVE-2001-1267; catalogue P12",
        why="a check of the beginning of the name sees nothing wrong",
    ),
    _named(
        "after-real-folder",
        "a file d/../../canary/file, where the archive has the directory d",
        b"d/../../canary/file",
        before=(tar.directory(b"d/"),),
        leaves={b"d": FOLDER},
        why="because d exists the path can be walked, component by component, out of the tree",
    ),
    _named(
        "through-link",
        "a file l/../canary/file, where l is a link to the output directory itself",
        b"l/../canary/file",
        before=(tar.symlink(b"l", b"."),),
        leaves={b"l": Symlink(b".")},
        why="as text the name is inside: l and .. cancel out; for the kernel it is outside",
    ),
    _named(
        "root-mode",
        "a directory d/.. of mode 0",
        b"d/..",
        member=_folder(0),
        becomes=_MADE,
        origin="cf. CVE-2026-26157; catalogue P16",
        why="the output directory gets the mode of the entry",
        others="BusyBox changes the mode of the output directory; CPython and Go apply it",
    ),
    _named(
        "parent-mode",
        "a directory .. of mode 0777",
        b"..",
        member=_folder(0o777),
        becomes=_MADE,
        why="the directory in which the output directory lies gets the mode of the entry",
    ),
    _named(
        "dot-slash",
        "a file .//..//canary//file",
        b".//..//canary//file",
        why="a check for a leading ../ as text sees nothing wrong",
    ),
    _named(
        "trailing-slash",
        "a directory ../canary/made/. of mode 0777",
        b"../canary/made/.",
        member=_folder(0o777),
        becomes=_MADE,
        why="the last component is harmless, the first is not",
    ),
    _named(
        "symlink",
        "a symbolic link ../canary/planted",
        b"../canary/planted",
        member=lambda name: tar.symlink(name, b"after"),
        becomes={b"inside": Symlink(b"after")},
        why="links are made by other code than files, which may check less",
    ),
    _named(
        "symlink-replaces",
        "a symbolic link ../canary/file, where a file is",
        b"../canary/file",
        member=lambda name: tar.symlink(name, b"after"),
        becomes={b"inside": Symlink(b"after")},
        why="to make place for the link, the file outside is removed",
    ),
    _named(
        "hardlink",
        "a hard link ../canary/planted to a file of the archive",
        b"../canary/planted",
        before=(tar.file(b"f", DATA),),
        member=lambda name: tar.hardlink(name, b"f"),
        leaves={b"f": DATA},
        becomes={
            b"f": regular(DATA, first_name=b"f"),
            b"inside": regular(DATA, first_name=b"f"),
        },
        why="a file of the archive gets a name outside",
    ),
    _named(
        "deep",
        "a name of 200 directories and as many steps back, and one more",
        b"d/" * 200 + b"../" * 201 + b"canary/file",
        member=_pax,
        why="a check of the first hundred bytes, or of a hundred components, sees nothing wrong",
    ),
    _named(
        "sparse-name",
        "a sparse member with the real name ../canary/file",
        b"../canary/file",
        member=_sparse,
        harmless=file(b"inside"),
        origin="catalogue G12",
        why="the real name of a sparse member comes from a record of its own",
        others="Rust tar and BusyBox write the condensed form under the stand-in name",
        requirements=("TAR-11",),
    ),
    Case(
        id="box-dotdot-overridden",
        title="a header named ../canary/file whose pax path is harmless",
        why="the entry's name is the pax path; the name in the header means nothing, and is never"
        " used",
        origin="POSIX.1-2017 pax, Extended Header Keywords, path",
        requirements=("BOX-3", "TAR-4"),
        init=archived(tar.pax({b"path": b"inside"}), tar.file(b"../canary/file", DATA), AFTER),
        expect=completes({b"inside": DATA, **ONLY_AFTER}),
    ),
    attack(
        "box-dotdot-global",
        "a global header that sets path to ../canary/file",
        *(tar.pax({b"path": b"../canary/file"}, typeflag=b"g"), tar.file(b"inside", DATA)),
        why="the names of all entries behind it are replaced",
        origin="catalogue X10",
        requirements=("TAR-1",),
        harmless=(tar.file(b"inside", DATA),),
        becomes={b"inside": DATA},
        expect=fails_or({b"inside": DATA, **ONLY_AFTER}),
    ),
    attack(
        "box-dotdot-is-named",
        "a file ../canary/file: the message names it",
        file(b"../canary/file"),
        why="whoever reads the log has to find out which entry is wrong",
        origin="PEP 706; Go, package os, Root; catalogue P01",
        requirements=("BOX-3a",),
        harmless=(file(b"inside"),),
        becomes={b"inside": DATA},
        expect=(Fails(says=(b"../canary/file",)),),
        others="Rust tar skips it in silence",
    ),
    attack(
        "box-dotdot-target-is-named",
        "a hard link called escape to ../canary/file: the message names it",
        tar.hardlink(b"escape", b"../canary/file"),
        why="whoever reads the log has to find out which entry is wrong",
        origin="PEP 706; Go, package os, Root; catalogue L10",
        requirements=("BOX-3a",),
        harmless=(tar.file(b"f"), tar.hardlink(b"escape", b"f")),
        becomes={
            b"escape": regular(b"", first_name=b"escape"),
            b"f": regular(b"", first_name=b"escape"),
        },
        expect=(Fails(says=(b"escape",)),),
    ),
)
