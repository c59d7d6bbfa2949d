"""SHA-256, both ways, against the standard library and FIPS 180-4."""

from __future__ import annotations

import hashlib

import pytest

from native.tests import seeded
from native.tests.native_programs import Ending, Harness

MESSAGES = [
    *(bytes(range(256))[:length] for length in range(200)),
    *(
        seeded.generator(length).randbytes(length)
        for length in (4095, 4096, 4097, 65_536, 100_001)
    ),
]


@pytest.mark.parametrize("letter", ["s", "S"], ids=["software", "extensions"])
class TestSha256:
    def test_agrees_with_the_standard_library(self, harness: Harness, letter: str) -> None:
        answers = harness.run((letter, message) for message in MESSAGES)

        if answers[0].ending is Ending.UNAVAILABLE:
            pytest.skip("this processor has no instructions for SHA-256")
        assert [answer.output.decode() for answer in answers] == [
            hashlib.sha256(message).hexdigest() for message in MESSAGES
        ]

    @pytest.mark.parametrize(
        ("message", "digest"),
        [
            (b"abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
            (
                b"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
                "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1",
            ),
            (
                b"a" * 1_000_000,
                "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0",
            ),
        ],
        ids=["one-block", "two-blocks", "a-million"],
    )
    def test_gives_the_digests_of_the_standard(
        self, harness: Harness, letter: str, message: bytes, digest: str
    ) -> None:
        (answer,) = harness.run([(letter, message)])

        if answer.ending is Ending.UNAVAILABLE:
            pytest.skip("this processor has no instructions for SHA-256")
        assert answer.output.decode() == digest
