"""Observations that nobody made, and cases to judge them by."""

from __future__ import annotations

from injector_conformance.cases.case import Case, Completes, Control, Fails
from injector_conformance.chapters.recipes import archived, tree
from injector_conformance.judging.verdict import Broken
from injector_conformance.observations.observation import Change, Observation
from injector_conformance.sandbox import Run, Stop
from injector_conformance.stages.snapshot import Print, Snapshot
from injector_fixtures.tree import Directory, Entry

ROOT = Print(Directory(0o755), 0, 0, 2, 0, (1, 1))
EMPTY = Snapshot({b".": ROOT})
RECIPE = archived()


def snapshot(entries: dict[bytes, Entry], root: Print = ROOT) -> Snapshot:
    prints = {
        name: Print(entry, 0, 0, 1, 0, (1, 10 + n))
        for n, (name, entry) in enumerate(entries.items())
    }
    return Snapshot({b".": root, **prints})


def seen(
    entries: dict[bytes, Entry] | None = None,
    *,
    status: int = 0,
    stdout: bytes = b"",
    stderr: bytes = b"why",
    root: Print = ROOT,
    stopped: Stop | None = None,
    peak: int | None = None,
) -> Observation:
    """An observation in which all else is in order."""
    return Observation(
        run=Run(status, stopped, stdout, stderr, 0.1, peak),
        output_before=EMPTY,
        output=snapshot(entries or {}, root),
        init_changes=(),
        outside_changes=(),
        shared=(),
    )


def case(*expect: Completes | Fails, requirements: tuple[str, ...] = ("TAR-2",)) -> Case:
    return Case(
        id="test-case",
        title="t",
        why="w",
        origin="o",
        requirements=requirements,
        init=RECIPE,
        expect=expect,
        control=Control(RECIPE, {}),
    )


def broken(found: tuple[Broken, ...]) -> set[str]:
    return {one.requirement for one in found}


ONE_FILE = tree({b"a": b"1"})
COMPLETES = Completes(ONE_FILE)
CHANGED_OUTSIDE = (Change(b"canary/file", ROOT, None),)
