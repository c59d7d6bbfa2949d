"""A tar archive as far as it can be read: what a payload is made of, not what is right about it.

Nothing is refused. A header with a flaw is told with it, what is none is passed over block by
block, and what stands behind the end is told too: a reader may be led there.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from injector_fixtures.tar import BLOCK, FIELDS, GNU, USTAR, checksum

_RECORD: Final = re.compile(rb"(\d{1,20}) ([^=]{1,200})=")
_MOST_HELD: Final = 1 << 20
"""Bytes of a member's data that are held, to know what they say of the next one."""

_NEW_NAME: Final = (b"path", b"GNU.sparse.name")
_WITHOUT_DATA: Final = b"123456"
"""Types that mostly have no data, whatever their size says; readers disagree."""

_EXTENDED: Final = 482
_MORE: Final = 504
"""Where a sparse header, and a block that extends it, say that another one follows."""


@dataclass(frozen=True, slots=True)
class Member:
    """A header of the archive.

    Attributes:
        offset: of the header, in the archive.
        typeflag: the byte as it stands there.
        mode: its permission bits; None if the field holds no number.
        size: bytes of data: what its header says, or the records before it; None if nothing does.
        name: the whole of it, of prefix, long name and records.
        target: where a link leads.
        faults: what is odd about it, in words.
        data: what its data says of what follows: of extended headers and long names, and of the
            file that :func:`read` is told to hold.
        header: its block.
    """

    offset: int
    typeflag: bytes
    mode: int | None
    size: int | None
    name: bytes
    target: bytes = b""
    faults: tuple[str, ...] = ()
    data: bytes = b""
    header: bytes = b""


@dataclass(frozen=True, slots=True)
class Gap:
    """Blocks that are no member: the end, or what is no header."""

    offset: int
    size: int
    is_zero: bool


class _Source:
    """The archive's bytes, of which only those that are looked at are held."""

    def __init__(self, pieces: Iterable[bytes]) -> None:
        self._pieces = iter(pieces)
        self._held = bytearray()
        self.offset = 0

    def peek(self, size: int) -> bytes:
        while len(self._held) < size and (piece := next(self._pieces, b"")):
            self._held += piece
        return bytes(self._held[:size])

    def take(self, size: int) -> bytes:
        data = self.peek(size)
        del self._held[: len(data)]
        self.offset += len(data)
        return data

    def skip(self, size: int) -> int:
        """How many of these bytes there were."""
        left = size
        while left and (there := self.peek(1)):
            step = min(left, len(self._held) if there else 0)
            del self._held[:step]
            self.offset += step
            left -= step
        return size - left


@dataclass(slots=True)
class _Said:
    """What extended headers and long names say of the next member."""

    values: dict[bytes, bytes] = field(default_factory=dict)

    def take(self) -> Mapping[bytes, bytes]:
        taken, self.values = self.values, {}
        return taken


def read(pieces: Iterable[bytes], held: bytes = b"") -> Iterator[Member | Gap]:
    """Everything in an archive, in its order.

    ``held`` is the last part of the name of files whose data is kept.
    """
    source, said = _Source(pieces), _Said()
    while block := source.peek(BLOCK):
        if _is_header(block):
            yield _member(source, said, held)
        else:
            yield _gap(source)


def _is_header(block: bytes) -> bool:
    if len(block) < BLOCK or not any(block):
        return False
    start, width = FIELDS["magic"]
    claimed = number(_raw(block, "checksum"))
    right = (checksum(block), checksum(block, signed=True))
    return claimed in right or block[start : start + width] in (USTAR, GNU)


def _gap(source: _Source) -> Gap:
    offset, first = source.offset, source.take(BLOCK)
    is_zero = not any(first)
    while (block := source.peek(BLOCK)) and any(block) != is_zero and not _is_header(block):
        source.skip(BLOCK)
    return Gap(offset, source.offset - offset, is_zero)


def _member(source: _Source, said: _Said, held: bytes) -> Member:
    offset, block = source.offset, source.take(BLOCK)
    kind = _raw(block, "typeflag")
    is_about_next = kind in b"xgXLKN" and kind != b"\0"
    values = {} if is_about_next else said.take()
    name = next((values[key] for key in _NEW_NAME if key in values), _name(block))
    size, faults = _size(block, values)
    if kind == b"S" and block[_EXTENDED]:
        while (extension := source.take(BLOCK)) and len(extension) == BLOCK and extension[_MORE]:
            pass
    data = b""
    if size and kind in _WITHOUT_DATA and not _has_data(source.peek(BLOCK)):
        faults.append("without its data")
    elif size:
        room = -(-size // BLOCK) * BLOCK
        if size <= _MOST_HELD and (is_about_next or name.rpartition(b"/")[2] == held):
            data = source.peek(room)[:size]
        there = source.skip(room)
        if there < size:
            faults.append(f"only {there:,} bytes of its data are there")
    if is_about_next:
        said.values |= _values(kind, data)
    return Member(
        offset=offset,
        typeflag=kind,
        mode=number(_raw(block, "mode")),
        size=size,
        name=name,
        target=values.get(b"linkpath", _text(block, "linkname")),
        faults=tuple(faults),
        data=data,
        header=block,
    )


def _size(block: bytes, values: Mapping[bytes, bytes]) -> tuple[int | None, list[str]]:
    """The size that counts, and what is odd about it or the header's sum."""
    faults = []
    if number(_raw(block, "checksum")) not in (checksum(block), checksum(block, signed=True)):
        faults.append("checksum is wrong")
    size = own = number(_raw(block, "size"))
    record = values.get(b"size")
    if record is not None and record.isdigit() and len(record) <= len(str(1 << 64)):
        size = int(record)
        if size != own:
            faults.append(f"size {shown_number(block, 'size')} in the header")
    if size is not None and size < 0:
        faults.append("size is negative")
    elif size is None:
        faults.append("size is no number")
    return size if size is None or size >= 0 else None, faults


def _has_data(following: bytes) -> bool:
    """Whether what follows is no header, and so may be data."""
    return bool(following) and any(following) and not _is_header(following)


def _values(kind: bytes, data: bytes) -> dict[bytes, bytes]:
    if kind == b"L":
        return {b"path": data.partition(b"\0")[0]}
    if kind == b"K":
        return {b"linkpath": data.partition(b"\0")[0]}
    # What a global header says holds for all that follow; nobody's size or name is among it.
    return dict(records(data)) if kind in b"xX" else {}


def records(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Keys and values of pax records, as far as they can be read."""
    at = 0
    while found := _RECORD.match(data, at):
        end = at + int(found[1])
        if not found.end() <= end <= len(data):
            return
        yield found[2], data[found.end() : end].removesuffix(b"\n")
        at = end


def _name(block: bytes) -> bytes:
    prefix = _text(block, "prefix") if has_prefix(block) else b""
    name = _text(block, "name")
    return prefix + b"/" + name if prefix else name


def has_prefix(block: bytes) -> bool:
    """Whether a header has a field for a prefix: whatever the version behind the magic."""
    return _raw(block, "magic").startswith(b"ustar\0")


def number(raw: bytes) -> int | None:
    """A numeric field: octal digits, or GNU's base 256; None if it is neither."""
    if raw[:1] and raw[0] & 0x80:
        value = int.from_bytes(raw, "big") & ((1 << (8 * len(raw) - 1)) - 1)
        sign = 1 << (8 * len(raw) - 2)
        return value - 2 * sign if value & sign else value
    digits = raw.strip(b" \0")
    with contextlib.suppress(ValueError):
        return int(digits, 8) if digits.isdigit() else None
    return None


def shown_number(block: bytes, name: str) -> str:
    """A numeric field of a header in words: its value, or the bytes that are none."""
    raw = _raw(block, name)
    value = number(raw)
    return f"{value:,}" if value is not None else ascii(raw)[1:]


def _raw(block: bytes, name: str) -> bytes:
    start, width = FIELDS[name]
    return block[start : start + width]


def _text(block: bytes, name: str) -> bytes:
    return _raw(block, name).partition(b"\0")[0]
