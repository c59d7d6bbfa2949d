"""Damaged payloads: nothing dies, and nothing is accepted that the Python reference rejects."""

from __future__ import annotations

import gzip
import random
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from native.tests import seeded, trees
from native.tests.native_programs import Ending, Harness, emulator
from zarf_injector.errors import InjectorError
from zarf_injector.injection import inject

SEED = 20_260_102
BLOCK = 512


def flipped_anywhere(rng: random.Random) -> bytes:
    """A payload with one byte changed."""
    payload = bytearray(gzip.compress(trees.archive(rng), mtime=0))
    payload[rng.randrange(len(payload))] ^= rng.randint(1, 255)
    return bytes(payload)


def flipped_in_the_archive(rng: random.Random) -> bytes:
    """A sound gzip stream of an archive with one to three bytes changed.

    Checksums of headers are right, so that damaged fields are believed.
    """
    archive = bytearray(trees.archive(rng))
    for _ in range(rng.randint(1, 3)):
        block = rng.randrange(min(len(archive) // BLOCK, 12)) * BLOCK
        fields = (0, 0, 124, 135, 156, 156, 157, 257, 345, rng.randrange(BLOCK))
        at = block + rng.choice(fields)
        archive[at] = rng.choice((0, 0x20, 0x2F, 0x2E, 0x30, 0x35, 0x80, 0xFF, rng.randrange(256)))
        if b"ustar" in archive[block + 257 : block + 263]:
            archive[block + 148 : block + 156] = b" " * 8
            total = sum(archive[block : block + BLOCK])
            archive[block + 148 : block + 155] = b"%06o\0" % total
    return gzip.compress(bytes(archive), compresslevel=1, mtime=0)


def by_the_reference(payload: bytes, scratch: Path) -> trees.Tree | None:
    """What the Python reference makes of the payload; None if it rejects it."""
    init, output = scratch / "init", scratch / "output"
    init.mkdir(parents=True)
    output.mkdir()
    (init / "zarf-payload-000").write_bytes(payload)
    try:
        inject(bytes(init), bytes(output))
        return trees.extracted(output)
    except (InjectorError, OSError):
        return None
    finally:
        shutil.rmtree(scratch)


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
