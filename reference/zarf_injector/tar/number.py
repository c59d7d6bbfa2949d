"""Numbers in headers: octal digits, or GNU's base-256 where these do not suffice."""

from zarf_injector import errors

LARGEST = 2**63 - 1
"""The largest size of a file: more than that overflows off_t (TAR-12)."""

BASE_256 = 0x80
"""The bit in a field's first byte that says that the rest is binary."""

MOST_DIGITS = 19
"""Decimal digits of ``LARGEST``. Numbers of more are refused without looking at them: to read
thousands of digits takes longer than is decent."""


def from_field(field: bytes) -> int:
    """TAR-12: the number in a header's field.

    Spaces or none, octal digits, and spaces or zero bytes up to the field's end; or base-256. If
    anything else is in the field, readers see different numbers, and so different archives.

    Raises:
        MalformedNumberError: it is none of that, negative, or larger than ``LARGEST``.
    """
    if field[0] & BASE_256:
        return within_range(int.from_bytes(field, "big", signed=True) + binary_bias(field))
    digits = field.lstrip(b" ").rstrip(b" \0")
    if digits.strip(b"01234567") or not (digits or is_blank(field)):
        raise errors.MalformedNumberError(f"not an octal number: {field!r}")
    return int(digits or b"0", 8)


def is_blank(field: bytes) -> bool:
    """TAR-12: whether a field is all spaces or all zero bytes, which is zero, and not of both."""
    return not field.strip(b" ") or not field.strip(b"\0")


def binary_bias(field: bytes) -> int:
    """What turns a two's complement reading of the whole field into base-256.

    The flag bit is not part of the number: 0x80 begins a positive number, 0xff a negative one.
    """
    return 0 if field[0] & 0x40 else 1 << (8 * len(field) - 1)


def from_record(text: bytes) -> int:
    """TAR-12: the number in a pax record: decimal digits, zeros before them or not.

    Raises:
        MalformedNumberError: it is anything else, or larger than ``LARGEST``.
    """
    digits = text.lstrip(b"0")
    if not text.isdigit() or len(digits) > MOST_DIGITS:
        raise errors.MalformedNumberError(f"not a size: {text[:MOST_DIGITS]!r}")
    return within_range(int(digits or b"0"))


def within_range(number: int) -> int:
    """TAR-12: the number, if a file can be that long.

    Raises:
        MalformedNumberError: it cannot.
    """
    if not 0 <= number <= LARGEST:
        raise errors.MalformedNumberError(f"no file has a size of {number} bytes")
    return number
