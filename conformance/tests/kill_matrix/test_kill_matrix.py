"""Every mutant is caught by the requirement that it breaks, and the record says so.

Here a mutant meets the cases that killed it when the record was made, and a few others;
``make kill-matrix`` judges it by all that can matter to it.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pytest

from injector_conformance.run import catalogue
from injector_conformance.specification import spec
from kill_matrix import document, drawing, table
from kill_matrix.__main__ import everyone
from kill_matrix.document import Matrix
from kill_matrix.judging import QUICK, judge
from kill_matrix.selection import select
from mutants import registry

DOCS: Final = Path(__file__).parents[3] / "docs"
MUTANTS: Final = {one.name: one for one in registry.every()}


PRIVILEGED: Final = frozenset(("tar-groups-applied", "tar-makes-devices", "tar-owners-applied"))
"""Mutants that do no harm where the harness is not root: they are not allowed to."""


@pytest.fixture(scope="module")
def record() -> Matrix:
    return document.read(DOCS / document.NAME)


NAMES: Final = [
    pytest.param(name, marks=[pytest.mark.needs("root")] if name in PRIVILEGED else [])
    for name in MUTANTS
]


@pytest.mark.needs("namespaces")
@pytest.mark.parametrize("name", NAMES)
def test_a_mutant_is_caught_by_the_requirement_that_it_breaks(name: str, record: Matrix) -> None:
    mutant = MUTANTS[name]
    known = next((row.known_cases for row in record.rows if row.mutant == name), ())
    selection = select(mutant, catalogue.load().values()).with_first(known)

    assert list(judge(mutant, selection, QUICK).problems()) == []


def test_the_record_speaks_of_the_mutants_as_they_are(record: Matrix) -> None:
    assert list(record.differences(everyone())) == []


def test_every_mutant_was_killed_as_it_should_be(record: Matrix) -> None:
    assert [problem for row in record.rows for problem in row.problems()] == []


def test_every_requirement_that_binds_kills_a_mutant(record: Matrix) -> None:
    assert list(record.idle(spec.load())) == []


def test_the_table_is_made_from_the_record(record: Matrix) -> None:
    text = (DOCS / "kill-matrix.md").read_text(encoding="utf-8")

    assert text == table.render(record, spec.load())


def test_the_drawing_is_made_from_the_record(record: Matrix) -> None:
    text = (DOCS / "kill-matrix.svg").read_text(encoding="utf-8")

    assert text == drawing.render(record, spec.load())
