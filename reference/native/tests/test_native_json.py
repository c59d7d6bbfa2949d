"""The JSON reader against Python's: the same documents refused, the same events of the others."""

from __future__ import annotations

from native.fuzz.documents import LONGEST, PIECES, damaged, expected, value, written
from native.tests.native_programs import Ending, Harness
from native.tests.seeded import generator

DEEPEST = 512


def documents() -> list[bytes]:
    """Valid, damaged and random ones."""
    chance = generator(8259)
    valid = [written(chance, value(chance, 4)) for _ in range(2_000)]
    broken = [damaged(chance, chance.choice(valid)) for _ in range(4_000)]
    noise = [b"".join(chance.choices(PIECES, k=chance.randrange(1, 9))) for _ in range(4_000)]
    return [*valid, *broken, *noise, b"", b"\xef\xbb\xbf{}", b'"' + b"x" * LONGEST + b'"']


def test_reads_what_python_reads(harness: Harness) -> None:
    given = documents()
    accepted = 0
    for document, answer in zip(given, harness.run(("j", one) for one in given), strict=True):
        wanted = expected(document)
        if wanted is None:
            assert answer.ending is Ending.REJECTED, document
            continue
        accepted += 1
        assert (answer.ending, answer.output) == (Ending.DONE, wanted), document

    assert accepted > len(given) // 5


def test_refuses_what_is_too_deep(harness: Harness) -> None:
    def nested(depth: int) -> bytes:
        return b"[" * depth + b"]" * depth

    good, bad, open_only = harness.run(
        [("j", nested(DEEPEST)), ("j", nested(DEEPEST + 1)), ("j", b'{"a":[' * 100_000)]
    )

    assert good.output == b"[" * DEEPEST + b"}" * DEEPEST
    assert [bad.ending, open_only.ending] == [Ending.REJECTED] * 2
