"""What the built injectors weigh, and how long weighing takes."""

from __future__ import annotations

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from benchmarks.subjects import ROOT
from injector_conformance.size.measure import measure

BINARIES = {
    "native-x86_64": ROOT / "native/bin/zarf-injector-x86_64",
    "native-aarch64": ROOT / "native/bin/zarf-injector-aarch64",
    "native-unified-x86_64": ROOT / "native/bin/zarf-injector-unified-x86_64",
    "native-unified-aarch64": ROOT / "native/bin/zarf-injector-unified-aarch64",
    "rust-unified": ROOT / "rust/bin/immediate-abort-x86_64/zarf-injector-unified",
    "rust-plain": ROOT / "rust/bin/plain-x86_64/zarf-injector",
    "rust-size": ROOT / "rust/bin/size-x86_64/zarf-injector",
    "rust-build-std": ROOT / "rust/bin/build-std-x86_64/zarf-injector",
    "rust-immediate-abort": ROOT / "rust/bin/immediate-abort-x86_64/zarf-injector",
}
LIMITS = {
    "native-x86_64": 12_288,
    "native-aarch64": 12_288,
    "rust-immediate-abort": 200_000,
}
CONFIGMAP = 1_048_576


@pytest.mark.parametrize("name", BINARIES)
def test_size(benchmark: BenchmarkFixture, name: str) -> None:
    path = BINARIES[name]
    if not path.exists():
        pytest.skip(f"{name} is not built; make native, make rust-ladder")

    sizes = benchmark(measure, path)

    benchmark.extra_info["bytes"] = sizes.facts.size
    assert sizes.facts.size <= LIMITS.get(name, CONFIGMAP)
