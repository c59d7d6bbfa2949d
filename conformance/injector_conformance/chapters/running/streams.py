"""Standard streams that are closed, broken or full change nothing (RUN-9)."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from injector_conformance.cases.case import Case, Completes, Conditions, Control
from injector_conformance.chapters.recipes import FAILS, archived, tree
from injector_conformance.chapters.running.sample import DAMAGED, GOOD, PLAIN, TREE, alike, under
from injector_fixtures import tar

_OPEN: Final = "POSIX.1-2017, open(): the lowest descriptor that is free"
_PIPE: Final = "POSIX.1-2017, write(), EPIPE"
_SPACE: Final = "full(4)"


def _extracts(
    word: str,
    title: str,
    conditions: Conditions,
    why: str,
    origin: str,
    *,
    control: Control = PLAIN,
) -> Case:
    return Case(
        id=f"run-{word}",
        title=title,
        why=why,
        origin=origin,
        requirements=("RUN-9",),
        init=GOOD,
        expect=(Completes(TREE),),
        control=control,
        conditions=conditions,
    )


def _fails(word: str, title: str, conditions: Conditions, why: str, origin: str) -> Case:
    return Case(
        id=f"run-{word}",
        title=title,
        why=why,
        origin=origin,
        requirements=("RUN-9",),
        init=DAMAGED,
        expect=FAILS,
        control=under(conditions, "RUN-9"),
        conditions=conditions,
    )


_MANY_NAMES: Final = tuple(b"file-with-a-name-%03d" % number for number in range(500))
_MANY: Final = archived(*map(tar.file, _MANY_NAMES))
_MANY_TREE: Final = tree(dict.fromkeys(_MANY_NAMES, b""))

_ALL_CLOSED: Final = Conditions(stdin="closed", stdout="closed", stderr="closed")
_LANDS: Final = "the next file that is opened becomes the standard stream: messages land in it"
_KILLED: Final = "SIGPIPE kills the injector in the middle of its work"
_GIVES_UP: Final = "a message that cannot be written stops the injection"

CASES: Final = (
    _extracts(
        "input-open",
        "a standard input on which nothing ever comes",
        Conditions(stdin="open"),
        "whoever reads it waits for ever",
        "the stage1 contract: the payload is in files",
    ),
    _extracts(
        "input-closed",
        "a closed standard input",
        Conditions(stdin="closed"),
        "the first file that is opened is descriptor 0, which is taken for an error",
        _OPEN,
    ),
    _extracts(
        "output-closed", "a closed standard output", Conditions(stdout="closed"), _LANDS, _OPEN
    ),
    _extracts(
        "output-broken",
        "a standard output whose reader has gone",
        Conditions(stdout="broken"),
        _KILLED,
        _PIPE,
    ),
    _extracts(
        "output-full",
        "a standard output on a device without space",
        Conditions(stdout="full"),
        _GIVES_UP,
        _SPACE,
    ),
    _extracts(
        "error-closed", "a closed standard error", Conditions(stderr="closed"), _LANDS, _OPEN
    ),
    _extracts(
        "error-broken",
        "a standard error whose reader has gone",
        Conditions(stderr="broken"),
        _KILLED,
        _PIPE,
    ),
    _extracts(
        "error-full",
        "a standard error on a device without space",
        Conditions(stderr="full"),
        _GIVES_UP,
        _SPACE,
    ),
    _extracts("all-closed", "all three standard streams closed", _ALL_CLOSED, _LANDS, _OPEN),
    _extracts(
        "output-and-error-broken",
        "standard output and error whose readers have gone",
        Conditions(stdout="broken", stderr="broken"),
        _KILLED,
        _PIPE,
    ),
    _extracts(
        "all-closed-as-pod",
        "all three standard streams closed, as the pod's user, three runs",
        replace(_ALL_CLOSED, user="pod", runs=3),
        _LANDS,
        _OPEN,
        control=under(Conditions(user="pod"), "RUN-5"),
    ),
    _fails(
        "error-closed-failing",
        "a damaged payload and a closed standard error",
        Conditions(stderr="closed"),
        "the message cannot be written, and the injection counts as done",
        _OPEN,
    ),
    _fails(
        "error-broken-failing",
        "a damaged payload and a standard error whose reader has gone",
        Conditions(stderr="broken"),
        "the message kills the injector with SIGPIPE, which is no refusal",
        _PIPE,
    ),
    _fails(
        "error-full-failing",
        "a damaged payload and a standard error on a device without space",
        Conditions(stderr="full"),
        "the message cannot be written, and the error on the way hides the first one",
        _SPACE,
    ),
    _fails(
        "all-closed-failing",
        "a damaged payload and all three standard streams closed",
        _ALL_CLOSED,
        "the message cannot be written, and the injection counts as done",
        _OPEN,
    ),
    Case(
        id="run-output-broken-many",
        title="500 files and a standard output whose reader has gone",
        why="what is printed is buffered: it fails only when there is much of it",
        origin=_PIPE,
        requirements=("RUN-9",),
        init=_MANY,
        expect=(Completes(_MANY_TREE),),
        control=alike(_MANY, _MANY_TREE),
        conditions=Conditions(stdout="broken", stderr="broken"),
    ),
)
