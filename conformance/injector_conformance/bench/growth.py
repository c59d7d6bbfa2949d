"""How cost grows along a dimension: the exponent p of cost = floor + k * value ** p."""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from injector_conformance.bench.estimate import Estimate, resampled

LEAST_POINTS: Final = 3
LEAST_SHARE: Final = 0.1
"""Points that rise above the floor by a smaller share of it say more about noise than growth."""


@dataclass(frozen=True, slots=True)
class Growth:
    """Growth along one dimension.

    Attributes:
        exponent: 1 is linear.
        points: how many payloads rose clearly above the floor.
    """

    exponent: Estimate
    points: int


def fit(floor: Sequence[float], points: Sequence[tuple[int, Sequence[float]]]) -> Growth | None:
    """Fit the exponent by least squares in logarithms, beyond the floor.

    Args:
        floor: samples of the cost that is there whatever the value.
        points: values, each with samples of its cost.

    Returns:
        None if fewer than :data:`LEAST_POINTS` points rise above the floor.
    """
    base = statistics.median(floor)
    used = [
        (value, samples)
        for value, samples in points
        if value > 0 and statistics.median(samples) >= base * (1 + LEAST_SHARE)
    ]
    if len(used) < LEAST_POINTS:
        return None
    values = [value for value, _ in used]

    def slope(low: Sequence[float], *costs: Sequence[float]) -> float | None:
        rises = [statistics.median(cost) - statistics.median(low) for cost in costs]
        if min(rises) <= 0:
            return None
        line = statistics.linear_regression(
            [math.log(value) for value in values], [math.log(rise) for rise in rises]
        )
        return line.slope

    return Growth(resampled((floor, *(samples for _, samples in used)), slope), len(used))
