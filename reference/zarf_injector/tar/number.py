"""Numbers in headers: octal digits, or GNU's base-256 where these do not suffice."""

from zarf_injector import errors

LARGEST = 2**63 - 1
"""The largest size of a file: more than that overflows off_t (TAR-12)."""

BASE_256 = 0x80
"""The bit in a field's first byte that says that the rest is binary."""

MOST_DIGITS = 20
"""More decimal digits than ``LARGEST`` has are refused without looking at them."""


def from_field(field: bytes) -> int:
    """The number in a header's field: octal with leading or trailing spaces, or base-256.

    An empty field is zero, as every old archiver reads it.

    Raises:
        MalformedNumberError: it is none of that, negative, or larger than ``LARGEST`` (TAR-12).
    """
    if field[0] & BASE_256:
        return within_range(int.from_bytes(field, "big", signed=True) + binary_bias(field))
    text = field.partition(b"\0")[0].strip(b" ")
    if text.strip(b"01234567"):
        raise errors.MalformedNumberError(f"not an octal number: {field!r}")
    return int(text or b"0", 8)


def binary_bias(field: bytes) -> int:
    """What turns a two's complement reading of the whole field into base-256.

    The flag bit is not part of the number: 0x80 begins a positive number, 0xff a negative one.
    """
    return 0 if field[0] & 0x40 else 1 << (8 * len(field) - 1)


def from_record(text: bytes) -> int:
    """The number in a pax record: decimal digits.

    Raises:
        MalformedNumberError: it is anything else, or larger than ``LARGEST`` (TAR-12).
    """
    if not text.isdigit() or len(text) > MOST_DIGITS:
        raise errors.MalformedNumberError(f"not a size: {text[:MOST_DIGITS]!r}")
    return within_range(int(text))


def within_range(number: int) -> int:
    """TAR-12: the number, if a file can be that long.

    Raises:
        MalformedNumberError: it cannot.
    """
    if not 0 <= number <= LARGEST:
        raise errors.MalformedNumberError(f"no file has a size of {number} bytes")
    return number
