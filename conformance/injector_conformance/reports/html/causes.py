"""What went wrong, the gravest first: failures by their cause, before any requirement."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from injector_conformance.reports.findings import GRAVE, KINDS, OTHER, Group, braced, groups
from injector_conformance.reports.html.runs import Run

MOST_CASES: Final = 8
"""Cases that a line names where nothing grave is told; the requirement below has all of them."""


@dataclass(frozen=True, slots=True)
class Cause:
    """A kind of cause in one run.

    Attributes:
        title: for people.
        is_grave: whether every case is named.
        cases: how many cases show it.
        groups: by requirement.
    """

    title: str
    is_grave: bool
    cases: int
    groups: tuple[Group, ...]

    def names(self, group: Group) -> str:
        """The cases of one requirement, as far as they are named here."""
        ids = [case["id"] for case in group.cases]
        shown = ids if self.is_grave else ids[:MOST_CASES]
        more = len(ids) - len(shown)
        return ", ".join([*braced(shown), *([f"{more} more"] if more else [])])


def causes(runs: Sequence[Run]) -> list[tuple[Run, tuple[Cause, ...]]]:
    """Of each run in which anything failed, what did."""
    found = [(run, tuple(_causes(groups(run.document)))) for run in runs]
    return [(run, own) for run, own in found if own]


def dangers(
    found: Sequence[tuple[Run, Sequence[Cause]]], runs: Sequence[Run]
) -> list[tuple[str, bool, list[tuple[Run, int]]]]:
    """What went wrong in any run, the gravest first: title, whether it is grave, cases by run."""
    by_run = {run.key: {cause.title: cause for cause in own} for run, own in found}
    rows = []
    for kind in (*KINDS, OTHER):
        own = [(run, by_run.get(run.key, {}).get(kind.title)) for run in runs]
        if any(cause for _, cause in own):
            counts = [(run, cause.cases if cause else 0) for run, cause in own]
            rows.append((kind.title, kind in GRAVE, counts))
    return rows


def _causes(found: Sequence[Group]) -> list[Cause]:
    kinds = dict.fromkeys(group.kind for group in found)
    return [
        Cause(
            kind.title,
            kind in GRAVE,
            len({case["id"] for group in found if group.kind is kind for case in group.cases}),
            tuple(group for group in found if group.kind is kind),
        )
        for kind in kinds
    ]
