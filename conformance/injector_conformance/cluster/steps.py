"""The steps of a story, with how long each took."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final

from injector_conformance.cluster.faults import Finding
from injector_conformance.host import interruption

PAUSE: Final = 0.5
"""Seconds between two looks at a pod."""


@dataclass(frozen=True, slots=True)
class Step:
    """One step.

    Attributes:
        id: a word that stays the same.
        title: what was done.
        seconds: how long it took.
    """

    id: str
    title: str
    seconds: float


@dataclass(slots=True)
class Steps:
    """What was done so far; ``tell`` hears of each step when it is done."""

    tell: Callable[[Step], None]
    done: list[Step] = field(default_factory=list)

    @contextmanager
    def step(self, identity: str, title: str) -> Iterator[None]:
        """Do one; a step that fails is none."""
        started = time.monotonic()
        yield
        finished = Step(identity, title, time.monotonic() - started)
        self.done.append(finished)
        self.tell(finished)


class BrokenError(Exception):
    """The story ends here, for a reason that has a name."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(str(finding))
        self.finding = finding


def pause() -> None:
    """Wait for the next look."""
    time.sleep(PAUSE)
    interruption.check()
