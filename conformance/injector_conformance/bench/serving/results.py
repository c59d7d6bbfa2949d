"""What was measured of one figure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Self

from injector_conformance.bench.serving.figures import Figure

Sample = Mapping[str, float]
"""Values by metric."""


@dataclass(slots=True)
class Results:
    """Results of one figure.

    Attributes:
        figure: what was measured.
        samples: by contestant, one for each round.
        failures: why a contestant is out.
    """

    figure: Figure
    samples: dict[str, list[Sample]]
    failures: dict[str, str] = field(default_factory=dict)

    @classmethod
    def none_yet(cls, figure: Figure, contestants: Iterable[str]) -> Self:
        """No results, for these contestants."""
        return cls(figure, {one: [] for one in contestants})

    @property
    def rounds(self) -> int:
        """How often they went round."""
        return max(map(len, self.samples.values()), default=0)

    def series(self, contestant: str, metric: str) -> list[float]:
        """Values, round by round."""
        return [sample[metric] for sample in self.samples.get(contestant, ())]

    def drop(self, contestant: str, reason: str) -> None:
        """Take a contestant out, with all that was measured of it."""
        self.failures[contestant] = reason
        self.samples[contestant] = []
