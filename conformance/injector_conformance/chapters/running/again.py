"""A second run over what a first one left (RUN-7)."""

from __future__ import annotations

from typing import Final

from injector_conformance.cases.case import Case, Completes, Conditions, Control, Expectation
from injector_conformance.chapters.recipes import FOLDER, Named, Recipe, archived, completes
from injector_conformance.chapters.running.sample import (
    EVERYTHING,
    EVERYTHING_TREE,
    IMAGE,
    PROGRAM,
)
from injector_fixtures import golden, tar
from injector_fixtures.layout import File, Folder, Link
from injector_fixtures.tree import Symlink, Tree, regular

_TWICE: Final = Conditions(runs=2)
_RESTART: Final = "Kubernetes, init containers (restarts)"


def _again(
    word: str,
    title: str,
    init: Recipe,
    expect: tuple[Expectation, ...],
    *,
    why: str,
    conditions: Conditions = _TWICE,
    origin: str = _RESTART,
    about: tuple[str, ...] = (),
) -> Case:
    """More runs than one; the control is the first of them, and ``about`` what it is about."""
    return Case(
        id=f"run-again-{word}",
        title=title,
        why=why,
        origin=origin,
        requirements=("RUN-7",),
        init=init,
        expect=expect,
        control=_once(init, _tree(expect), conditions, about),
        conditions=conditions,
    )


def _once(
    init: Recipe, whole_tree: Tree, conditions: Conditions, about: tuple[str, ...]
) -> Control:
    """One run of the same, by the same user, and as process 1 if that is what it is twice."""
    plain = Control(init, whole_tree, Conditions(), about)
    if conditions.as_pid_1:
        return Control(init, whole_tree, Conditions(as_pid_1=True), ("RUN-6",), plain)
    if conditions.user == "root":
        return plain
    return Control(init, whole_tree, Conditions(user="pod"), ("RUN-5",), plain)


def _tree(expect: tuple[Expectation, ...]) -> Tree:
    return next(one.tree for one in expect if isinstance(one, Completes))


_LINKED: Final[Named] = {
    b"f": b"new\n",
    b"h": regular(b"old\n", first_name=b"h"),
    b"i": regular(b"old\n", first_name=b"h"),
}

CASES: Final = (
    _again(
        "golden",
        "the golden payload twice",
        lambda: golden.layouts()["subpath"],
        (Completes(golden.tree()),),
        why="a restarted init container finds what its predecessor left, and stops there",
    ),
    _again(
        "everything",
        "one of everything, twice",
        EVERYTHING,
        (Completes(EVERYTHING_TREE),),
        why="links exist already: symlink() and link() fail where open() does not",
    ),
    _again(
        "thrice-as-pod",
        "one of everything, three times, as the pod's user",
        EVERYTHING,
        (Completes(EVERYTHING_TREE),),
        why="what the first run made cannot be opened again by somebody who is not root",
        conditions=Conditions(user="pod", runs=3, umask=0o077),
    ),
    _again(
        "link-to-directory",
        "a directory, a link to it, and a link in it to its parent, twice",
        archived(
            *(tar.directory(b"d/"), tar.symlink(b"l", b"d"), tar.symlink(b"d/up", b"..")),
        ),
        completes({b"d": FOLDER, b"l": Symlink(b"d"), b"d/up": Symlink(b"..")}),
        about=("TAR-7",),
        why="as ln -s does, the second run makes a link in the directory that the link leads to",
    ),
    _again(
        "replaced-below-hard-link",
        "a file, two hard links to it, then the file with other content, twice",
        archived(
            *(tar.file(b"f", b"old\n"), tar.hardlink(b"h", b"f"), tar.hardlink(b"i", b"f")),
            tar.file(b"f", b"new\n"),
        ),
        completes(_LINKED),
        about=("TAR-6",),
        why="in the second run f exists from the start, and is written through or linked too soon",
        origin=f"{_RESTART}; catalogue U05, U10",
    ),
    _again(
        "closed-directories",
        "directories and files of mode 000, twice, as the pod's user",
        archived(
            *(tar.directory(b"d/", mode=0), tar.file(b"d/f", PROGRAM, mode=0)),
            tar.file(b"d/f", IMAGE, mode=0),
        ),
        completes({b"d": FOLDER, b"d/f": IMAGE}),
        about=("TAR-6",),
        why="what the first run made cannot be opened again by somebody who is not root",
        conditions=Conditions(user="pod", runs=2),
    ),
    _again(
        "shorter",
        "a file whose longer predecessor is there already",
        archived(tar.file(b"f", b"short\n")),
        completes({b"f": b"short\n"}),
        why="a file that is not cut before it is written keeps the tail of its predecessor",
        conditions=Conditions(runs=2, existing={b"f": File(b"a predecessor that is longer\n")}),
        origin=f"{_RESTART}, with another payload",
    ),
    _again(
        "after-half-a-run",
        "what a run that was killed left: half a file, an open directory, a link not yet replaced",
        EVERYTHING,
        (Completes(EVERYTHING_TREE),),
        why="the pod was evicted in the middle of the first run",
        conditions=Conditions(
            runs=2,
            existing={
                b"zarf-registry": File(PROGRAM[:5], 0o600),
                b"d": Folder(0o700),
                b"d/empty": File(b"not empty", 0o600),
                b"link": Link(b"elsewhere"),
                b"same": File(b"not linked", 0o600),
            },
        ),
    ),
    _again(
        "file-twice",
        "a file, a link and a file, all of one name, twice",
        archived(
            *(tar.file(b"f", b"first\n"), tar.symlink(b"f", b"missing"), tar.file(b"f", IMAGE)),
        ),
        completes({b"f": IMAGE}),
        about=("TAR-6",),
        why="names are remembered within one run only",
        origin=f"{_RESTART}; catalogue U01",
    ),
    _again(
        "first-process",
        "one of everything, twice, as process 1",
        EVERYTHING,
        (Completes(EVERYTHING_TREE),),
        why="a restarted init container is process 1 again",
        conditions=Conditions(runs=2, as_pid_1=True),
    ),
)
