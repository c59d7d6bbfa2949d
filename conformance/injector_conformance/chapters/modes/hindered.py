"""The same modes whatever stands in the way: umask, closed directories, set-group-ID (MODE-2)."""

from __future__ import annotations

from typing import Final

from injector_conformance.cases.case import Case, Conditions
from injector_conformance.chapters.modes.sample import AS_POD, PLAIN
from injector_conformance.chapters.recipes import FOLDER, Named, archived, completes
from injector_fixtures import tar
from injector_fixtures.tree import Symlink, regular

_DATA: Final = b"data\n"
_ORDINARY: Final = Conditions()
_POD: Final = Conditions(user="pod")

_MEMBERS: Final = (
    *(tar.file(b"f", _DATA), tar.directory(b"d/"), tar.file(b"d/f", _DATA)),
    *(tar.file(b"made/for/f", _DATA), tar.file(b"h", _DATA, mode=0)),
)
_TREE: Final[Named] = {
    b"f": _DATA,
    b"d": FOLDER,
    b"d/f": _DATA,
    b"made": FOLDER,
    b"made/for": FOLDER,
    b"made/for/f": _DATA,
    b"h": _DATA,
}

_UMASK: Final = "modes that are left to open() and mkdir() lose the bits of the umask"
_CLOSED: Final = "the directory gets its mode before its children are made, and they cannot be"


def _umask(word: str, umask: int, *, user: str = "root") -> Case:
    pod = user == "pod"
    return Case(
        id=f"mode-umask-{word}",
        title=f"a umask of {umask:04o}" + (", as the pod's user" if pod else ""),
        why=_UMASK + ("; and an ordinary user cannot enter what was made" if pod else ""),
        origin="POSIX.1-2017, umask()",
        requirements=("MODE-2",),
        init=archived(*_MEMBERS),
        expect=completes(_TREE),
        control=AS_POD if pod else PLAIN,
        conditions=Conditions(user="pod" if pod else "root", umask=umask),
    )


def _closed(
    word: str,
    title: str,
    *members: bytes,
    tree: Named,
    origin: str,
    why: str = _CLOSED,
    conditions: Conditions = _ORDINARY,
) -> Case:
    return Case(
        id=f"mode-{word}",
        title=title,
        why=why,
        origin=origin,
        requirements=("MODE-2",),
        init=archived(*members),
        expect=completes(tree),
        control=AS_POD if conditions.user == "pod" else PLAIN,
        conditions=conditions,
    )


_IN_CLOSED: Final = (
    tar.directory(b"d/", mode=0),
    *(tar.directory(b"d/e/", mode=0), tar.file(b"d/e/f", _DATA, mode=0)),
    *(tar.symlink(b"d/e/l", b"f"), tar.hardlink(b"d/e/h", b"d/e/f")),
    tar.file(b"d/f", _DATA, mode=0),
)
_IN_CLOSED_TREE: Final[Named] = {
    b"d": FOLDER,
    b"d/e": FOLDER,
    b"d/e/f": regular(_DATA, first_name=b"d/e/f"),
    b"d/e/h": regular(_DATA, first_name=b"d/e/f"),
    b"d/e/l": Symlink(b"f"),
    b"d/f": _DATA,
}

CASES: Final = (
    _umask("none", 0),
    _umask("group", 0o027),
    _umask("private", 0o077),
    _umask("all", 0o777),
    _umask("private-as-pod", 0o077, user="pod"),
    _umask("all-as-pod", 0o777, user="pod"),
    _closed(
        "read-only-directory",
        "a directory of mode 0555 with children",
        *(tar.directory(b"d/", mode=0o555), tar.file(b"d/f", _DATA), tar.directory(b"d/e/")),
        tree={b"d": FOLDER, b"d/e": FOLDER, b"d/f": _DATA},
        origin="catalogue C07",
    ),
    _closed(
        "read-only-directory-as-pod",
        "a directory of mode 0555 with children, as the pod's user",
        *(tar.directory(b"d/", mode=0o555), tar.file(b"d/f", _DATA), tar.directory(b"d/e/")),
        tree={b"d": FOLDER, b"d/e": FOLDER, b"d/f": _DATA},
        origin="catalogue C07",
        conditions=_POD,
    ),
    _closed(
        "closed-directory",
        "directories of mode 000 in each other, with files and links in them",
        *_IN_CLOSED,
        tree=_IN_CLOSED_TREE,
        origin="catalogue C08, S09",
    ),
    _closed(
        "closed-directory-as-pod",
        "directories of mode 000 in each other, as the pod's user",
        *_IN_CLOSED,
        tree=_IN_CLOSED_TREE,
        origin="catalogue C08, U14",
        why=f"{_CLOSED}; root does not notice",
        conditions=_POD,
    ),
    _closed(
        "closed-behind-its-files",
        "a file d/f, the directory d of mode 000, then a file d/g, as the pod's user",
        *(tar.file(b"d/f", _DATA), tar.directory(b"d/", mode=0), tar.file(b"d/g", _DATA)),
        tree={b"d": FOLDER, b"d/f": _DATA, b"d/g": _DATA},
        origin="catalogue U14; tar --append",
        conditions=_POD,
    ),
    _closed(
        "closed-file-replaced",
        "a file of mode 000, then a file of the same name, as the pod's user",
        *(tar.file(b"f", b"old", mode=0), tar.file(b"f", _DATA, mode=0)),
        tree={b"f": _DATA},
        origin="catalogue U01",
        why="the first file cannot be opened for writing by the second",
        conditions=_POD,
    ),
    _closed(
        "set-group-id-inherited",
        "directories in the pod's output directory, which has the set-group-ID bit",
        *(tar.directory(b"d/"), tar.directory(b"d/e/"), tar.file(b"made/for/f", _DATA)),
        tree={
            b"d": FOLDER,
            b"d/e": FOLDER,
            b"made": FOLDER,
            b"made/for": FOLDER,
            b"made/for/f": _DATA,
        },
        origin="mkdir(2); Kubernetes, Pod security context, fsGroup",
        why="new directories inherit the bit, which no mode given to mkdir() removes",
        conditions=_POD,
    ),
    _closed(
        "set-group-id-inherited-by-root",
        "directories in an output directory of mode 2777, as root",
        *(tar.directory(b"d/"), tar.file(b"made/for/f", _DATA)),
        tree={b"d": FOLDER, b"made": FOLDER, b"made/for": FOLDER, b"made/for/f": _DATA},
        origin="mkdir(2)",
        why="new directories inherit the bit, which no mode given to mkdir() removes",
        conditions=Conditions(output_mode=0o2777),
    ),
)
