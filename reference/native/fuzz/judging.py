"""Inputs by the thousand, and those among them at which a parser fails."""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from native.fuzz.targets import Place, Target
from native.tests.native_programs import Ending, Harness
from native.tests.seeded import generator

ALONE = 10.0
"""Seconds after which a parser hangs that has one input; each takes a millisecond."""

TOGETHER = 60.0
"""Seconds for many. What takes longer is looked at in halves."""


def made(target: Target, seed: int, number: int) -> bytes:
    """The input of that number, which depends on nothing but these three."""
    return target.make(generator(f"{target.name} {seed} {number}"))


def failures(
    harness: Harness, target: Target, inputs: Sequence[bytes]
) -> Iterator[tuple[int, str]]:
    """The places of inputs at which the parser dies, hangs, or reads what others do not."""
    memory = Path("/dev/shm")  # noqa: S108 - the directory made in it has a random name
    with tempfile.TemporaryDirectory(dir=memory if memory.is_dir() else None) as name:
        root = Path(name, "root")
        root.mkdir()
        try:
            answers = harness.run(
                [(target.task, data) for data in inputs],
                root if target.extracts else None,
                timeout=ALONE if len(inputs) == 1 else TOGETHER,
            )
        except subprocess.TimeoutExpired:
            yield from _slow(harness, target, inputs)
            return
        for place, (data, answer) in enumerate(zip(inputs, answers, strict=True)):
            where = Place(root / str(place) / "zarf-stage2", Path(name, "reference"))
            if answer.ending is Ending.DIED:
                yield place, "the parser died: a check failed, or memory was misused"
            elif complaint := target.complaint(data, answer, where):
                yield place, complaint


def _slow(harness: Harness, target: Target, inputs: Sequence[bytes]) -> Iterator[tuple[int, str]]:
    if len(inputs) == 1:
        yield 0, f"no end within {ALONE:.0f} seconds"
        return
    half = len(inputs) // 2
    yield from failures(harness, target, inputs[:half])
    for place, complaint in failures(harness, target, inputs[half:]):
        yield half + place, complaint
