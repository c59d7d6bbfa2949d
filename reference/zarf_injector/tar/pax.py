r"""Pax extended headers: records of the form ``LENGTH KEYWORD=VALUE\n`` (POSIX.1-2017, pax).

LENGTH is a decimal number that counts the whole record, itself and the newline included.
"""

from collections.abc import Iterator

from zarf_injector import errors

MOST_DIGITS = 9
"""Digits of a length, leading zeros aside, that is still looked for in a header."""


def records(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Keywords and values, in the order of the records; the last of a keyword counts.

    Raises:
        MalformedRecordError: ``data`` is not a sequence of records (TAR-12, CVE-2026-32766).
    """
    start = 0
    while start < len(data):
        space = data.find(b" ", start)
        digits = data[start:space]
        if space < 0 or not digits.isdigit():
            raise errors.MalformedRecordError("a pax record does not begin with its length")
        newline = start + length_of(digits) - 1
        if not length_is_right(data, space, newline):
            raise errors.MalformedRecordError("the length of a pax record is wrong")
        keyword, equals, value = data[space + 1 : newline].partition(b"=")
        if not keyword or not equals:
            raise errors.MalformedRecordError("a pax record has no keyword")
        yield keyword, value
        start = newline + 1


def length_of(digits: bytes) -> int:
    """TAR-12: a record's length; leading zeros do not count.

    Raises:
        MalformedRecordError: no header can hold such a record.
    """
    if len(digits) > MOST_DIGITS:
        digits = digits.lstrip(b"0")
        if len(digits) > MOST_DIGITS:
            raise errors.MalformedRecordError("a pax record is longer than any header")
    return int(digits or b"0")


def length_is_right(data: bytes, space: int, newline: int) -> bool:
    """TAR-12: a record ends with a newline, where its length says, and within the header."""
    return space < newline < len(data) and data[newline : newline + 1] == b"\n"


def is_sparse(keyword: bytes) -> bool:
    """TAR-11: whether the next member's data is a condensed form (GNU sparse 0.0, 0.1, 1.0)."""
    return keyword.startswith(b"GNU.sparse.")
