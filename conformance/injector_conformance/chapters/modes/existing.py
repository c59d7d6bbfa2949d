"""The output directory's own mode, and what lay in it before (MODE-5, MODE-6)."""

from __future__ import annotations

from typing import Final

from injector_conformance.cases.case import Case, Conditions
from injector_conformance.chapters.modes.sample import PLAIN
from injector_conformance.chapters.recipes import FOLDER, Named, archived, completes
from injector_fixtures import tar
from injector_fixtures.layout import Fifo, File, Folder, Link
from injector_fixtures.tree import Special, Symlink

_DATA: Final = b"data\n"
_MEMBERS: Final = (tar.file(b"f", _DATA), tar.directory(b"d/"), tar.file(b"d/f", _DATA))
_TREE: Final[Named] = {b"f": _DATA, b"d": FOLDER, b"d/f": _DATA}


def _own(word: str, title: str, mode: int, *before: bytes) -> Case:
    return Case(
        id=f"mode-output-{word}",
        title=title,
        why="the main container cannot enter the directory, or everybody can replace its files",
        origin="the founding note; Zarf v0.22.0",
        requirements=("MODE-5",),
        init=archived(*before, *_MEMBERS),
        expect=completes(_TREE),
        conditions=Conditions(output_mode=mode),
    )


_OLD: Final = Conditions(
    existing={
        b"old": File(b"old\n", 0o600),
        b"old-directory": Folder(0o700),
        b"old-directory/old": File(b"old\n", 0o640),
    }
)

CASES: Final = (
    _own("closed", "an output directory of mode 0700 before the run", 0o700),
    _own("open", "an output directory of mode 0777 before the run, as an emptyDir has", 0o777),
    _own("set-id-and-sticky", "an output directory of mode 7777 before the run", 0o7777),
    _own(
        "in-archive",
        "an archive that says ./ has mode 0700, and an output directory of mode 0777",
        0o777,
        tar.directory(b"./", mode=0o700),
    ),
    Case(
        id="mode-existing-too",
        title="files and directories that were there before get mode 0755 as well",
        why="whoever relies on it must know which injectors do it",
        origin="Zarf v0.22.0: every file that is found",
        requirements=("MODE-6",),
        init=archived(*_MEMBERS),
        expect=completes(
            {**_TREE, b"old": b"old\n", b"old-directory": FOLDER, b"old-directory/old": b"old\n"}
        ),
        conditions=_OLD,
    ),
    Case(
        id="mode-existing-replaced",
        title="a file and a directory of the payload's names, of modes 0600 and 0700",
        why="what exists already is written into or left alone, and keeps its mode",
        origin="Kubernetes, init containers (restarts)",
        requirements=("MODE-1", "TAR-6"),
        init=archived(*_MEMBERS),
        expect=completes({**_TREE, b"d/old": b"old\n"}),
        conditions=Conditions(
            existing={
                b"f": File(b"old and longer\n", 0o600),
                b"d": Folder(0o700),
                b"d/old": File(b"old\n", 0o755),
            }
        ),
    ),
    Case(
        id="mode-existing-link",
        title="a dangling link, a link outside and a loop that were there before",
        why="a walk over all that is there follows them, or stops at them",
        origin="catalogue S01 to S05",
        requirements=("MODE-4",),
        init=archived(*_MEMBERS),
        control=PLAIN,
        expect=completes(
            _TREE,
            {
                **_TREE,
                b"a-loop": Symlink(b"a-loop"),
                b"b-outside": Symlink(b"/canary"),
                b"c-dangling": Symlink(b"missing"),
            },
        ),
        conditions=Conditions(
            existing={
                b"a-loop": Link(b"a-loop"),
                b"b-outside": Link(b"/canary"),
                b"c-dangling": Link(b"missing"),
            }
        ),
    ),
    Case(
        id="mode-existing-fifo",
        title="a FIFO that was there before",
        why="a walk that opens what it finds to change its mode waits for ever",
        origin="POSIX.1-2017, open(), FIFO",
        requirements=("MODE-4", "RUN-2"),
        init=archived(*_MEMBERS),
        control=PLAIN,
        expect=completes(
            _TREE, *({**_TREE, b"a-fifo": Special("fifo", mode)} for mode in (0o644, 0o755))
        ),
        conditions=Conditions(existing={b"a-fifo": Fifo()}),
    ),
)
