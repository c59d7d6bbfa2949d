"""Archives that good readers read differently: any of the ways under "Left open" (TAR-18)."""

from __future__ import annotations

from typing import Final

from injector_conformance.cases.case import Case
from injector_conformance.chapters.recipes import (
    FOLDER,
    Named,
    archived,
    control,
    fails_or,
)
from injector_conformance.chapters.tar.neighbours import AFTER, BEFORE, BOTH
from injector_fixtures import tar
from injector_fixtures.tree import Symlink, regular

_DATA: Final = b"12345"
_FILE: Final = tar.file(b"f", _DATA)
_TREE: Final[Named] = {b"f": _DATA}
_EMPTY: Final[Named] = {b"f": b""}
_SPARSE: Final = {b"GNU.sparse.major": b"1", b"GNU.sparse.minor": b"0", b"GNU.sparse.name": b"x"}
_VENDOR: Final = tar.member(b"v", b"own", typeflag=b"V", magic=tar.GNU)
_LONG: Final = b"n" * 250 + b"/"


def _open(
    word: str,
    title: str,
    *members: bytes,
    trees: tuple[Named, ...],
    origin: str,
    others: str = "",
    requirement: str = "TAR-18",
) -> Case:
    """One of these trees, with the members before and behind, or a failure.

    ``requirement`` is whose words any other tree breaks, if it is one alone.
    """
    return Case(
        id=f"tar-open-{word}",
        title=title,
        why="none of the ways loses or invents a member; another way would",
        origin=origin,
        requirements=(requirement,),
        init=archived(BEFORE, *members, AFTER),
        expect=fails_or(*({**BOTH, **tree} for tree in trees)),
        control=control(BOTH, BEFORE, AFTER),
        others=others,
    )


def _levels(depth: int) -> Named:
    return {(_LONG * level)[:-1]: FOLDER for level in range(1, depth + 1)}


CASES: Final = (
    _open(
        "long-name-and-path",
        "a GNU long name and a pax path: either, or a failure",
        tar.gnu_longname(b"long"),
        tar.pax({b"path": b"path"}),
        tar.file(b"f", _DATA, magic=tar.GNU),
        trees=({b"long": _DATA}, {b"path": _DATA}),
        origin="catalogue X05, X06",
        others="GNU tar takes the path, bsdtar, Go and CPython the long name",
    ),
    _open(
        "size-of-spaces",
        "a size field of spaces: zero, or a failure",
        tar.file(b"f", size=b" " * 12),
        trees=(_EMPTY,),
        origin="catalogue N09",
        others="GNU tar fails, the others read zero",
    ),
    _open(
        "size-of-nuls",
        "a size field of NULs: zero, or a failure",
        tar.file(b"f", size=bytes(12)),
        trees=(_EMPTY,),
        origin="catalogue N09",
        others="Rust tar fails, the others read zero",
    ),
    _open(
        "size-of-spaces-and-nul",
        "a size field of spaces and a NUL: zero, or a failure",
        tar.file(b"f", size=b" " * 11 + b"\0"),
        trees=(_EMPTY,),
        origin="catalogue N09",
        others="Rust tar fails, the others read zero",
    ),
    _open(
        "malformed-size-overridden",
        "a size field with a NUL before its digits, and a right pax size: that, or a failure",
        tar.pax({b"size": b"5"}),
        tar.member(b"f", _DATA, size=b"\0" + b"0000000007\0"),
        trees=(_TREE,),
        origin="catalogue N-rows with a pax size",
    ),
    _open(
        "record-without-keyword",
        "a record with a = and no keyword: no effect, or a failure",
        tar.pax(b"5 =v\n"),
        _FILE,
        trees=(_TREE,),
        origin="POSIX.1-2017 pax: keyword=value",
        others="GNU tar and CPython let it pass, bsdtar and Go fail",
    ),
    _open(
        "global-record-without-keyword",
        "the same in a global header",
        tar.pax(b"5 =v\n", typeflag=b"g"),
        _FILE,
        trees=(_TREE,),
        origin="POSIX.1-2017 pax: keyword=value",
        others="GNU tar, bsdtar and CPython let it pass, Go fails",
    ),
    _open(
        "sparse-in-global",
        "a sparse record in a global header: no effect, or a failure",
        tar.pax({b"GNU.sparse.major": b"1"}, typeflag=b"g"),
        _FILE,
        trees=(_TREE,),
        origin="GNU tar manual, Sparse Formats: records of one member",
    ),
    _open(
        "sparse-before-passed-over",
        "sparse records before a volume label: no effect, or a failure",
        tar.pax(_SPARSE),
        _VENDOR,
        trees=({}, {b"v": b"own"}, {b"x": b"own"}),
        origin="GNU tar manual, Sparse Formats: records of one member",
        others="Go passes over it, GNU tar, bsdtar and CPython fail",
    ),
    _open(
        "sparse-before-directory",
        "sparse records before a directory: its own name, theirs, or a failure",
        tar.pax(_SPARSE),
        tar.directory(b"d/"),
        trees=({b"d": FOLDER}, {b"x": FOLDER}),
        origin="GNU tar manual, Sparse Formats: records of one member",
        others="GNU tar and CPython take the name of the records, Go the directory's own",
    ),
    _open(
        "long-name-with-rest",
        "a GNU long name with a rest behind its NUL, before a volume label: none, or a failure",
        tar.gnu_longname(b"a\0rest"),
        _VENDOR,
        trees=({}, {b"a": b"own"}),
        origin="catalogue G03",
    ),
    _open(
        "hard-link-to-symlink",
        "a hard link to a symbolic link inside: shared, its target shared, or a failure",
        tar.symlink(b"s", b"before"),
        tar.hardlink(b"h", b"s"),
        trees=(
            {b"s": Symlink(b"before"), b"h": Symlink(b"before")},
            {
                b"s": Symlink(b"before"),
                b"h": regular(b"before\n", first_name=b"before"),
                b"before": regular(b"before\n", first_name=b"before"),
            },
        ),
        origin="catalogue L13, L14",
    ),
    _open(
        "unknown-type",
        "a member of type a, which nobody uses: a regular file, or a failure",
        tar.member(b"f", _DATA, typeflag=b"a"),
        trees=(_TREE,),
        origin="catalogue H12; POSIX.1-2017 pax, ustar, typeflag",
        others="GNU tar and bsdtar make a file of it, Go and CPython fail",
    ),
    _open(
        "slash-without-data",
        "a regular ustar file named d/ without data: a file, a directory, or a failure",
        tar.file(b"d/"),
        trees=({b"d": b""}, {b"d": FOLDER}),
        origin="catalogue H06",
    ),
    _open(
        "contiguous-slash-without-data",
        "a contiguous file named d/ without data: a file, a directory, or a failure",
        tar.member(b"d/", typeflag=b"7"),
        trees=({b"d": b""}, {b"d": FOLDER}),
        origin="catalogue H06; POSIX.1-2017 pax, ustar: type 7 as type 0",
    ),
    _open(
        "overlong-name-replaced",
        "a path of 4,517 bytes, and a short one behind it: that, or a failure",
        tar.pax([(b"path", _LONG * 18), (b"path", b"f")]),
        _FILE,
        trees=(_TREE,),
        origin="catalogue M14; {PATH_MAX}",
    ),
    _open(
        "path-4096",
        "a file whose path has 4,096 bytes, one more than a system call takes: it, or a failure",
        tar.pax({b"path": _LONG * 16 + b"n" * 80}),
        _FILE,
        trees=({**_levels(16), _LONG * 16 + b"n" * 80: _DATA},),
        origin="catalogue M13, M14; {PATH_MAX}",
        others="GNU tar and CPython fail, bsdtar and Go extract it",
        requirement="TAR-13",
    ),
    _open(
        "path-5020",
        "a file whose path has 5,020 bytes: it, whole, or a failure",
        tar.pax({b"path": _LONG * 19 + b"n" * 251}),
        _FILE,
        trees=({**_levels(19), _LONG * 19 + b"n" * 251: _DATA},),
        origin="catalogue M14; {PATH_MAX}",
        others="Rust tar, CPython and BusyBox fail; bsdtar and Go extract it",
        requirement="TAR-13",
    ),
    _open(
        "link-text-5020",
        "a symbolic link whose text has 5,020 bytes, which no system takes: whole, or a failure",
        tar.pax({b"linkpath": _LONG * 20}),
        tar.symlink(b"l", b"after"),
        trees=({b"l": Symlink(_LONG * 20)},),
        origin="POSIX.1-2017, symlink(), {SYMLINK_MAX}",
        requirement="TAR-13",
    ),
    _open(
        "directory-with-data",
        "a directory with five bytes of data: passed over, or a failure",
        tar.member(b"d/", _DATA, typeflag=b"5"),
        trees=({b"d": FOLDER},),
        origin="catalogue X28",
        others="bsdtar passes over the data, GNU tar and Go fail",
    ),
)
