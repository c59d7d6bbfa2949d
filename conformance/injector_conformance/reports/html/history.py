"""One subject over time: lines, the table that says the same, and what changed in between."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from injector_conformance.reports.changes import Change, Kept, changes
from injector_conformance.reports.document import Document
from injector_conformance.reports.html.marks import (
    ACCEPTED,
    BROKEN,
    KEPT,
    NOTED,
    STALE,
    of_requirement,
)
from injector_conformance.reports.html.runs import Run

_TOP: Final = 12.0
_BOTTOM: Final = 128.0
"""Pixels of a chart between which its lines lie."""

_SIDE: Final = 3.0
"""Per cent of a chart's width at both its ends, so that no dot is cut."""


@dataclass(frozen=True, slots=True)
class Point:
    """One report: a row of the table.

    Attributes:
        file: the report's file.
        run: the report.
        kept: requirements kept.
        broken: requirements broken, whether or not they count or are accepted.
    """

    file: str
    run: Run
    kept: int
    broken: int

    @property
    def date(self) -> str:
        """When it was judged, as the report says it, to the minute."""
        return str(self.run.document["run"]["date"])[:16].replace("T", " ")

    @property
    def size(self) -> int | None:
        """Bytes of the executable, if the report has them."""
        return None if (size := self.run.document["subject"]["size"]) is None else int(size)

    @property
    def seconds(self) -> float:
        """How long judging took."""
        return float(self.run.document["run"]["seconds"])


@dataclass(frozen=True, slots=True)
class Chart:
    """One line over a scale of its own: on a common one a single broken promise is not seen.

    Attributes:
        key: its place on the page.
        title: what is shown.
        least: the lowest figure, in words.
        most: the highest.
        told: all of them in words, for those who do not see the line.
        places: per cent from the left and pixels from the top, the oldest first.
    """

    key: str
    title: str
    least: str
    most: str
    told: str
    places: tuple[tuple[float, float], ...]

    @property
    def segments(self) -> list[tuple[tuple[float, float], tuple[float, float]]]:
        """Neighbours, to be joined."""
        return list(itertools.pairwise(self.places))


@dataclass(frozen=True, slots=True)
class Step:
    """What changed from one report to the next."""

    before: Point
    after: Point
    broken: tuple[Change, ...]
    kept: tuple[Change, ...]
    lost: tuple[Change, ...]


def points(found: Sequence[tuple[Path, Document]]) -> list[Point]:
    """Reports in their order, as rows."""
    rows = []
    for path, document in found:
        marks = [of_requirement(one) for one in document["requirements"]]
        rows.append(
            Point(
                path.name,
                Run("A", path.name, document),
                sum(mark in (KEPT, STALE) for mark in marks),
                sum(mark in (BROKEN, NOTED, ACCEPTED) for mark in marks),
            )
        )
    return rows


def charts(rows: Sequence[Point]) -> list[Chart]:
    """What can be drawn of them; sizes only where every report has one."""
    drawn = [
        _chart("broken", "Requirements broken", [one.broken for one in rows]),
        _chart("kept", "Requirements kept", [one.kept for one in rows]),
    ]
    sizes = [one.size for one in rows if one.size is not None]
    if len(sizes) == len(rows):
        drawn.append(_chart("size", "Size in bytes", sizes))
    seconds = [one.seconds for one in rows]
    drawn.append(_chart("time", "Seconds that judging took", seconds, "{:,.1f}"))
    return drawn


def steps(rows: Sequence[Point]) -> list[Step]:
    """What changed between neighbours, the newest last."""
    made = []
    for before, after in itertools.pairwise(rows):
        found = changes(before.run.document, after.run.document)
        made.append(
            Step(
                before,
                after,
                tuple(one for one in found if one.is_worse and one.before is not Kept.NO),
                tuple(one for one in found if (one.before, one.after) == (Kept.NO, Kept.YES)),
                tuple(
                    one
                    for one in found
                    if one.before in (Kept.YES, Kept.NO) and one.after in (None, Kept.UNKNOWN)
                ),
            )
        )
    return made


def _chart(key: str, title: str, values: Sequence[float], form: str = "{:,}") -> Chart:
    low, high = min(values), max(values)
    return Chart(
        key,
        title,
        form.format(low),
        form.format(high),
        f"The oldest first: {'; '.join(form.format(value) for value in values)}.",
        tuple(
            (_across(index, len(values)), _down(value, low, high))
            for index, value in enumerate(values)
        ),
    )


def _across(index: int, number: int) -> float:
    """Reports stand at equal distances: they come in bursts, and days without one say nothing."""
    share = index / (number - 1) if number > 1 else 0.5
    return round(_SIDE + share * (100 - 2 * _SIDE), 2)


def _down(value: float, low: float, high: float) -> float:
    """A line that never changes lies in the middle."""
    share = (value - low) / (high - low) if high > low else 0.5
    return round(_BOTTOM - share * (_BOTTOM - _TOP), 2)
