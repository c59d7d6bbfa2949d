"""What a race has measured on one payload."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Self

from injector_conformance.bench.memory import Peak
from injector_conformance.bench.prepared import Prepared
from injector_conformance.bench.stopwatch import Sample


@dataclass(slots=True)
class Results:
    """Results on one payload.

    Attributes:
        payload: what was extracted.
        samples: by contestant, one for each round.
        peaks: by contestant, from a run of its own that is not timed.
        failures: why a contestant is out of the race.
    """

    payload: Prepared
    samples: dict[str, list[Sample]]
    peaks: dict[str, Peak] = field(default_factory=dict)
    failures: dict[str, str] = field(default_factory=dict)

    @classmethod
    def none_yet(cls, payload: Prepared, contestants: Iterable[str]) -> Self:
        """No results, for these contestants."""
        return cls(payload, {one: [] for one in contestants})

    @property
    def rounds(self) -> int:
        """How often they went round."""
        return max(map(len, self.samples.values()))

    def series(self, contestant: str, metric: str) -> list[float]:
        """Seconds, round by round; ``metric`` is ``wall`` or ``cpu``."""
        return [getattr(sample, metric) for sample in self.samples[contestant]]

    def drop(self, contestant: str, reason: str) -> None:
        """Take a contestant out, with all that was measured of it."""
        self.failures[contestant] = reason
        self.samples[contestant].clear()
        self.peaks.pop(contestant, None)
