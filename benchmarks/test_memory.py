"""Peak memory, which must not depend on the payload."""

from __future__ import annotations

import pytest

from benchmarks.conftest import Raced
from injector_conformance.bench.recipes import RECIPES

KIBIBYTE = 1024
LIMITS = {"reference": 48 * KIBIBYTE * KIBIBYTE, "native": 512 * KIBIBYTE}


@pytest.mark.parametrize("payload", RECIPES)
@pytest.mark.parametrize("name", LIMITS)
def test_peak_memory_is_below_its_limit(raced: Raced, payload: str, name: str) -> None:
    results = raced(payload)
    if name not in results.peaks:
        pytest.skip(f"{name} is not on this machine")
    peak = results.peaks[name]

    assert peak.method == "exact"
    assert peak.size <= LIMITS[name]
