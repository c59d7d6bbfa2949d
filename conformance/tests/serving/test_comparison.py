"""The comparison with a baseline, and the report, on made-up measurements."""

from __future__ import annotations

import json
from importlib import resources
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from injector_conformance.bench import UsageError, serving
from injector_conformance.bench.document import compared, machine, write
from injector_conformance.bench.gate import Verdict
from injector_conformance.bench.serving import baseline, document, table
from injector_conformance.bench.serving.comparison import Comparison
from injector_conformance.bench.serving.contestants import find, subject
from injector_conformance.bench.serving.figures import FIGURES, select
from injector_conformance.bench.serving.results import Results
from injector_conformance.bench.serving.run import Outcome, Plan
from tests.bench.made_up import chance_of

pytestmark = pytest.mark.needs("nginx")

COSTS = {"subject": 0.5, "nginx": 1.0}
LIMIT = 1.15
MEBIBYTE = 1 << 20


def measured(
    name: str, seed: int, factor: float = 1.0, *, mood: float = 1.0, busy: float = 0.5
) -> Results:
    """Results of forty rounds: times are noise around a cost, bytes are always the same."""
    chance = chance_of(seed)
    figure = FIGURES[name]
    results = Results.none_yet(figure, COSTS)
    for _ in range(40):
        for contestant, cost in COSTS.items():
            times = factor if contestant == "subject" else 1.0
            values = {
                "wall": cost * times * mood * chance.lognormvariate(0, 0.03),
                "cpu": cost * times * chance.lognormvariate(0, 0.03),
                "median": cost * chance.random(),
                "tail": 10 * cost * chance.random(),
                "size": MEBIBYTE * times,
            }
            sample = {metric: values[metric] for metric in figure.metrics}
            results.samples[contestant].append(sample | {"busy": busy})
    return results


def report(*results: Results) -> dict[str, Any]:
    plan = Plan([one.figure for one in results], [subject(["/bin/sh"]), *find(["nginx"])[0]])
    outcome = Outcome(list(results), {"probe-limited": "no control group can be made"})
    return document.build(outcome, plan, machine(), "tmpfs", {"docker-registry": "not on PATH"})


def verdict(before: Results, now: Results, directory: Path) -> tuple[Verdict, Comparison]:
    write(report(before), directory / "baseline.json")
    comparison = Comparison(baseline.read(directory / "baseline.json"), LIMIT)
    comparison.add(now)
    return comparison.verdict(is_whole=True), comparison


@pytest.mark.parametrize("name", ["pull-16", "manifest", "ready-16", "memory-crowd"])
class TestGate:
    def test_the_same_is_within_the_limit(self, name: str, tmp_path: Path) -> None:
        assert verdict(measured(name, 1), measured(name, 2), tmp_path)[0] is Verdict.KEPT

    def test_a_third_more_has_regressed(self, name: str, tmp_path: Path) -> None:
        found, comparison = verdict(measured(name, 1), measured(name, 2, 1.33), tmp_path)

        assert found is Verdict.REGRESSED
        assert {one.payload for one in comparison.judgements} == {name}

    def test_a_third_less_has_not(self, name: str, tmp_path: Path) -> None:
        assert verdict(measured(name, 1), measured(name, 2, 0.67), tmp_path)[0] is Verdict.KEPT


def test_on_a_busier_machine_wall_time_is_not_judged(tmp_path: Path) -> None:
    found, comparison = verdict(
        measured("pull-16", 1), measured("pull-16", 2, 1.33, mood=1.5), tmp_path
    )
    reasons = {one.metric: one.reason for one in comparison.judgements}

    assert found is Verdict.REGRESSED
    assert reasons == {"wall": "the machine is busier than the baseline's was", "cpu": ""}


def test_how_long_single_answers_take_is_shown_and_not_judged(tmp_path: Path) -> None:
    found, comparison = verdict(measured("probe", 1), measured("probe", 2), tmp_path)

    assert found is Verdict.INCONCLUSIVE
    assert not comparison.judgements


def test_the_report_follows_its_schema(tmp_path: Path) -> None:
    names = ("ready-0", "pull-1", "probe", "memory-idle")
    made = report(*(measured(name, 1) for name in names))
    _, comparison = verdict(measured("pull-1", 1), measured("pull-1", 2), tmp_path)
    made["comparison"] = compared(comparison.judgements, Verdict.KEPT, LIMIT)

    schema = json.loads((resources.files(serving) / "schema.json").read_text())
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(made, schema)


def test_people_read_rates_ratios_and_what_is_missing() -> None:
    results = measured("pull-16", 1, busy=0.97)
    results.failures["docker-registry"] = "does not answer"
    made = report(results)
    titles = {"subject": "mine", "nginx": "nginx", "docker-registry": "docker-registry"}

    lines = [*table.figure(made["figures"][0], titles), *table.ending(made)]

    told = "\n".join(lines)
    assert "pull-16 · a blob of 64 MiB, 16 clients · 40 rounds" in told
    mine = next(line for line in lines if line.startswith("  mine"))
    rate, _, ratio = mine.split()[1:4]
    # Half the seconds for a GB are twice the MB in a second.
    assert float(rate.replace(",", "")) == pytest.approx(2000, rel=0.05)
    assert float(ratio) == pytest.approx(2, rel=0.05)
    assert "the load took 0.97 of a processor" in mine
    assert "docker-registry: does not answer" in told
    assert "not measured  probe-limited: no control group can be made" in told


def test_growth_is_told_where_the_cost_rises_and_where_not() -> None:
    rising = [measured(f"ready-{size}", size, max(1, size)) for size in (0, 1, 4, 16, 64, 256)]
    flat = [measured(f"images-{count}", count) for count in (1, 10, 100, 1000)]

    found = {(one["group"], one["contestant"]): one for one in document.growth([*rising, *flat])}

    assert 0.7 < found["ready", "subject"]["value"] < 1.3
    assert found["images", "subject"]["points"] == 0
    assert any("does not rise" in line for line in table.ending(report(*flat)))


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        ("{", "not JSON"),
        ("{}", "is not a report of bench --profile unified"),
        ('{"profile": "unified", "schema": "1.0.0"}', "is damaged"),
    ],
)
def test_a_baseline_that_is_none_is_refused(content: str, complaint: str, tmp_path: Path) -> None:
    path = tmp_path / "baseline.json"
    path.write_text(content)

    with pytest.raises(UsageError, match=complaint):
        baseline.read(path)


def test_figures_are_named_by_id_or_group() -> None:
    assert [one.id for one in select(["pulls", "manifest"])] == ["pull-1", "pull-16", "manifest"]
    assert len(select([])) == len(FIGURES)
    with pytest.raises(UsageError, match="did you mean manifest"):
        select(["manifes"])
