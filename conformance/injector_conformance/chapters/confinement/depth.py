"""Paths that are too long or too deep for one call (BOX-8)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from injector_conformance.cases.case import Case
from injector_conformance.chapters.confinement.attack import AFTER, DATA, ONLY_AFTER, file
from injector_conformance.chapters.recipes import FOLDER, Named, control, fails_or
from injector_fixtures import gzip, tar
from injector_fixtures.layout import InitDirectory, chunked
from injector_fixtures.tree import Symlink

_LEVEL: Final = 6
_SLASH: Final = ord("/")


def _deep(
    word: str,
    title: str,
    folder: bytes,
    members: Callable[[], Iterator[bytes]],
    *,
    tree: Named | None = None,
    why: str,
    origin: str,
    others: str = "",
) -> Case:
    """Members that lead to the file ``f`` in ``folder``, or to ``tree``."""
    expected = {**_parents(folder), folder + b"/f": DATA} if tree is None else tree

    def recipe() -> InitDirectory:
        return chunked(gzip.tgz(*members(), AFTER, level=_LEVEL))

    return Case(
        id=f"box-deep-{word}",
        title=title,
        why=why,
        origin=origin,
        requirements=("BOX-8", "TAR-13"),
        init=recipe,
        expect=fails_or({**expected, **ONLY_AFTER}),
        control=control(
            {b"d": FOLDER, b"d/f": DATA, **ONLY_AFTER}, tar.directory(b"d/"), file(b"d/f"), AFTER
        ),
        others=others,
    )


def _parents(folder: bytes) -> Named:
    ends = [end for end, byte in enumerate(folder) if byte == _SLASH]
    return {folder[:end]: FOLDER for end in (*ends, len(folder))}


def _file(name: bytes) -> bytes:
    return tar.gnu_longname(name) + tar.file(b"stand-in", DATA, magic=tar.GNU)


def _directory(name: bytes) -> bytes:
    return tar.gnu_longname(name) + tar.directory(b"stand-in/", magic=tar.GNU)


def _one_by_one(folder: bytes) -> Iterator[bytes]:
    for name in _parents(folder):
        yield _directory(name + b"/")
    yield _file(folder + b"/f")


_NEAR: Final = b"/".join([b"n" * 199] * 20)
"""3,999 bytes: with the output directory before it and the file behind it, below {PATH_MAX}."""

_OVER: Final = b"/".join([b"o" * 199] * 25)
_LEVELS: Final = b"/".join([b"d"] * 1_500)
_LEVELS_OVER: Final = b"/".join([b"d"] * 2_100)

_SLOW: Final = "time or stack grows with the depth, or with its square"
_RUST: Final = "Rust tar takes more than 30 s; CPython runs into its recursion limit"

CASES: Final = (
    _deep(
        "near-path-max",
        "a file whose path is a little shorter than {PATH_MAX}",
        _NEAR,
        lambda: iter([_file(_NEAR + b"/f")]),
        why="joined with the output directory the path is longer than it was when it was checked",
        origin="catalogue M13",
        others="Rust tar and CPython fail; GNU tar, bsdtar, Go and BusyBox extract it",
    ),
    _deep(
        "at-path-max",
        "a file whose path has 4,095 bytes, the most that one call takes",
        (b"p" * 99 + b"/") * 40 + b"p" * 93,
        lambda: iter([_file((b"p" * 99 + b"/") * 40 + b"p" * 93 + b"/f")]),
        why="no room is left for the output directory's own path, or for the NUL behind it",
        origin="catalogue M13",
    ),
    _deep(
        "over-path-max",
        "a file whose path has 5,000 bytes",
        _OVER,
        lambda: iter([_file(_OVER + b"/f")]),
        why="no single call can make it; what is made half way must not count as success",
        origin="catalogue M14",
        others="Rust tar, CPython and BusyBox fail; bsdtar and Go extract it",
    ),
    _deep(
        "levels",
        "a file 1,500 directories deep",
        _LEVELS,
        lambda: iter([_file(_LEVELS + b"/f")]),
        why=_SLOW,
        origin="catalogue M15",
        others=_RUST,
    ),
    _deep(
        "levels-one-by-one",
        "500 directories, each an entry of its own below the one before",
        b"/".join([b"d"] * 500),
        lambda: _one_by_one(b"/".join([b"d"] * 500)),
        why=_SLOW,
        origin="catalogue M15",
        others=_RUST,
    ),
    _deep(
        "levels-over-path-max",
        "a file 2,100 directories deep, beyond {PATH_MAX}",
        _LEVELS_OVER,
        lambda: iter([_file(_LEVELS_OVER + b"/f")]),
        why="neither a path nor a descriptor for each level reaches it",
        origin="catalogue M14, M15",
        others=_RUST,
    ),
    _deep(
        "text-over-path-max",
        "a symbolic link with a text of 5,000 bytes",
        b"",
        lambda: iter([tar.gnu_longlink(b"d/" * 2_500) + tar.symlink(b"l", b"x", magic=tar.GNU)]),
        tree={b"l": Symlink(b"d/" * 2_500)},
        why="Linux allows no such link; a text that is cut to what fits is another link",
        origin="POSIX.1-2017, symlink(), {SYMLINK_MAX}",
    ),
)
