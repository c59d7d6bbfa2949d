"""The matrix as JSON: the record of the last run, from which table and drawing are made."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from injector_conformance.specification.requirement import Level, Requirement, sort_key
from injector_conformance.specification.spec import Specification
from kill_matrix.row import Row, row_from
from mutants.registry import Mutant

NAME: Final = "kill-matrix.json"
SCHEMA: Final = 1
JUDGED_CHAPTERS: Final = (
    *("PAY", "SUM", "GZ", "TAR", "BOX", "MODE", "RUN"),
    *("ARG", "EXT", "NAMES", "HTTP", "LIFE"),
)
"""Chapters about the behaviour of a program. BIN is about a file, and CTR about containers."""


@dataclass(frozen=True, slots=True)
class Matrix:
    """The record of a run.

    Attributes:
        spec: version of the specification.
        rows: one for each mutant, in the order of the registry.
    """

    spec: str
    rows: tuple[Row, ...]

    def of_chapter(self, chapter: str) -> list[Row]:
        """The mutants that break a requirement of a chapter, in the order of the requirements."""
        found = [
            row
            for row in self.rows
            if not row.is_program and row.breaks.partition("-")[0] == chapter
        ]
        return sorted(found, key=lambda row: sort_key(row.breaks))

    def programs(self) -> list[Row]:
        """The mutants that are programs of their own."""
        return [row for row in self.rows if row.is_program]

    def idle(self, specification: Specification) -> Iterator[str]:
        """The requirements that bind and kill no mutant."""
        killing = {row.breaks for row in self.rows if row.kills}
        for requirement in binding(specification):
            if requirement.id not in killing:
                yield f"{requirement.id} {requirement.level} kills no mutant"

    def differences(self, mutants: Iterable[Mutant]) -> Iterator[str]:
        """Where the record does not speak of these mutants as they are now."""
        recorded = {row.mutant: row for row in self.rows}
        for mutant in mutants:
            row = recorded.pop(mutant.name, None)
            if row is None:
                yield f"{mutant.name} is not in the record"
            elif (row.breaks, row.flaw, row.module, row.also) != (
                *(mutant.breaks, mutant.flaw, mutant.module),
                dict(mutant.also),
            ):
                yield f"{mutant.name} has changed since the record was made"
        yield from (f"{name} is in the record, and no mutant any more" for name in recorded)


def binding(specification: Specification) -> Iterator[Requirement]:
    """The requirements that must each kill a mutant: every MUST and SHOULD about behaviour."""
    for requirement in specification.requirements.values():
        if requirement.chapter in JUDGED_CHAPTERS and requirement.level is not Level.MAY:
            yield requirement


def write(matrix: Matrix, path: Path) -> None:
    """Write the record."""
    document = {
        "schema": SCHEMA,
        "spec": matrix.spec,
        "mutants": [asdict(row) for row in matrix.rows],
    }
    path.write_text(json.dumps(document, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def read(path: Path) -> Matrix:
    """Read a record.

    Raises:
        OSError: it cannot be read.
        ValueError: it is not a record of this schema.
    """
    document = json.loads(path.read_text(encoding="utf-8"))
    if document.get("schema") != SCHEMA:
        raise ValueError(f"{path} is not of schema {SCHEMA}; make it anew: make kill-matrix")
    return Matrix(document["spec"], tuple(map(row_from, document["mutants"])))


def merged(path: Path, newer: Matrix, mutants: Iterable[Mutant]) -> Matrix:
    """The record at ``path`` with newer rows, without those of mutants that are gone.

    Raises:
        OSError, ValueError: as :func:`read`, if there is a record.
    """
    older = read(path).rows if path.exists() else ()
    rows = {row.mutant: row for row in (*older, *newer.rows)}
    return Matrix(newer.spec, tuple(rows[one.name] for one in mutants if one.name in rows))
