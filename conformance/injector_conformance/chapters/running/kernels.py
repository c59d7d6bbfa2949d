"""Older kernels, and filters that refuse the calls of newer ones (RUN-11)."""

from __future__ import annotations

from typing import Final, Literal

from injector_conformance.cases.case import Case, Completes, Conditions
from injector_conformance.chapters.recipes import FAILS, Recipe
from injector_conformance.chapters.running.sample import (
    DAMAGED,
    EVERYTHING,
    EVERYTHING_TREE,
    GOOD,
    PLAIN,
    TREE,
    alike,
    under,
)
from injector_fixtures.tree import Tree

_Error = Literal["ENOSYS", "EPERM"]
_ERRORS: Final[tuple[_Error, ...]] = ("ENOSYS", "EPERM")
_WHY: Final = (
    "what is refused is taken for what is not there: the message speaks of a file that is no file"
)
_ORIGIN: Final = "statx(2), openat2(2); OCI runtime specification, seccomp, defaultErrnoRet"


def _works(word: str, title: str, error: _Error, init: Recipe, tree: Tree) -> Case:
    return Case(
        id=f"run-refused-{word}-{error.lower()}",
        title=f"{title}, where calls newer than Linux 4.10 fail with {error}",
        why=_WHY,
        origin=_ORIGIN,
        requirements=("RUN-11",),
        init=init,
        expect=(Completes(tree),),
        control=PLAIN if init is GOOD else alike(init, tree),
        conditions=Conditions(refused=error),
    )


def _fails(error: _Error) -> Case:
    conditions = Conditions(refused=error)
    return Case(
        id=f"run-refused-failing-{error.lower()}",
        title=f"a damaged payload, where calls newer than Linux 4.10 fail with {error}",
        why="another way that is taken there does not look as closely",
        origin=_ORIGIN,
        requirements=("RUN-11",),
        init=DAMAGED,
        expect=FAILS,
        control=under(conditions, "RUN-11"),
        conditions=conditions,
    )


def _as_pod(error: _Error) -> Case:
    return Case(
        id=f"run-refused-as-pod-{error.lower()}",
        title=f"as the pod's user, where calls newer than Linux 4.10 fail with {error}",
        why=_WHY,
        origin=_ORIGIN,
        requirements=("RUN-11",),
        init=GOOD,
        expect=(Completes(TREE),),
        control=under(Conditions(user="pod"), "RUN-5"),
        conditions=Conditions(user="pod", refused=error),
    )


CASES: Final = (
    *(_works("plain", "files and directories", one, GOOD, TREE) for one in _ERRORS),
    *(
        _works("everything", "one of everything", one, EVERYTHING, EVERYTHING_TREE)
        for one in _ERRORS
    ),
    *map(_as_pod, _ERRORS),
    *map(_fails, _ERRORS),
)
