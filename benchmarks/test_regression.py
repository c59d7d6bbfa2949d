"""The comparison with a baseline on real programs: one made a fifth slower, and the same again."""

from __future__ import annotations

import sys
from collections.abc import Callable

import pytest

from injector_conformance.bench import baseline, document
from injector_conformance.bench.baseline import METRICS, Baseline
from injector_conformance.bench.comparison import Comparison
from injector_conformance.bench.contestants import CONTROL, find, subject
from injector_conformance.bench.gate import Verdict
from injector_conformance.bench.recipes import RECIPES
from injector_conformance.bench.run import Plan, Rounds, place, run

PAYLOAD = RECIPES["size-16"]
LIMIT = 1.15
TIMES = 20

BURNS = """\
import sys, time
from zarf_injector import command
factor = float(sys.argv.pop(1))
status = command.main()
end = factor * time.process_time()
while time.process_time() < end:
    pass
sys.exit(status)
"""
"""The reference, which then burns as much more CPU time as it is told."""


def plan(factor: float, rounds: Rounds) -> Plan:
    injector = subject([sys.executable, "-P", "-c", BURNS, str(factor)])
    return Plan([PAYLOAD], [injector, *find([CONTROL])[0]], rounds)


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> Baseline:
    """The baseline of the program as it is."""
    path = tmp_path_factory.mktemp("baseline") / "baseline.json"
    planned = plan(1.0, Rounds(80, 80, 0.0))
    outcome = run(planned, place("tmpfs"))
    document.write(document.build(outcome, planned, document.machine(), "tmpfs", {}), path)
    return baseline.read(path)


@pytest.fixture
def verdict(recorded: Baseline) -> Callable[[float], Verdict]:
    """What the comparison says of the program slowed down by a factor."""

    def compare(factor: float) -> Verdict:
        comparison = Comparison(recorded, LIMIT, METRICS)
        planned = plan(factor, Rounds(9, 120, 60.0))
        run(planned, place("tmpfs"), finished=comparison.add, until=comparison.is_enough)
        found = comparison.verdict(is_whole=True)
        figures = ", ".join(
            f"{one.metric} {one.change.value:.3f} [{one.change.low:.3f}, {one.change.high:.3f}]"
            for one in comparison.judgements
        )
        rounds = max(one.rounds for one in comparison.judgements)
        sys.stdout.write(f"\nx{factor}: {found.value} after {rounds} rounds: {figures}\n")
        return found

    return compare


@pytest.mark.parametrize("run_number", range(TIMES))
def test_a_fifth_slower_is_caught(verdict: Callable[[float], Verdict], run_number: int) -> None:
    del run_number

    assert verdict(1.2) is Verdict.REGRESSED


@pytest.mark.parametrize("run_number", range(TIMES))
def test_the_same_is_not_accused(verdict: Callable[[float], Verdict], run_number: int) -> None:
    del run_number

    assert verdict(1.0) is not Verdict.REGRESSED
