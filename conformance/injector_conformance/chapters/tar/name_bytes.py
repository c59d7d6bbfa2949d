"""Names are bytes: nothing in them is special but the slash and the NUL (TAR-13)."""

from __future__ import annotations

from typing import Final

from injector_conformance.cases.case import Case, Expectation
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
from injector_fixtures.tree import Symlink

_DATA: Final = b"found\n"
_IN_FIELDS: Final[Named] = {
    b"d": FOLDER,
    b"d/a": _DATA,
    b"l": Symlink(b"a"),
    **ONLY_AFTER,
}


def _literal(
    word: str, title: str, *names: bytes, origin: str = "POSIX.1-2017: names", others: str = ""
) -> Case:
    return Case(
        id=f"tar-name-{word}",
        title=title,
        why="the file is missing under its own name, and whoever looks for it does not find it",
        origin=origin,
        requirements=("TAR-13", "TAR-2"),
        init=archived(*(tar.file(name, name) for name in names), AFTER),
        expect=completes({**{name: name for name in names}, **ONLY_AFTER}),
        others=others,
    )


def _spelt(word: str, title: str, tree: Named, *members: bytes) -> Case:
    return Case(
        id=f"tar-name-{word}",
        title=title,
        why="archives of whole directories are full of such names; their files would be missing",
        origin="POSIX.1-2017, Pathname Resolution",
        requirements=("TAR-2", "TAR-5"),
        init=archived(*members, AFTER),
        expect=completes({**tree, **ONLY_AFTER}),
    )


def _nul(
    where: str, title: str, *members: bytes, origin: str, expect: tuple[Expectation, ...] = FAILS
) -> Case:
    return Case(
        id=f"tar-nul-in-{where}",
        title=title,
        why="a reader that stops at the NUL and one that does not see two different files",
        origin=origin,
        requirements=("TAR-13",),
        init=archived(*members, AFTER),
        expect=expect,
        control=control({b"visible": _DATA, **ONLY_AFTER}, tar.file(b"visible", _DATA), AFTER),
    )


CASES: Final = (
    _literal(
        "backslashes",
        "names with backslashes",
        b"a\\b",
        b"..\\c",
        b"C:\\d",
        origin="catalogue P14",
        others="bsdtar removes what it takes for a drive letter",
    ),
    _literal(
        "not-utf-8", "names that are not UTF-8", b"\xff\xfe", b"\xc3(", origin="catalogue M07"
    ),
    _literal("surrogate", "a name with an encoded surrogate", b"\xed\xa0\x80", b"\xed\xb3\xbf"),
    _literal(
        "overlong", "a name with an overlong slash and dots", b"\xc0\xaf", b"\xc0\xae\xc0\xae"
    ),
    _literal(
        "control-characters",
        "names of control characters, a newline among them",
        b"a\nb",
        b"\x01\x02",
        b"\x1b[31m",
        b"\x7f",
        b"\r",
        b"tab\there",
        origin="catalogue M08",
    ),
    _literal(
        "like-an-option",
        "names that a command would take for an option",
        b"-rf",
        b"--help",
        b"-",
        origin="catalogue M09",
    ),
    _literal(
        "spaces",
        "names with leading, trailing and only spaces",
        b" ",
        b" leading",
        b"trailing ",
        b"in the middle",
        origin="catalogue M10",
    ),
    _literal("glob", "names of glob characters", b"*", b"?", b"[a-z]", b"{a,b}", b"~", b"$HOME"),
    _literal(
        "dots", "names that begin or end with dots", b"...", b"..a", b"a..", b".hidden", b"a."
    ),
    _literal("colon", "names like those of remote archives", b"host:file", b"user@host:f"),
    _literal("percent", "names with percent signs", b"%2e%2e%2f", b"%s%n", b"%00"),
    _literal("case", "names that differ only in case", b"name", b"Name", b"NAME"),
    _literal(
        "normal-forms",
        "one letter composed and decomposed: two names",
        "\u00e9".encode(),
        "e\u0301".encode(),
    ),
    Case(
        id="tar-name-not-utf-8-pax",
        title="a pax path that is not UTF-8, with and without hdrcharset=BINARY",
        why="the file arrives under a name of replacement characters, or not at all",
        origin="POSIX.1-2017 pax, hdrcharset",
        requirements=("TAR-13", "TAR-1"),
        init=archived(
            tar.pax({b"path": b"a\xff"}),
            tar.file(b"stand-in", _DATA),
            tar.pax([(b"hdrcharset", b"BINARY"), (b"path", b"b\xff")]),
            tar.file(b"stand-in", _DATA),
            AFTER,
        ),
        expect=completes({b"a\xff": _DATA, b"b\xff": _DATA, **ONLY_AFTER}),
        others="bsdtar extracts it, and ends with a complaint and status 1",
    ),
    Case(
        id="tar-name-bytes-everywhere",
        title="odd bytes in the names of a directory, a symbolic link, its text and a hard link",
        why="only regular files get their exact names",
        origin="catalogue M07, M08",
        requirements=("TAR-13", "TAR-7"),
        init=archived(
            tar.directory(b"d\xff\n/"),
            tar.file(b"d\xff\n/-f", _DATA),
            tar.symlink(b"l\xfe*", b"d\xff\n/-f \\"),
            tar.directory(b" "),
            AFTER,
        ),
        expect=completes(
            {
                b"d\xff\n": FOLDER,
                b"d\xff\n/-f": _DATA,
                b"l\xfe*": Symlink(b"d\xff\n/-f \\"),
                b" ": FOLDER,
                **ONLY_AFTER,
            }
        ),
    ),
    _spelt(
        "dot-slash",
        "every name begins with ./, and so does the archive",
        {b"a": _DATA, b"d": FOLDER, b"d/b": _DATA},
        tar.directory(b"./"),
        tar.file(b"./a", _DATA),
        tar.directory(b"./d/"),
        tar.file(b"./d/b", _DATA),
    ),
    _spelt(
        "double-slash",
        "names with doubled slashes inside and at the end",
        {b"d": FOLDER, b"d/a": _DATA, b"d/e": FOLDER},
        tar.file(b"d//a", _DATA),
        tar.directory(b"d///e//"),
    ),
    _spelt(
        "inner-dot",
        "names with . components inside",
        {b"d": FOLDER, b"d/a": _DATA},
        tar.file(b"d/./././a", _DATA),
    ),
    _nul(
        "pax-path",
        "a pax path with a NUL in it",
        tar.pax({b"path": b"visible\0hidden"}),
        tar.file(b"f", _DATA),
        origin="catalogue X18",
    ),
    _nul(
        "pax-linkpath",
        "a pax link text with a NUL in it",
        tar.pax({b"linkpath": b"visible\0hidden"}),
        tar.symlink(b"l", b"f"),
        origin="catalogue X18",
    ),
    _nul(
        "gnu-name",
        "a GNU long name with a NUL in it: the end of the name, or a failure",
        tar.gnu_longname(b"visible\0hidden"),
        tar.file(b"f", _DATA, magic=tar.GNU),
        origin="catalogue G03",
        expect=fails_or({b"visible": _DATA, **ONLY_AFTER}),
    ),
    Case(
        id="tar-nul-in-header-fields",
        title="header fields with rests of other texts behind their NUL: cut off, or a failure",
        why="programs that reuse a buffer leave such rests behind; the names end at the NUL",
        origin="POSIX.1-2017 pax, ustar: null-terminated unless full",
        requirements=("TAR-13",),
        init=archived(
            tar.file(b"a\0rest", _DATA, prefix=b"d\0rest", linkname=b"\0rest"),
            tar.symlink(b"l\0/rest", b"a\0rest", prefix=b"\0rest"),
            AFTER,
        ),
        expect=fails_or(_IN_FIELDS),
        control=control(
            _IN_FIELDS, tar.file(b"a", _DATA, prefix=b"d"), tar.symlink(b"l", b"a"), AFTER
        ),
    ),
)
