"""Requirements over runs: what the matrix and the explanations below it are made of."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass
from typing import Final

from markupsafe import Markup

from injector_conformance.reports.document import Document
from injector_conformance.reports.html import inline
from injector_conformance.reports.html.failures import (
    Failure,
    explained,
    failures,
    longest,
    shortened,
)
from injector_conformance.reports.html.marks import (
    ABSENT,
    ACCEPTED,
    KEPT,
    Mark,
    of_case,
    of_requirement,
)
from injector_conformance.reports.html.runs import Run
from injector_conformance.specification.requirement import CHAPTERS, sort_key
from injector_conformance.specification.spec import Specification

_FIELDS: Final = ("why", "source", "others")
_LONGEST_NOTE: Final = 160


@dataclass(frozen=True, slots=True)
class Cell:
    """What became of a requirement or a case in one run.

    ``text`` is what is seen beside the mark: numbers of cases, or milliseconds.
    """

    run: Run
    mark: Mark
    text: str = ""


@dataclass(frozen=True, slots=True)
class CaseRow:
    """One case over all runs.

    ``notes`` says what was observed where that is not explained above.
    """

    id: str
    title: str
    cells: tuple[Cell, ...]
    notes: tuple[tuple[Run, str], ...]

    @property
    def is_kept(self) -> bool:
        """Whether it passed wherever it was judged."""
        return all(cell.mark in (KEPT, ABSENT) for cell in self.cells)

    @property
    def differs(self) -> bool:
        """Whether runs that judged it say different things of it."""
        return len({cell.mark for cell in self.cells if cell.mark is not ABSENT}) > 1


@dataclass(frozen=True, slots=True)
class Line:
    """One requirement over all runs, with its text.

    Attributes:
        remarks: name of the run and what is to be said of the requirement there: why it was not
            judged, or why a deviation is accepted, with a link or an empty text.
        unexplained: run and number of its failures beyond those that are explained.
    """

    id: str
    level: str
    chapter: str
    statement: Markup
    fields: tuple[tuple[str, Markup], ...]
    cells: tuple[Cell, ...]
    remarks: tuple[tuple[Run, str, str], ...]
    failures: tuple[Failure, ...]
    unexplained: tuple[tuple[Run, int], ...]
    cases: tuple[CaseRow, ...]

    @property
    def is_kept(self) -> bool:
        """Whether no run has anything to say about it."""
        return all(cell.mark in (KEPT, ABSENT) for cell in self.cells)

    @property
    def agrees(self) -> bool:
        """Whether all runs say the same of it, and of each of its cases: nothing is to compare."""
        marks = {cell.mark for cell in self.cells}
        return len(marks) == 1 and not any(case.differs for case in self.cases)

    @property
    def keys(self) -> str:
        """Words that filters look for: the marks of all runs, and whether they differ."""
        keys = {cell.mark.key for cell in self.cells}
        return " ".join(sorted(keys | (set() if self.agrees else {"differs"})))


@dataclass(frozen=True, slots=True)
class Chapter:
    """A chapter of the specification with its requirements."""

    id: str
    title: str
    lines: tuple[Line, ...]

    @property
    def differing(self) -> list[Line]:
        """What a comparison shows at once."""
        return [line for line in self.lines if not line.agrees]

    @property
    def agreed(self) -> list[Line]:
        """What it folds."""
        return [line for line in self.lines if line.agrees]

    @property
    def agreement(self) -> str:
        """What all runs agree on, in figures: ``5 kept, 1 broken``."""
        marks = Counter(line.cells[0].mark.word for line in self.agreed)
        return ", ".join(f"{number} {word}" for word, number in marks.items())

    def tally(self, run: Run) -> tuple[int, int]:
        """Requirements kept (or accepted), and requirements judged, in one run."""
        marks = [cell.mark for line in self.lines for cell in line.cells if cell.run is run]
        judged = [mark for mark in marks if mark is not ABSENT]
        return sum(mark in (KEPT, ACCEPTED) for mark in judged), len(judged)


def chapters(runs: Sequence[Run], specification: Specification) -> list[Chapter]:
    """Everything that at least one run has judged or says it has not."""
    ids = {
        one["id"]
        for run in runs
        for part in ("requirements", "not_applicable")
        for one in run.document[part]
    }
    most = longest(runs)
    lines = [_line(one, ids, runs, specification, most) for one in sorted(ids, key=_order)]
    names = dict.fromkeys([*CHAPTERS, *(line.chapter for line in lines)])
    return [
        Chapter(name, specification.chapters.get(name, ""), own)
        for name in names
        if (own := tuple(line for line in lines if line.chapter == name))
    ]


def _order(identifier: str) -> tuple[int, int, int, str]:
    """By chapter, those of unknown chapters last."""
    try:
        return 0, *sort_key(identifier)
    except ValueError:
        return 1, 0, 0, identifier


def _line(
    identifier: str,
    ids: Collection[str],
    runs: Sequence[Run],
    specification: Specification,
    most: int,
) -> Line:
    reports = {
        run.key: one
        for run in runs
        for one in run.document["requirements"]
        if one["id"] == identifier
    }
    known = specification.requirements.get(identifier)
    texts = asdict(known) if known else next(iter(reports.values()), {})

    def html(key: str) -> Markup:
        return inline.render(texts.get(key, ""), ids.__contains__)

    own = [failures(run, reports[run.key], most) for run in runs if run.key in reports]
    told = explained(runs)
    return Line(
        id=identifier,
        level=texts.get("level", ""),
        chapter=identifier.partition("-")[0],
        statement=html("statement"),
        fields=tuple((key.title(), html(key)) for key in _FIELDS if texts.get(key)),
        cells=tuple(_cell(run, reports.get(run.key)) for run in runs),
        remarks=tuple(_remarks(identifier, runs, reports)),
        failures=tuple(one for found in own for one in found[:told]),
        unexplained=tuple((found[0].run, len(found) - told) for found in own if len(found) > told),
        cases=_cases(runs, reports, [one for found in own for one in found[told:]]),
    )


def _cell(run: Run, requirement: Document | None) -> Cell:
    if requirement is None:
        return Cell(run, ABSENT)
    cases = requirement["cases"]
    total = len(cases)
    if not cases:
        return Cell(run, of_requirement(requirement), "every run")
    good = sum(case["status"] == "passed" for case in cases)
    return Cell(
        run, of_requirement(requirement), f"{total}" if good == total else f"{good}/{total}"
    )


def _remarks(
    identifier: str, runs: Sequence[Run], reports: dict[str, Document]
) -> list[tuple[Run, str, str]]:
    remarks = []
    for run in runs:
        remarks += [
            (run, f"Not judged: {one['reason']}", "")
            for one in run.document["not_applicable"]
            if one["id"] == identifier
        ]
        requirement = reports.get(run.key, {})
        if "accepted" in requirement:
            accepted = requirement["accepted"]
            word = "Accepted" if requirement["status"] != "unexpected-pass" else "Stale entry"
            remarks.append((run, f"{word}: {accepted['reason']}", accepted["link"]))
    return remarks


def _cases(
    runs: Sequence[Run], reports: dict[str, Document], unexplained: Sequence[Failure]
) -> tuple[CaseRow, ...]:
    titles: dict[str, str] = {}
    cells: dict[tuple[str, str], Cell] = {}
    by_key = {run.key: run for run in runs}
    for key, requirement in reports.items():
        for case in requirement["cases"]:
            titles.setdefault(case["id"], case["title"])
            seconds = case["seconds"] if case["outcome"] else None
            text = f"{seconds * 1000:,.0f} ms" if seconds else ""
            cells[case["id"], key] = Cell(by_key[key], of_case(case, requirement), text)
    notes = {
        (one.case["id"], one.run.key): shortened(one.observed, _LONGEST_NOTE)
        for one in unexplained
    }
    return tuple(
        CaseRow(
            identifier,
            title,
            tuple(cells.get((identifier, run.key), Cell(run, ABSENT)) for run in runs),
            tuple(
                (run, notes[identifier, run.key]) for run in runs if (identifier, run.key) in notes
            ),
        )
        for identifier, title in titles.items()
    )
