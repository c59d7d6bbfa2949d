"""HTTP-16: parts of a blob (RFC 9110, section 14)."""

UNIT = b"bytes"
DIGITS = frozenset(b"0123456789")

LONGEST_NUMBER = 18
"""Digits of an offset that are looked at; a longer one is beyond every end."""


class UnsatisfiableError(Exception):
    """The part that was asked for begins behind the end."""


class Part:
    """Bytes ``first`` to ``last``, both included, counted from 0."""

    __slots__ = ("first", "last")

    def __init__(self, first: int, last: int) -> None:
        self.first = first
        self.last = last

    @property
    def size(self) -> int:
        """How many bytes it has."""
        return self.last - self.first + 1


def part_of(size: int, field: bytes) -> Part | None:
    """The part of ``size`` bytes that a Range field asks for.

    None for what is to be ignored: several parts at a time, other units, nonsense.

    Raises:
        UnsatisfiableError: there is no such part.
    """
    unit, equals, wanted = field.partition(b"=")
    first, dash, last = wanted.strip(b" \t").partition(b"-")
    if unit.lower() != UNIT or not equals or not dash or not is_number(first + last):
        return None
    if not first:
        return suffix_of(size, number(last))
    begin, end = number(first), number(last) if last else size
    if end < begin and last:
        return None
    if begin >= size:
        raise UnsatisfiableError
    return Part(begin, min(end, size - 1))


def suffix_of(size: int, count: int) -> Part | None:
    """The last ``count`` bytes, or all if there are fewer; of nothing, nothing can be a part.

    Raises:
        UnsatisfiableError: the last none.
    """
    if not count:
        raise UnsatisfiableError
    return Part(max(size - count, 0), size - 1) if size else None


def is_number(digits: bytes) -> bool:
    """Whether there are digits, and only digits."""
    return bool(digits) and DIGITS.issuperset(digits)


def number(digits: bytes) -> int:
    """What digits stand for; of very many, more than any size."""
    significant = digits.lstrip(b"0") or b"0"
    return int(significant[:LONGEST_NUMBER]) if len(significant) <= LONGEST_NUMBER else 1 << 63
