"""The size ladder as a table whose rows have dots on a logarithmic scale."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from markupsafe import Markup

from injector_conformance.reports.html import inline
from injector_conformance.reports.html.runs import Run
from injector_conformance.size.ladder.figures import MACHINES, Ladder

_OWN: Final = "Judged on this page"
_MARGIN: Final = 1.25
"""The scale goes on by this factor beyond the smallest and the largest figure."""


@dataclass(frozen=True, slots=True)
class Dot:
    """One figure: bytes, and its place from the left in per cent."""

    machine: str
    bytes: int
    place: float
    exact: bool


@dataclass(frozen=True, slots=True)
class Rung:
    """One row; ``dots`` has None for a machine without a figure."""

    label: str
    remark: Markup
    dots: tuple[Dot | None, ...]


@dataclass(frozen=True, slots=True)
class Mark:
    """A limit on the scale."""

    label: str
    bytes: int
    place: float


@dataclass(frozen=True, slots=True)
class Sizes:
    """The whole table."""

    date: str
    tools: str
    machines: tuple[str, ...]
    limits: tuple[Mark, ...]
    groups: tuple[tuple[str, tuple[Rung, ...]], ...]


def sizes(ladder: Ladder, runs: Sequence[Run]) -> Sizes:
    """The ladder's rungs, and below them those of the judged subjects that are binaries."""
    own = [run for run in runs if not run.document["subject"]["interpreted"]]
    subjects = [run.document["subject"] for run in own]
    machines = tuple(dict.fromkeys([*MACHINES, *(one["machine"] for one in subjects)]))
    figures = [size for rung in ladder.rungs for size in rung.bytes.values()]
    figures += [limit.bytes for limit in ladder.limits]
    figures += [max(1, one["size"]) for one in subjects]
    scale = _Scale(min(figures, default=1), max(figures, default=1))
    groups = [
        (
            name,
            tuple(
                Rung(
                    rung.label,
                    inline.render(rung.remark, lambda _: False),
                    _dots(scale, machines, rung.bytes, exact=rung.exact),
                )
                for rung in rungs
            ),
        )
        for name, rungs in ladder.groups()
    ]
    judged = tuple(
        Rung(run.name, Markup(), _dots(scale, machines, {one["machine"]: one["size"]}, exact=True))
        for run, one in zip(own, subjects, strict=True)
    )
    if judged:
        groups.append((_OWN, judged))
    return Sizes(
        date=ladder.date,
        tools=", ".join(f"{name} {version}" for name, version in ladder.tools.items()),
        machines=machines,
        limits=tuple(
            Mark(limit.label, limit.bytes, scale.place(limit.bytes))
            for limit in sorted(ladder.limits, key=lambda one: one.bytes)
        ),
        groups=tuple(groups),
    )


class _Scale:
    """Logarithmic: equal factors are equally far apart."""

    def __init__(self, smallest: int, largest: int) -> None:
        self._low = math.log(smallest / _MARGIN)
        self._high = math.log(largest * _MARGIN)

    def place(self, size: int) -> float:
        return round((math.log(max(1, size)) - self._low) / (self._high - self._low) * 100, 2)


def _dots(
    scale: _Scale, machines: Sequence[str], figures: Mapping[str, int], *, exact: bool
) -> tuple[Dot | None, ...]:
    return tuple(
        Dot(machine, figures[machine], scale.place(figures[machine]), exact)
        if machine in figures
        else None
        for machine in machines
    )
