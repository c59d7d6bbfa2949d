"""The prefix of headers whose magic is ustar and whose version is not 00 (TAR-1)."""

from __future__ import annotations

from typing import Final

from injector_conformance.cases.case import Case
from injector_conformance.chapters.recipes import FOLDER, archived, completes
from injector_conformance.chapters.tar.neighbours import AFTER, ONLY_AFTER
from injector_fixtures import tar

_DATA: Final = b"found\n"


def _version(word: str, title: str, version: bytes) -> Case:
    magic = b"ustar\0" + version
    return Case(
        id=f"tar-ustar-version-{word}",
        title=f"ustar headers whose version is {title}",
        why="the archive is refused, or its files lose the directories of their names",
        origin="POSIX.1-2017 pax, ustar: the magic tells the format; archives of old programs",
        requirements=("TAR-1",),
        init=archived(
            tar.directory(b"d/", magic=magic),
            tar.file(b"f", _DATA, magic=magic, prefix=b"d"),
            AFTER,
        ),
        expect=completes({b"d": FOLDER, b"d/f": _DATA, **ONLY_AFTER}),
    )


CASES: Final = (
    _version("spaces", "two spaces", b"  "),
    _version("nuls", "two NULs", b"\0\0"),
    _version("space-and-nul", "a space and a NUL", b" \0"),
    _version("11", "11", b"11"),
)
