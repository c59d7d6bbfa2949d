"""Damaged payloads: nothing dies, and nothing is accepted that the Python reference rejects."""

from __future__ import annotations

import random
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from native.fuzz.payloads import by_the_reference, flipped_anywhere, flipped_in_the_archive
from native.tests import seeded, trees
from native.tests.native_programs import Ending, Harness, emulator

SEED = 20_260_102


@pytest.fixture
def scratch() -> Iterator[Path]:
    """A directory in memory where there is one: thousands of trees are made in it."""
    memory = Path("/dev/shm")  # noqa: S108 - the directory made in it has a random name
    with tempfile.TemporaryDirectory(dir=memory if memory.is_dir() else None) as name:
        yield Path(name)


@pytest.mark.parametrize(
    ("damage", "count"), [(flipped_anywhere, 10_000), (flipped_in_the_archive, 2_000)]
)
def test_damage(
    harness: Harness, scratch: Path, damage: Callable[[random.Random], bytes], count: int
) -> None:
    rng = seeded.generator(SEED)
    if emulator(harness.architecture) is not None:
        count //= 10
    payloads = [damage(rng) for _ in range(count)]
    root = scratch / "root"
    root.mkdir()

    answers = harness.run((("x", payload) for payload in payloads), root)

    accepted = 0
    for number, (payload, answer) in enumerate(zip(payloads, answers, strict=True)):
        assert answer.ending in {Ending.DONE, Ending.REJECTED}, payload.hex()
        if answer.ending is Ending.DONE:
            accepted += 1
            tree = trees.extracted(root / str(number) / "zarf-stage2")
            assert tree == by_the_reference(payload, scratch / "reference"), payload.hex()
    assert 0 < accepted < len(payloads)
