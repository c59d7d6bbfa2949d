"""The reference against its peers: time and memory, with the limits that it has to keep.

The limits hold here and nowhere else: a test suite that fails on a busy machine helps nobody.
Run with ``make bench``, on a machine that has nothing else to do.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from benchmarks import measure
from benchmarks.measure import Sample, Summary
from benchmarks.payloads import Prepared
from benchmarks.peers import BSDTAR, GNU, PEERS, REFERENCE, Peer

MEBIBYTE: Final = 1024 * 1024

MOST_MEMORY: Final = 48 * MEBIBYTE
"""Peak memory of the reference, whatever the payload."""


class Clock:
    """A clock that goes on only while the reference runs.

    pytest-benchmark reads it before and after a round, which also starts the launcher and counts
    the extracted files.
    """

    def __init__(self) -> None:
        self.now = 0.0

    def read(self) -> float:
        """Seconds."""
        return self.now


CLOCK: Final = Clock()

pytestmark = pytest.mark.benchmark(timer=CLOCK.read, warmup=False)


def race(
    benchmark: BenchmarkFixture, payload: Prepared, output: Path, rounds: int
) -> dict[Peer, Summary]:
    """Let the reference and all peers extract ``payload`` in turns.

    The peers run where pytest-benchmark sets a round up, so that every round of the reference,
    which its table shows, has one of each peer right before it. The first round warms caches and
    is not counted.
    """
    peers = [peer for peer in PEERS if not peer.missing]
    samples: dict[Peer, list[Sample]] = {peer: [] for peer in (REFERENCE, *peers)}

    def others() -> None:
        for peer in peers:
            samples[peer].append(measure.extract(peer, payload, output))
        measure.clear(output)

    def reference() -> None:
        sample = measure.extract(REFERENCE, payload, output)
        samples[REFERENCE].append(sample)
        CLOCK.now += sample.wall

    run: Callable[..., None] = benchmark.pedantic
    run(reference, setup=others, rounds=rounds, warmup_rounds=1)
    summaries = {peer: measure.summary(runs[1:]) for peer, runs in samples.items()}
    benchmark.extra_info.update(table(summaries))
    show(summaries, payload)
    return summaries


def table(summaries: Mapping[Peer, Summary]) -> dict[str, dict[str, float]]:
    """For the file that pytest-benchmark writes: seconds, bytes, and the reference's share."""
    reference = summaries[REFERENCE]
    return {
        peer.name: {
            "wall": one.wall,
            "cpu": one.cpu,
            "peak": one.peak,
            "share": reference.wall / one.wall,
        }
        for peer, one in summaries.items()
    }


def show(summaries: Mapping[Peer, Summary], payload: Prepared) -> None:
    """The same for people."""
    lines = [f"\n{payload.compressed / 1e6:.1f} MB compressed, {payload.files} files"]
    lines += [
        f"{name:<15}{row['wall']:7.3f} s wall {row['cpu']:7.3f} s cpu "
        f"{row['peak'] / MEBIBYTE:6.1f} MiB   reference/this {row['share']:.2f}"
        for name, row in table(summaries).items()
    ]
    lines += [f"{peer.name:<15}not on this machine" for peer in PEERS if peer.missing]
    sys.stdout.write("\n".join(lines) + "\n")


def keeps(summaries: Mapping[Peer, Summary], limits: Mapping[Peer, float]) -> None:
    """Assert the memory limit and every limit on the reference's share of a peer's wall time.

    Skips, naming the peers, if limits could not be judged because these are not there.
    """
    reference = summaries[REFERENCE]
    assert reference.peak < MOST_MEMORY
    for peer, limit in limits.items():
        if peer in summaries:
            share = reference.wall / summaries[peer].wall
            assert share <= limit, f"{share:.2f} of {peer.name}'s time, not {limit}"
    missing = [peer.name for peer in limits if peer not in summaries]
    if missing:
        pytest.skip(f"not judged for want of {', '.join(missing)}")


def test_a_seed(benchmark: BenchmarkFixture, seed: Prepared, output: Path) -> None:
    summaries = race(benchmark, seed, output, rounds=9)

    keeps(summaries, {GNU: 0.55, BSDTAR: 0.8})


def test_a_tree(benchmark: BenchmarkFixture, tree: Prepared, output: Path) -> None:
    summaries = race(benchmark, tree, output, rounds=5)

    keeps(summaries, {GNU: 0.6, BSDTAR: 0.8})
