"""Races: turns, failures, what is recorded."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from injector_conformance.bench import BenchError
from injector_conformance.bench.arena import Arena
from injector_conformance.bench.contestants import Contestant
from injector_conformance.bench.prepared import Prepared
from injector_conformance.bench.race import Race

GOOD = ": > /zarf-stage2/empty"
Maker = Callable[..., Contestant]


def race(arena: Arena, payload: Prepared, *contestants: Contestant, seed: int = 0) -> Race:
    return Race(arena, payload, contestants, seed=seed, deadline=60)


def test_everyone_is_measured_once_a_round(
    arena: Arena, small: Prepared, contestant: Maker
) -> None:
    one = race(arena, small, contestant(GOOD), contestant(GOOD, 1))
    one.warm_up()
    for _ in range(3):
        one.run_round()

    assert {name: len(samples) for name, samples in one.results.samples.items()} == {
        "subject": 3,
        "injector-1": 3,
    }
    assert set(one.results.peaks) == {"subject", "injector-1"}


def test_the_order_changes_and_is_the_same_for_the_same_seed(
    arena: Arena, small: Prepared, contestant: Maker, monkeypatch: pytest.MonkeyPatch
) -> None:
    runners = [contestant(GOOD), *(contestant(GOOD, number) for number in range(1, 4))]

    def order(seed: int) -> list[str]:
        told: list[str] = []
        command = arena.command

        def telling(who: Contestant, payload: Prepared) -> list[str]:
            told.append(who.id)
            return command(who, payload)

        one = race(arena, small, *runners, seed=seed)
        with monkeypatch.context() as patched:
            patched.setattr(arena, "command", telling)
            for _ in range(3):
                one.run_round()
        return told

    first = order(1)
    assert first == order(1)
    assert first != order(2)
    assert sorted(first[:4]) == sorted(runner.id for runner in runners)
    assert len({tuple(first[start : start + 4]) for start in (0, 4, 8)}) > 1


def test_output_does_not_outlive_a_turn(arena: Arena, small: Prepared, contestant: Maker) -> None:
    once = contestant('[ -z "$(ls /zarf-stage2)" ] || exit 1\n' + GOOD)
    one = race(arena, small, once)
    one.warm_up()
    one.run_round()

    assert one.results.rounds == 1


@pytest.mark.parametrize(
    ("body", "reason"),
    [("echo broken >&2; exit 4", "status 4: broken"), (":", "extracted 0 of 1 files")],
)
class TestFailure:
    def test_of_a_peer_takes_it_out(
        self, arena: Arena, small: Prepared, contestant: Maker, body: str, reason: str
    ) -> None:
        one = race(arena, small, contestant(GOOD), contestant(body, 1))
        one.warm_up()
        one.run_round()

        assert reason in one.results.failures["injector-1"]
        assert not one.results.samples["injector-1"]
        assert one.results.rounds == 1

    def test_of_the_subject_ends_the_race(
        self, arena: Arena, small: Prepared, contestant: Maker, body: str, reason: str
    ) -> None:
        one = race(arena, small, contestant(body))

        with pytest.raises(BenchError, match=f"on start-up: .*{reason}"):
            one.warm_up()
