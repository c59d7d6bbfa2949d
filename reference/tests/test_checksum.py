"""The checksum argument."""

from __future__ import annotations

import hashlib

import pytest

from zarf_injector import checksum, errors

ABC = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
"""SHA-256 of ``abc``: FIPS 180-2, appendix B.1."""


class TestDigest:
    def test_is_the_published_one(self) -> None:
        assert checksum.digest([b"abc"]) == ABC

    def test_does_not_depend_on_the_blocks(self) -> None:
        assert checksum.digest([b"a", b"", b"bc"]) == ABC

    def test_of_nothing(self) -> None:
        assert checksum.digest([]) == hashlib.sha256().hexdigest()


class TestArgument:
    def test_is_taken_as_it_is(self) -> None:
        assert checksum.parse(ABC) == ABC

    def test_may_be_uppercase(self) -> None:
        assert checksum.parse(ABC.upper()) == ABC

    @pytest.mark.parametrize(
        "argument",
        [
            "",
            ABC[:-1],
            ABC + "0",
            ABC[:32],
            "g" + ABC[1:],
            " " + ABC[1:],
            ABC + "\n",
            f"sha256:{ABC}",
            f"0x{ABC[2:]}",
            ABC[:20] + " " + ABC[21:],
            "\uff11" * 64,
            "\u0660" * 64,
            "\udcff" * 64,
            "-" + ABC[1:],
            "_".join([ABC[:32], ABC[33:]]),
        ],
    )
    def test_is_refused_unless_it_is_64_hexadecimal_digits(self, argument: str) -> None:
        with pytest.raises(errors.MalformedChecksumError) as refusal:
            checksum.parse(argument)

        assert str(refusal.value).isascii()
        assert str(refusal.value).isprintable()


class TestVerifying:
    def test_the_same_digest_passes(self) -> None:
        checksum.verify(ABC, checksum.digest([b"abc"]))

    @pytest.mark.parametrize("position", [0, 31, 63])
    def test_every_digit_counts(self, position: int) -> None:
        digit = "0" if ABC[position] != "0" else "1"
        other = ABC[:position] + digit + ABC[position + 1 :]

        with pytest.raises(errors.ChecksumMismatchError) as refusal:
            checksum.verify(other, ABC)

        assert other in str(refusal.value)
        assert ABC in str(refusal.value)
