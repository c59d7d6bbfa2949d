"""Symbolic links are not followed when modes are set, and stop nothing (MODE-4)."""

from __future__ import annotations

from typing import Final

from injector_conformance.cases.case import Case
from injector_conformance.chapters.modes.sample import PLAIN
from injector_conformance.chapters.recipes import (
    FOLDER,
    Named,
    archived,
    completes,
    fails_or,
)
from injector_fixtures import tar
from injector_fixtures.tree import Symlink

_DATA: Final = b"data\n"
_BEFORE: Final = tar.file(b"a", _DATA, mode=0o600)
_AFTER: Final = tar.file(b"z", _DATA, mode=0o600)
_BOTH: Final[Named] = {b"a": _DATA, b"z": _DATA}

_ABORTS: Final = "chmod() fails on the link, and what comes after it keeps its mode"
_FOUNDING: Final = "the founding injector stops half way"
_LEAVES: Final = "the founding injector changes modes outside"


def _inside(
    word: str,
    title: str,
    *members: bytes,
    tree: Named,
    why: str = _ABORTS,
    origin: str,
    requirements: tuple[str, ...] = ("MODE-4", "TAR-7"),
    others: str = "",
) -> Case:
    """Links that stay inside, among files: all of it must arrive."""
    return Case(
        id=f"mode-link-{word}",
        title=title,
        why=why,
        origin=origin,
        requirements=requirements,
        init=archived(_BEFORE, *members, _AFTER),
        expect=completes({**_BOTH, **tree}),
        control=PLAIN,
        others=others,
    )


def _outward(word: str, title: str, target: bytes, why: str, origin: str) -> Case:
    """A link that leads out: made and left alone, or refused (BOX-6)."""
    return Case(
        id=f"mode-link-{word}",
        title=title,
        why=why,
        origin=origin,
        requirements=("MODE-4", "TAR-7"),
        init=archived(_BEFORE, tar.symlink(b"l", target), _AFTER),
        expect=fails_or({**_BOTH, b"l": Symlink(target)}),
        control=PLAIN,
        others=_LEAVES,
    )


CASES: Final = (
    _outward(
        "outside-file",
        "a link to /canary/file, whose mode is 0640",
        b"/canary/file",
        "chmod() follows the link: a file outside can be read and run by everybody",
        "catalogue S01",
    ),
    _outward(
        "outside-directory",
        "a link to ../canary, with files and directories that nobody else may enter",
        b"../canary",
        "a walk that enters the link opens everything below it to everybody",
        "catalogue S02",
    ),
    _outward(
        "outside-link",
        "a link to ../canary/link, which leads to a file outside",
        b"../canary/link",
        "chmod() follows both links",
        "catalogue S01",
    ),
    _inside(
        "inside",
        "links to a file and to a directory inside",
        *(tar.directory(b"d/"), tar.symlink(b"l", b"a"), tar.symlink(b"m", b"d")),
        tree={b"d": FOLDER, b"l": Symlink(b"a"), b"m": Symlink(b"d")},
        why="links are replaced by what they lead to, or their text is rewritten",
        origin="catalogue L17",
    ),
    _inside(
        "dangling",
        "a link whose target does not exist",
        tar.symlink(b"l", b"missing"),
        tree={b"l": Symlink(b"missing")},
        origin="catalogue L18, S03",
        others=_FOUNDING,
    ),
    _inside(
        "to-itself",
        "a link to itself",
        tar.symlink(b"l", b"l"),
        tree={b"l": Symlink(b"l")},
        origin="catalogue L19, S04",
        others=_FOUNDING,
    ),
    _inside(
        "to-parent",
        "a link d/up to .., so that a walk finds itself again",
        *(tar.directory(b"d/"), tar.symlink(b"d/up", b"..")),
        tree={b"d": FOLDER, b"d/up": Symlink(b"..")},
        why="a walk that follows links goes round until a name is too long, and stops there",
        origin="catalogue S05",
        others=_FOUNDING,
    ),
    _inside(
        "to-each-other",
        "two links to each other, in two directories",
        *(tar.symlink(b"d/l", b"../e/l"), tar.symlink(b"e/l", b"../d/l")),
        tree={
            b"d": FOLDER,
            b"d/l": Symlink(b"../e/l"),
            b"e": FOLDER,
            b"e/l": Symlink(b"../d/l"),
        },
        origin="catalogue S04",
    ),
    _inside(
        "to-output-directory",
        "a link to ., the output directory itself",
        tar.symlink(b"l", b"."),
        tree={b"l": Symlink(b".")},
        why="a walk that follows links goes round until a name is too long, and stops there",
        origin="catalogue S05",
    ),
    _inside(
        "many-to-parents",
        "three directories with three links to their parents in each: 9 ways round at each step",
        *(
            tar.symlink(b"d%d/l%d" % (folder, number), b"..")
            for folder in range(3)
            for number in range(3)
        ),
        tree={
            **{b"d%d" % folder: FOLDER for folder in range(3)},
            **{
                b"d%d/l%d" % (folder, number): Symlink(b"..")
                for folder in range(3)
                for number in range(3)
            },
        },
        why="a walk that follows links has more ways to go than there is time",
        origin="catalogue S05",
    ),
    _inside(
        "long-chain",
        "50 links in a row that end at a file",
        *(tar.symlink(b"l%02d" % number, b"l%02d" % (number + 1)) for number in range(49)),
        tar.symlink(b"l49", b"a"),
        tree={
            **{b"l%02d" % number: Symlink(b"l%02d" % (number + 1)) for number in range(49)},
            b"l49": Symlink(b"a"),
        },
        why="the kernel follows 40 links and then says ELOOP",
        origin="path_resolution(7)",
    ),
    _inside(
        "below-a-file",
        "a link to a/x, where a is a file",
        tar.symlink(b"l", b"a/x"),
        tree={b"l": Symlink(b"a/x")},
        why="chmod() fails with ENOTDIR, which is not the error that was thought of",
        origin="POSIX.1-2017, Pathname Resolution",
    ),
    _inside(
        "name-too-long",
        "a link to a name of 300 bytes, which no file can have",
        tar.gnu_longlink(b"n" * 300) + tar.symlink(b"l", b"x", magic=tar.GNU),
        tree={b"l": Symlink(b"n" * 300)},
        why="chmod() fails with ENAMETOOLONG, which is not the error that was thought of",
        origin="POSIX.1-2017, {NAME_MAX}",
    ),
    _inside(
        "in-closed-directory",
        "a dangling link in a directory of mode 000, and a file behind it",
        *(tar.directory(b"d/", mode=0), tar.symlink(b"d/l", b"missing")),
        tar.file(b"d/z", _DATA, mode=0),
        tree={b"d": FOLDER, b"d/l": Symlink(b"missing"), b"d/z": _DATA},
        origin="catalogue S03, S09",
    ),
)
