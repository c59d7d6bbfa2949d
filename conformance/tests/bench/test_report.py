"""The report: its schema, and what people read."""

from __future__ import annotations

import json
from importlib import resources
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from injector_conformance import bench
from injector_conformance.bench import UsageError, baseline, document, table
from injector_conformance.bench.comparison import Comparison
from injector_conformance.bench.contestants import find, subject
from injector_conformance.bench.results import Results
from injector_conformance.bench.run import Outcome, Plan
from tests.bench.made_up import Machine

PAYLOADS = {"start-up": 0.01, "size-1": 0.02, "size-4": 0.05, "size-16": 0.17}


@pytest.fixture
def outcome() -> Outcome:
    """Costs that grow linearly with size."""
    machine = Machine(1, noise=0.01)
    results = [
        machine.results({"subject": cost, "gnu": 2 * cost}, 9, payload)
        for payload, cost in PAYLOADS.items()
    ]
    results[1].failures["busybox"] = "ended with status 1"
    return Outcome(results, {"size-1000": "needs 2.5 GB of room, 1.0 GB are free"})


@pytest.fixture
def report(outcome: Outcome) -> dict[str, Any]:
    plan = Plan([], [subject(["/bin/sh"]), *find(["busybox"])[0]])
    facts = document.machine()
    return document.build(outcome, plan, facts, "tmpfs", {"bsdtar": "bsdtar not on PATH"})


def schema() -> Any:
    return json.loads((resources.files(bench) / "schema.json").read_text())


def compared(outcome: Outcome, path: Path, limit: float = 1.15) -> Comparison:
    comparison = Comparison(baseline.read(path), limit, ["wall", "cpu", "peak"])
    for one in outcome.results:
        comparison.add(one)
    return comparison


@pytest.mark.needs("busybox")
class TestDocument:
    def test_it_follows_its_schema(
        self, report: dict[str, Any], outcome: Outcome, tmp_path: Path
    ) -> None:
        document.write(report, tmp_path / "report.json")
        comparison = compared(outcome, tmp_path / "report.json")
        verdict = comparison.verdict(is_whole=True)
        report["comparison"] = document.compared(comparison.judgements, verdict, 1.15)

        jsonschema.Draft202012Validator.check_schema(schema())
        jsonschema.validate(report, schema())

    def test_it_is_its_own_baseline(
        self, report: dict[str, Any], outcome: Outcome, tmp_path: Path
    ) -> None:
        document.write(report, tmp_path / "report.json")

        judgements = compared(outcome, tmp_path / "report.json").judgements

        assert len(judgements) == 3 * len(PAYLOADS)
        assert all(one.change.value == pytest.approx(1, rel=1e-3) for one in judgements)

    def test_growth_is_fitted_for_everyone_and_both_times(self, report: dict[str, Any]) -> None:
        found = {(one["dimension"], one["contestant"], one["metric"]) for one in report["growth"]}

        assert {("size", "subject", "cpu"), ("size", "gnu", "cpu")} <= found
        exponent = next(one["value"] for one in report["growth"] if one["metric"] == "cpu")
        assert exponent == pytest.approx(1, abs=0.1)


@pytest.mark.needs("busybox")
class TestTable:
    def test_a_payload_shows_times_ratios_and_peaks(self, report: dict[str, Any]) -> None:
        titles = {"subject": "mine", "gnu": "GNU tar", "busybox": "BusyBox"}

        lines = list(table.payload(report["payloads"][1], titles))

        assert lines[0].endswith("1 MB in 2 files · 1 bytes in 1 chunk · 9 rounds")
        assert "mine" in lines[2]
        assert " 0.50 " in lines[2]
        assert "16.0 MiB" in lines[2]
        assert lines[-1].strip() == "BusyBox: ended with status 1"

    def test_the_ending_says_what_is_missing(self, report: dict[str, Any]) -> None:
        text = "\n".join(table.ending(report))

        assert "size-1000: needs 2.5 GB" in text
        assert "bsdtar: bsdtar not on PATH" in text
        assert "  size     " in text

    @pytest.mark.parametrize(
        ("verdict", "words"),
        [
            ("kept", "within 1.15 times"),
            ("regressed", "REGRESSED in size (cpu on size-4)"),
            ("inconclusive", "inconclusive in size (cpu on size-4)"),
        ],
    )
    def test_the_verdict_names_the_dimension(
        self, report: dict[str, Any], verdict: str, words: str
    ) -> None:
        change = {"value": 1.2, "low": 1.1, "high": 1.3, "confidence": 0.95}
        one = {"payload": "size-4", "dimension": "size", "metric": "cpu", "verdict": verdict}
        judgement = {**one, "rounds": 9, "times_baseline": change}
        report["comparison"] = {"limit": 1.15, "verdict": verdict, "judgements": [judgement]}

        assert words in list(table.ending(report))[-1]


class TestBaseline:
    @pytest.mark.parametrize(
        ("content", "complaint"),
        [
            ("{", "not JSON"),
            ("[]", "is not a report of bench --json"),
            ('{"schema": "9.0.0"}', "schema 9.0.0, not 1.0.0"),
            ('{"schema": "1.0.0"}', "is damaged"),
        ],
    )
    def test_what_is_none_is_refused(self, content: str, complaint: str, tmp_path: Path) -> None:
        path = tmp_path / "baseline.json"
        path.write_text(content)

        with pytest.raises(UsageError, match=complaint):
            baseline.read(path)

    def test_a_missing_file_is_an_error(self, tmp_path: Path) -> None:
        with pytest.raises(UsageError, match="No such file"):
            baseline.read(tmp_path / "none.json")


def test_rounds_of_no_one_are_none() -> None:
    assert Results.none_yet(Machine(1).results({"gnu": 1.0}, 1).payload, ["gnu"]).rounds == 0
