"""Medians and how sure they are.

Times on a shared machine have outliers and no known distribution, so nothing here assumes one:
the interval of a median is made of two of the samples themselves (order statistics, from the
binomial distribution). What is computed from several medians gets its interval from theirs, or by
resampling (percentile bootstrap, with a fixed seed).
"""

from __future__ import annotations

import math
import random
import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

CONFIDENCE: Final = 0.95

_RESAMPLES: Final = 1000
_SEED: Final = 0


@dataclass(frozen=True, slots=True)
class Estimate:
    """A value and the interval that it is in.

    Attributes:
        value: the median of the samples, or a figure made of medians.
        low: lower end of the interval.
        high: upper end.
        confidence: how probably the true value is between them. With fewer than six samples less
            than :data:`CONFIDENCE` is to be had: the interval is then their whole range.
    """

    value: float
    low: float
    high: float
    confidence: float


def median(samples: Sequence[float]) -> Estimate:
    """The median of ``samples``, of which there is at least one."""
    ordered = sorted(samples)
    count = len(ordered)
    below, left_out = 1, 0
    while below <= count // 2:
        tail = 2 * sum(math.comb(count, one) for one in range(below)) / 2**count
        if 1 - tail < CONFIDENCE:
            break
        left_out, below = below - 1, below + 1
    outside = 2 * sum(math.comb(count, one) for one in range(left_out + 1)) / 2**count
    return Estimate(
        statistics.median(ordered),
        ordered[left_out],
        ordered[count - 1 - left_out],
        max(0.0, 1 - outside),
    )


def ratios(samples: Sequence[float], control: Sequence[float]) -> list[float]:
    """Each sample as a share of the control's of the same round."""
    return [one / other for one, other in zip(samples, control, strict=True)]


def quotient(now: Sequence[float], before: Sequence[float]) -> Estimate:
    """The median of ``now`` by that of ``before``, two independent series of positive samples.

    The intervals of the two are joined as their variances would be, in logarithms (MOVER: Zou and
    Donner, Statistics in Medicine 27, 2008).
    """
    one, other = median(now), median(before)
    value = one.value / other.value
    down = math.hypot(math.log(one.value / one.low), math.log(other.high / other.value))
    up = math.hypot(math.log(one.high / one.value), math.log(other.value / other.low))
    confidence = min(one.confidence, other.confidence)
    return Estimate(value, value * math.exp(-down), value * math.exp(up), confidence)


def resampled(series: Sequence[Sequence[float]], figure: Callable[..., float | None]) -> Estimate:
    """A figure made of several series, and the interval that resampling each of them gives it.

    Args:
        series: at least one sample each.
        figure: takes as many series; a resample for which it gives None is left out.

    Raises:
        ValueError: it gives None for the series themselves.
    """
    value = figure(*series)
    if value is None:
        raise ValueError("there is no such figure")
    chance = random.Random(_SEED)  # noqa: S311 -- the same choice every time is what is wanted
    drawn = (
        figure(*(chance.choices(one, k=len(one)) for one in series)) for _ in range(_RESAMPLES)
    )
    found = sorted(one for one in drawn if one is not None) or [value]
    cut = int(len(found) * (1 - CONFIDENCE) / 2)
    return Estimate(
        value, min(value, found[cut]), max(value, found[len(found) - 1 - cut]), CONFIDENCE
    )
