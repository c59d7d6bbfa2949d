"""The request parser against two others: that of the reference, and h11's."""

from __future__ import annotations

from native.fuzz.heads import by_h11, by_reference, changed, complaint, head, is_refusal
from native.tests.native_programs import Ending, Harness
from native.tests.seeded import generator


def given() -> list[bytes]:
    chance = generator(9112)
    whole = [head(chance) for _ in range(4_000)]
    return whole + [changed(chance, chance.choice(whole)) for _ in range(6_000)]


def test_says_what_the_reference_says(harness: Harness) -> None:
    inputs = given()
    whole = 0
    for data, answer in zip(inputs, harness.run(("q", one) for one in inputs), strict=True):
        assert answer.ending is Ending.DONE, data
        assert complaint(data, answer.output) is None, data
        expected = by_reference(data)
        whole += expected is not None and len(expected) > len(b"400")

    assert whole > len(inputs) // 20


def test_h11_accepts_what_it_accepts(harness: Harness) -> None:
    inputs = given()
    accepted = 0
    for data, answer in zip(inputs, harness.run(("q", one) for one in inputs), strict=True):
        if not is_refusal(answer.output):
            assert by_h11(data, answer.output), data
            accepted += 1

    assert accepted > len(inputs) // 20
