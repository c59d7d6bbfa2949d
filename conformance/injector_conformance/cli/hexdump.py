"""A hexdump, as ``hexdump -C`` writes it: equal lines folded into an asterisk."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

_WIDTH: Final = 16
_HALF: Final = 8
_FOLD: Final = "*"
_PRINTABLE: Final = range(0x20, 0x7F)


def lines(pieces: Iterable[bytes], most: int) -> Iterator[str]:
    """The lines of a dump: ``most`` at the most, and then one that says so.

    What is folded takes no line but the asterisk's, and no memory. The line that says so, or how
    long it is, comes on top.
    """
    offset = count = 0
    before, is_folded = b"", False
    for row in _rows(pieces):
        if row == before:
            if not is_folded:
                yield _FOLD
                count += 1
            is_folded = True
        else:
            if count >= most:
                yield f"… cut at byte {offset:,}, after {most:,} lines"
                return
            yield _line(offset, row)
            count += 1
            before, is_folded = row, False
        offset += len(row)
    yield f"{offset:08x}"


def _rows(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """The bytes in rows of 16; the last one may be shorter."""
    left = b""
    for piece in pieces:
        data = left + piece
        whole = len(data) // _WIDTH * _WIDTH
        for start in range(0, whole, _WIDTH):
            yield data[start : start + _WIDTH]
        left = data[whole:]
    if left:
        yield left


def _line(offset: int, row: bytes) -> str:
    numbers = "  ".join(row[at : at + _HALF].hex(" ").ljust(23) for at in (0, _HALF))
    text = "".join(chr(byte) if byte in _PRINTABLE else "." for byte in row)
    return f"{offset:08x}  {numbers}  |{text}|"
