"""The matrix as Markdown: a table for each chapter, mutants down, requirements across."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from injector_conformance.specification.requirement import Requirement
from injector_conformance.specification.spec import Specification
from kill_matrix.document import JUDGED_CHAPTERS, Matrix, binding
from kill_matrix.row import Row

KILLED: Final = "●"
DECLARED: Final = "○"
SHARED: Final = "·"

_INTRODUCTION: Final = """\
# The kill matrix

Made by `make kill-matrix` from `kill-matrix.json`; do not edit.

A suite is worth what its verdicts are worth, and a check that cannot fail is worth nothing. So
every promise of [SPEC.md](../reference/SPEC.md) that binds is broken on purpose: a *mutant* is the
reference injector with one behaviour broken, and the suite has to notice it by the requirement
that speaks of that behaviour. {mutants} mutants are killed here, in {runs} runs of specification
{version}.

| mark | meaning |
| --- | --- |
| ● | the requirement that the mutant breaks; it is caught by cases of it |
| ○ | another requirement that the flaw cannot help breaking; the reason is below the table |
| · | another requirement, broken only in cases in which the first one is broken as well |

![mutants and requirements](kill-matrix.svg)

"""


def render(matrix: Matrix, specification: Specification) -> str:
    """The whole document."""
    parts = [
        _INTRODUCTION.format(
            mutants=len(matrix.rows),
            runs=f"{sum(row.judged for row in matrix.rows):,}",
            version=matrix.spec,
        ),
        *_requirements(matrix, specification),
    ]
    for chapter in JUDGED_CHAPTERS:
        parts += _section(
            f"{chapter}: {specification.chapters[chapter]}",
            matrix.of_chapter(chapter),
            [one for one in specification.requirements.values() if one.chapter == chapter],
        )
    parts += _programs(matrix.programs())
    return "".join(parts)


def _requirements(matrix: Matrix, specification: Specification) -> Iterator[str]:
    yield "## What each requirement kills\n\n"
    yield "| requirement | level | mutants |\n| --- | --- | --: |\n"
    for requirement in binding(specification):
        killed = [row for row in matrix.rows if row.breaks == requirement.id and row.kills]
        yield f"| {requirement.id} | {requirement.level} | {len(killed)} |\n"
    yield "\n"


def _section(title: str, rows: Sequence[Row], across: Sequence[Requirement]) -> Iterator[str]:
    shown = [
        one.id for one in across if any(row.breaks == one.id or _mark(row, one.id) for row in rows)
    ]
    yield f"## {title}\n\n"
    yield f"| mutant | flaw | {' | '.join(shown)} | elsewhere | cases |\n"
    yield f"| --- | --- | {' | '.join(':-:' for _ in shown)} | --- | --: |\n"
    reasons: list[str] = []
    for row in rows:
        marks = " | ".join(_mark(row, one) or " " for one in shown)
        elsewhere = " ".join(
            f"{_mark(row, one)} {one}" for one in _touched(row) if one not in shown
        )
        yield f"| {_link(row)} | {_escaped(row.flaw)} | {marks} | {elsewhere} | {_cases(row)} |\n"
        reasons += [
            f"- `{row.mutant}` breaks {one} too: {_escaped(why)}.\n"
            for one, why in row.also.items()
        ]
    yield "\n"
    if reasons:
        yield "".join(reasons) + "\n"


def _programs(rows: Iterable[Row]) -> Iterator[str]:
    yield "## Programs of their own\n\n"
    yield "They break much beside what they are named for; that is not shown.\n\n"
    yield "| program | what it does | caught by | cases |\n| --- | --- | --- | --: |\n"
    for row in rows:
        yield f"| {_link(row)} | {_escaped(row.flaw)} | {row.breaks} | {_cases(row)} |\n"


def _touched(row: Row) -> Iterator[str]:
    yield row.breaks
    yield from row.collateral
    yield from row.shared


def _mark(row: Row, requirement: str) -> str:
    if requirement == row.breaks:
        return KILLED if row.kills else ""
    if requirement in row.collateral:
        return DECLARED
    return SHARED if requirement in row.shared else ""


def _link(row: Row) -> str:
    return f"[`{row.mutant}`](../fixtures/mutants/{row.module}.py)"


def _cases(row: Row) -> str:
    return f"{row.kills} of {row.judged}"


def _escaped(text: str) -> str:
    return text.replace("|", "\\|").replace("*", "\\*")
