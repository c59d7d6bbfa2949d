"""A whole run: rounds, places, payloads that do not fit."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from injector_conformance.bench import UsageError
from injector_conformance.bench.contestants import CONTROL, Contestant, find
from injector_conformance.bench.recipes import RECIPES
from injector_conformance.bench.results import Results
from injector_conformance.bench.run import Plan, Rounds, place, run

GOOD = ": > /zarf-stage2/empty"
SMALL = RECIPES["start-up"]
Maker = Callable[..., Contestant]


@pytest.fixture
def where(tmp_path: Path) -> str:
    """A place of its own."""
    return str(tmp_path)


def test_rounds_go_on_until_it_is_enough(contestant: Maker, where: str) -> None:
    def is_enough(results: Results) -> bool:
        return results.rounds == 4

    plan = Plan([SMALL], [contestant(GOOD)], Rounds(2, 9, 3600.0))
    outcome = run(plan, place(where), until=is_enough)

    assert [one.rounds for one in outcome.results] == [4]


@pytest.mark.parametrize(("seconds", "rounds"), [(0.0, 2), (3600.0, 5)])
def test_rounds_are_bounded_by_time_and_number(
    contestant: Maker, where: str, seconds: float, rounds: int
) -> None:
    plan = Plan([SMALL], [contestant(GOOD)], Rounds(2, 5, seconds))

    assert run(plan, place(where)).results[0].rounds == rounds


def test_what_does_not_fit_is_skipped_and_said(contestant: Maker, where: str) -> None:
    huge = replace(SMALL, id="huge", size=1 << 60)
    plan = Plan([huge, SMALL], [contestant(GOOD)], Rounds(1, 1, 0.0))

    outcome = run(plan, place(where))

    assert "of room" in outcome.skipped["huge"]
    assert [one.payload.recipe.id for one in outcome.results] == ["start-up"]


def test_every_step_is_told_and_every_race_handed_over(contestant: Maker, where: str) -> None:
    steps: list[str] = []
    finished: list[Results] = []
    plan = Plan([SMALL], [contestant(GOOD)], Rounds(1, 1, 0.0))

    outcome = run(plan, place(where), lambda _, step: steps.append(step), finished.append)

    assert steps == ["making the payload", "warming up", "round 1"]
    assert finished == outcome.results


@pytest.mark.needs("busybox")
def test_along_a_series_only_injectors_and_the_control_run(contestant: Maker) -> None:
    peers, _ = find(["busybox"])
    everyone = [contestant(GOOD), contestant(GOOD, 1), *peers]
    plan = Plan([], everyone)

    assert plan.contestants_for(RECIPES["seed"]) == everyone
    series = [one.id for one in plan.contestants_for(RECIPES["size-1"])]
    assert series == ["subject", "injector-1", CONTROL]
    assert replace(plan, everyone=True).contestants_for(RECIPES["size-1"]) == everyone


class TestPlace:
    def test_memory_is_no_disk(self) -> None:
        if not Path("/dev/shm").is_dir():  # noqa: S108 -- the place that is meant
            pytest.skip("there is no /dev/shm")

        assert not place("tmpfs").is_disk

    def test_what_is_not_there_is_an_error(self, tmp_path: Path) -> None:
        with pytest.raises(UsageError, match="there is no directory"):
            place(str(tmp_path / "none"))

    def test_a_file_is_no_place(self, tmp_path: Path) -> None:
        (tmp_path / "file").touch()

        with pytest.raises(UsageError, match="there is no directory"):
            place(str(tmp_path / "file"))
