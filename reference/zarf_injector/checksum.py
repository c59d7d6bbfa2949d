"""SUM: the checksum argument."""

import hashlib
from collections.abc import Iterable

from zarf_injector import errors

DIGITS = 64
"""Hexadecimal digits of a SHA-256 digest."""


def is_well_formed(argument: str) -> bool:
    """SUM-3: 64 hexadecimal digits, and nothing before, between or after them."""
    return len(argument) == DIGITS and not argument.strip("0123456789abcdefABCDEF")


def parse(argument: str) -> str:
    """The digest that the argument stands for, in lowercase (SUM-6).

    Raises:
        MalformedChecksumError: the argument is not a digest (SUM-3).
    """
    if not is_well_formed(argument):
        raise errors.MalformedChecksumError(
            f"the checksum must be {DIGITS} hexadecimal digits, not {argument!a}"
        )
    return argument.lower()


def digest(blocks: Iterable[bytes]) -> str:
    """The SHA-256 of all blocks joined, as 64 lowercase hexadecimal digits (SUM-1)."""
    sha256 = hashlib.sha256()
    for block in blocks:
        sha256.update(block)
    return sha256.hexdigest()


def matches(expected: str, actual: str) -> bool:
    """SUM-1: every digit counts."""
    return expected == actual


def verify(expected: str, actual: str) -> None:
    """Refuse a payload that is not the expected one.

    Raises:
        ChecksumMismatchError: naming both digests (SUM-2, SUM-5).
    """
    if not matches(expected, actual):
        raise errors.ChecksumMismatchError(
            f"the payload's SHA-256 is {actual}, expected {expected}"
        )
