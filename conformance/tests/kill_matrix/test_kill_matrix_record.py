"""The kill matrix notices what would make it worthless: survivors, bycatch, idle requirements."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from dataclasses import replace
from pathlib import Path

import pytest

from injector_conformance.run import catalogue
from injector_conformance.specification import spec
from injector_conformance.specification.spec import Specification
from kill_matrix import __main__ as command
from kill_matrix import document, drawing, table
from kill_matrix.document import Matrix
from kill_matrix.row import Row, row_of
from kill_matrix.selection import HEAVY, select
from mutants import registry

FIRST_MEMBER = registry.find("gz-first-member-only")


@pytest.fixture(scope="module")
def specification() -> Specification:
    return spec.load()


@pytest.fixture
def row() -> Row:
    """A mutant of GZ-3 that declares nothing, killed by two cases."""
    plain = row_of(FIRST_MEMBER, 20, {"GZ-3": {"gz-b", "gz-a"}})
    return replace(plain, also={})


@pytest.fixture
def matrix(row: Row) -> Matrix:
    return Matrix("1.0.0", (row,))


class TestRow:
    def test_a_killed_mutant_is_no_problem(self, row: Row) -> None:
        assert row.killed_by == ("gz-a", "gz-b")
        assert list(row.problems()) == []

    def test_a_survivor_is_a_problem(self) -> None:
        survivor = replace(row_of(FIRST_MEMBER, 20, {}), also={})

        assert list(survivor.problems()) == [
            (
                "gz-first-member-only survives: no case of GZ-3 notices that it stops after the"
                " first gzip member"
            )
        ]

    def test_what_is_broken_in_the_same_cases_only_is_shared(self) -> None:
        shared = row_of(FIRST_MEMBER, 20, {"GZ-3": {"gz-a", "gz-b"}, "PAY-3": {"gz-a"}})

        assert shared.shared == ("PAY-3",)
        assert shared.collateral == {}

    def test_bycatch_is_a_problem_unless_it_is_declared(self) -> None:
        broken = {"GZ-3": {"gz-a"}, "TAR-2": {"gz-a", "tar-a"}}
        caught = replace(row_of(FIRST_MEMBER, 20, broken), also={})

        assert "also breaks TAR-2, in tar-a" in "".join(caught.problems())
        assert list(replace(caught, also={"TAR-2": "why"}).problems()) == []

    def test_a_declaration_that_is_not_true_is_a_problem(self, row: Row) -> None:
        declared = replace(row, also={"TAR-2": "why"})

        assert list(declared.problems()) == [
            "gz-first-member-only declares to break TAR-2 too, and does not"
        ]

    def test_a_program_of_its_own_may_break_anything(self) -> None:
        stub = registry.find("stub-completes")

        assert list(row_of(stub, 9, {"TAR-2": {"tar-a"}, "GZ-5": {"gz-a"}}).problems()) == []
        assert list(row_of(stub, 9, {}).problems()) != []


class TestMatrix:
    def test_a_requirement_that_kills_nothing_is_named(
        self, matrix: Matrix, specification: Specification
    ) -> None:
        idle = list(matrix.idle(specification))

        assert "PAY-1 MUST kills no mutant" in idle
        assert "GZ-5a SHOULD kills no mutant" in idle
        assert not any(one.startswith(("GZ-3 ", "BOX-6 ", "BIN-", "CTR-")) for one in idle)

    def test_a_survivor_does_not_count_for_its_requirement(
        self, matrix: Matrix, row: Row, specification: Specification
    ) -> None:
        survived = replace(matrix, rows=(replace(row, kills=0, killed_by=()),))

        assert "GZ-3 MUST kills no mutant" in list(survived.idle(specification))

    def test_a_mutant_that_is_missing_gone_or_changed_is_named(self, matrix: Matrix) -> None:
        changed = replace(matrix, rows=(replace(matrix.rows[0], also=dict(FIRST_MEMBER.also)),))
        other = registry.find("gz-any-flags")

        assert list(changed.differences([FIRST_MEMBER])) == []
        assert list(changed.differences([FIRST_MEMBER, other])) == [
            "gz-any-flags is not in the record"
        ]
        assert list(changed.differences([])) == [
            "gz-first-member-only is in the record, and no mutant any more"
        ]
        declared = replace(changed.rows[0], also={"TAR-2": "another reason"})
        assert list(replace(matrix, rows=(declared,)).differences([FIRST_MEMBER])) == [
            "gz-first-member-only has changed since the record was made"
        ]

    def test_it_is_written_and_read_again(self, matrix: Matrix, tmp_path: Path) -> None:
        path = tmp_path / document.NAME
        document.write(matrix, path)

        assert document.read(path) == matrix

    def test_another_schema_is_refused(self, tmp_path: Path) -> None:
        path = tmp_path / document.NAME
        path.write_text('{"schema": 99, "spec": "1.0.0", "mutants": []}', encoding="utf-8")

        with pytest.raises(ValueError, match="make kill-matrix"):
            document.read(path)

    def test_newer_rows_replace_older_ones(self, matrix: Matrix, row: Row, tmp_path: Path) -> None:
        path = tmp_path / document.NAME
        gone = replace(row, mutant="gz-gone")
        document.write(replace(matrix, rows=(row, gone)), path)
        newer = replace(matrix, rows=(replace(row, judged=99),))

        assert document.merged(path, newer, [FIRST_MEMBER]).rows == newer.rows


class TestSelection:
    def test_all_cases_of_the_requirement_come_first_and_none_is_lost(self) -> None:
        cases = list(catalogue.load().values())
        selection = select(FIRST_MEMBER, cases)

        assert {case.id for case in selection.own} == {
            case.id for case in cases if "GZ-3" in case.requirements
        }
        assert set(selection.also) == set(FIRST_MEMBER.also)
        assert all(HEAVY.isdisjoint(case.requirements) for case in selection.others)

    def test_it_does_not_depend_on_the_order_of_the_catalogue(self) -> None:
        cases = list(catalogue.load().values())

        assert select(FIRST_MEMBER, cases) == select(FIRST_MEMBER, cases[::-1])

    def test_a_promise_for_every_run_is_sought_in_its_chapter_too(self) -> None:
        cases = list(catalogue.load().values())
        own = select(registry.find("run-silent"), cases).own
        listing = [case for case in cases if "RUN-3" in case.requirements]

        assert {case.id for case in own[: len(listing)]} == {case.id for case in listing}
        assert len(own) > len(listing)

    def test_known_cases_come_first(self) -> None:
        selection = select(FIRST_MEMBER, catalogue.load().values())
        last = selection.own[-1].id

        assert selection.with_first([last]).own[0].id == last


class TestForms:
    def test_the_table_has_a_line_for_the_mutant(
        self, matrix: Matrix, specification: Specification
    ) -> None:
        lines = table.render(matrix, specification).splitlines()

        [line] = [one for one in lines if one.startswith("| [`gz-first-member-only`]")]
        assert "Stops after the first gzip member" in line
        assert table.KILLED in line

    def test_the_drawing_is_well_formed(
        self, matrix: Matrix, specification: Specification
    ) -> None:
        root = ET.fromstring(drawing.render(matrix, specification))  # noqa: S314 - our own

        titles = [one.text for one in root.iter("{http://www.w3.org/2000/svg}title")]
        assert "gz-first-member-only (GZ-3): Stops after the first gzip member" in titles


class TestCommand:
    def test_an_unknown_mutant_is_wrong_usage(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        status = command.main(["gz-nothing", "--output", str(tmp_path)])

        assert status == 2
        assert capsys.readouterr().err.count("\n") == 1
        assert list(tmp_path.iterdir()) == []

    @pytest.mark.needs("namespaces")
    def test_some_mutants_are_judged_and_recorded(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        status = command.main(["sum-argument-required", "--output", str(tmp_path)])

        assert status == 0
        assert "killed sum-argument-required (SUM-4: 1 of" in capsys.readouterr().out
        assert sorted(path.name for path in tmp_path.iterdir()) == [
            *("kill-matrix.json", "kill-matrix.md", "kill-matrix.svg")
        ]
