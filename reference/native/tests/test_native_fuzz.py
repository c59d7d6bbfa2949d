"""Random damage, seeded: nothing dies, and nothing is judged otherwise than by zlib (GZ)."""

from __future__ import annotations

from native.fuzz.streams import damaged_blocks, damaged_members, random_blocks
from native.tests import gzip_oracle, seeded
from native.tests.native_programs import Ending, Harness

SEED = 20_260_101


def assert_judged_alike(harness: Harness, streams: list[bytes]) -> int:
    """Compare every answer with zlib's; return how many streams were accepted."""
    answers = harness.run(("g", stream) for stream in streams)
    accepted = 0
    for stream, answer in zip(streams, answers, strict=True):
        expected = gzip_oracle.decompressed(stream)
        wanted = Ending.REJECTED if expected is None else Ending.DONE
        assert answer.ending is wanted, stream.hex()
        assert answer.output == (expected or b""), stream.hex()
        accepted += expected is not None
    return accepted


class TestFuzz:
    def test_damaged_blocks_in_sound_members(self, harness: Harness) -> None:
        rng = seeded.generator(SEED)

        accepted = assert_judged_alike(harness, [damaged_blocks(rng) for _ in range(4000)])

        assert 200 < accepted < 3800

    def test_random_bits_as_blocks(self, harness: Harness) -> None:
        rng = seeded.generator(SEED + 1)

        accepted = assert_judged_alike(harness, [random_blocks(rng) for _ in range(3000)])

        assert accepted > 0

    def test_damaged_members(self, harness: Harness) -> None:
        rng = seeded.generator(SEED + 2)

        accepted = assert_judged_alike(harness, [damaged_members(rng) for _ in range(3000)])

        assert accepted > 0
