"""The subcommand ``changes``: what is newly broken and newly kept between two results."""

from __future__ import annotations

import argparse
import copy
import json
from pathlib import Path
from typing import Any

import pytest

from injector_conformance.cli import changes as command
from injector_conformance.reports.document import SCHEMA
from tests.reported import Document, case, report

PASSED = case("pay-one", status="passed")
FAILED = case("pay-one")
SKIPPED = case("pay-one", status="skipped")
OTHER = case("pay-other")
OTHER_PASSED = case("pay-other", status="passed")


def complete(document: Document, **changed: Any) -> Document:
    """A document with all that the schema asks for."""
    run = {
        "date": "2026-01-01T00:00:00+00:00",
        "host": "h",
        "kernel": "k",
        "processors": 1,
        "load": [0.0, 0.0, 0.0],
        "seconds": 1.5,
        "seed": "s",
    }
    added = {"schema": SCHEMA, "suite": "1.0.0", "fixtures": "1.0.0", "run": run, "deadline": 10.0}
    return copy.deepcopy(document | added | changed)


class TestChanges:
    @pytest.fixture(autouse=True)
    def _set_up(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder = tmp_path
        self.capsys = capsys

    def changes(self, before: Document, after: Document) -> tuple[int, str]:
        """Exit status and output of the subcommand for two results."""
        paths = []
        for name, document in (("before", before), ("after", after)):
            path = self.folder / f"{name}.json"
            path.write_text(json.dumps(document), encoding="utf-8")
            paths.append(str(path))
        parser = argparse.ArgumentParser()
        command.add_parser(parser.add_subparsers())
        status = command.run(parser.parse_args(["changes", *paths]))
        captured = self.capsys.readouterr()
        return status, captured.out + captured.err

    @pytest.mark.parametrize(
        ("before", "after", "status", "words"),
        [
            pytest.param([PASSED], [FAILED], 1, "newly broken:\n  PAY-2", id="broken"),
            pytest.param([SKIPPED], [FAILED], 1, "newly broken:\n  PAY-2", id="shown-broken"),
            pytest.param([FAILED], [PASSED], 0, "newly kept:\n  PAY-2", id="kept"),
            pytest.param([FAILED], [SKIPPED], 3, "no longer judged:\n  PAY-2", id="lost"),
            pytest.param([PASSED], [SKIPPED], 3, "no longer judged:\n  PAY-2", id="unknown"),
            pytest.param(
                [FAILED, OTHER_PASSED],
                [FAILED, OTHER],
                1,
                "broken in more cases:\n  PAY-2 (MUST)\n    pay-other: seen",
                id="more",
            ),
            pytest.param(
                [FAILED, OTHER],
                [FAILED, OTHER_PASSED],
                0,
                "broken in fewer cases:\n  PAY-2 (MUST)\n    pay-other: passes now",
                id="fewer",
            ),
            pytest.param(
                [FAILED], [FAILED], 0, "\n0 newly broken, 0 newly kept, 0 no longer", id="same"
            ),
        ],
    )
    def test_tells_what_changed(
        self, before: list[Document], after: list[Document], status: int, words: str
    ) -> None:
        found, output = self.changes(complete(report(PAY_2=before)), complete(report(PAY_2=after)))
        assert found == status
        assert words in output

    def test_an_accepted_deviation_is_broken_all_the_same(self) -> None:
        before = complete(report(PAY_2=[PASSED]))
        after = complete(report(PAY_2=[FAILED]))
        broken = after["requirements"][0]
        broken["status"] = broken["cases"][0]["status"] = "expected-failure"
        broken["counts"] = False
        status, output = self.changes(before, after)
        assert status == 1
        assert "1 newly broken" in output

    def test_what_the_level_does_not_ask_for_is_told_and_does_not_count(self) -> None:
        before = complete(report(PAY_2=[PASSED]))
        after = complete(report(PAY_2=[FAILED]))
        for one in (before, after):
            one["requirements"][0]["level"] = "SHOULD"
        status, output = self.changes(before, after)
        assert status == 0
        assert "newly broken, beyond the level judged:\n  PAY-2 (SHOULD)" in output
        status, output = self.changes(before | {"level": "SHOULD"}, after | {"level": "SHOULD"})
        assert status == 1

    def test_what_only_the_first_report_asked_is_no_longer_judged(self) -> None:
        before = complete(report(PAY_2=[PASSED], PAY_3=[OTHER_PASSED]))
        status, output = self.changes(before, complete(report(PAY_2=[PASSED])))
        assert status == 3
        assert "no longer judged:\n  PAY-3" in output

    def test_two_profiles_are_not_compared(self) -> None:
        one = complete(report(PAY_2=[PASSED]))
        status, output = self.changes(one, one | {"profile": "unified"})
        assert status == 2
        assert "the first report is of profile stage1, the second of unified" in output

    def test_what_is_no_report_is_refused(self) -> None:
        status, output = self.changes(complete(report(PAY_2=[PASSED])), {"schema": "x"})
        assert status == 2
        assert "after.json: not a report" in output
