"""Data announced on members that have none: any one consistent reading, or a failure (TAR-16)."""

from __future__ import annotations

from typing import Final

from injector_conformance.case import Case
from injector_conformance.chapters.recipes import FOLDER, Named, archived, control, fails_or
from injector_conformance.chapters.tar.neighbours import AFTER, ONLY_AFTER
from injector_fixtures import tar
from injector_fixtures.tree import Symlink, regular

_TARGET: Final = tar.file(b"f", b"shared\n")
_SMUGGLED: Final = tar.file(b"smuggled")
"""One block: a header to those who think that the member has no data."""

_OWN: Final = b"own data\n"


def _announced(word: str, title: str, tree: Named, member: bytes, positive: bytes) -> Case:
    """A member of a type without data that has the size of one block, which is a header."""
    here = _with_target(word, tree)
    before = (_TARGET,) if word.startswith("hard-link") else ()
    return Case(
        id=f"tar-announced-{word}",
        title=title,
        why="half of the archive is read in one way and half in the other: members are lost",
        origin="catalogue L22, X28, X29; libarchive issue 746",
        requirements=("TAR-16",),
        init=archived(*before, member, AFTER),
        expect=fails_or(here, {**here, b"smuggled": b""}),
        control=control(here, *before, positive, AFTER),
    )


def _with_target(word: str, tree: Named) -> Named:
    if not word.startswith("hard-link"):
        return {**tree, **ONLY_AFTER}
    shared = regular(b"shared\n", first_name=b"f")
    return {**tree, b"f": shared, b"h": shared, **ONLY_AFTER}


CASES: Final = (
    _announced(
        "directory",
        "a directory with a block of data that is a header",
        {b"d": FOLDER},
        *(tar.member(b"d/", _SMUGGLED, typeflag=b"5"), tar.directory(b"d/")),
    ),
    _announced(
        "symlink",
        "a symbolic link with a block of data that is a header",
        {b"l": Symlink(b"after")},
        tar.member(b"l", _SMUGGLED, typeflag=b"2", linkname=b"after"),
        tar.symlink(b"l", b"after"),
    ),
    _announced(
        "hard-link",
        "a hard link with a block of data that is a header",
        {},
        *(tar.member(b"h", _SMUGGLED, typeflag=b"1", linkname=b"f"), tar.hardlink(b"h", b"f")),
    ),
    _announced(
        "hard-link-by-pax",
        "the same, announced by a pax size",
        {},
        tar.pax({b"size": b"512"})
        + tar.member(b"h", _SMUGGLED, typeflag=b"1", linkname=b"f", size=0),
        tar.hardlink(b"h", b"f"),
    ),
    _announced(
        "fifo",
        "a FIFO with a block of data that is a header",
        {},
        tar.member(b"pipe", _SMUGGLED, typeflag=b"6"),
        b"",
    ),
    Case(
        id="tar-announced-hard-link-content",
        title="a hard link with the file's content once more, as pax allows",
        why="the content is read as a header, or replaces nothing and is lost with what follows",
        origin="catalogue L22; POSIX.1-2017 pax, hard links with data",
        requirements=("TAR-16",),
        init=archived(
            *(_TARGET, tar.member(b"h", b"shared\n", typeflag=b"1", linkname=b"f"), AFTER)
        ),
        expect=fails_or(_with_target("hard-link", {})),
        control=control(_with_target("hard-link", {}), _TARGET, tar.hardlink(b"h", b"f"), AFTER),
    ),
    Case(
        id="tar-announced-hard-link-other-content",
        title="a hard link with other content than the file's",
        why="one of two names gets the content and the other does not",
        origin="catalogue L22; POSIX.1-2017 pax: data of a hard link may replace the file's",
        requirements=("TAR-16",),
        init=archived(_TARGET, tar.member(b"h", _OWN, typeflag=b"1", linkname=b"f"), AFTER),
        expect=fails_or(
            _with_target("hard-link", {}),
            {
                b"f": regular(_OWN, first_name=b"f"),
                b"h": regular(_OWN, first_name=b"f"),
                **ONLY_AFTER,
            },
        ),
        control=control(_with_target("hard-link", {}), _TARGET, tar.hardlink(b"h", b"f"), AFTER),
    ),
    Case(
        id="tar-announced-hard-link-without-data",
        title="a hard link with the size of its target, and no data behind it",
        why="the next members are taken for its data and lost",
        origin="cpio and old tar programs; libarchive issue 746",
        requirements=("TAR-16",),
        init=archived(
            *(_TARGET, tar.hardlink(b"h", b"f", size=1024), AFTER, tar.file(b"last", b"last\n"))
        ),
        expect=fails_or(
            {**_with_target("hard-link", {}), b"last": b"last\n"},
            {
                name: entry
                for name, entry in _with_target("hard-link", {b"last": b"last\n"}).items()
                if name != b"after"
            },
        ),
        control=control(_with_target("hard-link", {}), _TARGET, tar.hardlink(b"h", b"f"), AFTER),
    ),
)
