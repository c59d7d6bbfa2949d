"""Damage that a reader believes: damage that every checksum finds says little about readers.

Fields change and checksums are mended, records are spliced, members moved, streams joined.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from differential import archives, kinds
from differential.noise import Noise
from injector_fixtures import gzip, tar

MOST_CHANGES: Final = 4

Members = list[bytes]


def payload(noise: Noise) -> bytes:
    """A payload, from nearly valid to hardly so."""
    members = archives.archive(noise)
    for _ in range(noise.below(MOST_CHANGES)):
        noise.one_of(CHANGES)(noise, members)
    end = noise.one_of((tar.END, tar.END, tar.END, bytes(512), b"", bytes(1536)))
    return _compressed(noise, tar.archive(*members, end=end))


def _pick(noise: Noise, members: Members) -> int:
    return noise.below(len(members)) if members else -1


def change_a_field(noise: Noise, members: Members) -> None:
    """Give a header's field another value; the checksum is right afterwards."""
    at = _pick(noise, members)
    if at < 0:
        return
    block, data = members[at][: tar.BLOCK], members[at][tar.BLOCK :]
    field = noise.one_of(
        ("size", "size", "size", "typeflag", "name", "linkname", "magic", "prefix")
    )
    values = {
        "size": [*kinds.NUMBERS.values(), b"%011o" % len(data), b"00000000001"],
        "typeflag": [b"%c" % code for code in b"\x0001234567LKxgSVMAXDaz\xff"],
        "magic": [*archives.FORMATS, b"ustar\x0001", b"ustar000", b"USTAR\x0000"],
        "prefix": [b"", b"d", b"p/", b"/p", b"..", b"p" * 155],
    }
    value = noise.one_of(values.get(field) or archives.NAMES)
    if field in {"name", "linkname"} and noise.happens(6):
        value += b"\0junk"
    block = tar.with_field(block, field, value[: tar.FIELDS[field][1]])
    members[at] = tar.with_checksum(block) + data


def change_a_byte(noise: Noise, members: Members) -> None:
    """Put any byte anywhere into a header; the checksum is right afterwards."""
    at = _pick(noise, members)
    if at < 0:
        return
    block = bytearray(members[at][: tar.BLOCK])
    block[noise.below(tar.BLOCK)] = noise.one_of((*b"\0 /.05\x80\xff", noise.below(256)))
    members[at] = tar.with_checksum(bytes(block)) + members[at][tar.BLOCK :]


def change_a_checksum(noise: Noise, members: Members) -> None:
    """Write a right checksum in another form, or a wrong one."""
    at = _pick(noise, members)
    if at < 0:
        return
    block = members[at][: tar.BLOCK]
    right = tar.checksum(block, signed=noise.happens(3))
    forms = ("%06o\0 ", "%06o  ", "%07o\0", "%08o", "%8o", "\0%06o ", "%06o\x000", " %06o ", "%o")
    field = (noise.one_of(forms) % (right + noise.happens(8))).encode()[-8:]
    if noise.happens(6):
        field = tar.base256(right, 8)
    members[at] = tar.with_field(block, "checksum", field) + members[at][tar.BLOCK :]


def change_a_text(noise: Noise, members: Members) -> None:
    """Splice the records or the name of an extended header, and mend its size."""
    candidates = [at for at, member in enumerate(members) if member[156:157] in b"xgLK"]
    if not candidates:
        members.insert(noise.below(len(members) + 1), archives.extension(noise))
        return
    at = noise.one_of(candidates)
    block, data = members[at][: tar.BLOCK], members[at][tar.BLOCK :]
    digits = block[124:135].strip(b"\0 ")
    length = int(digits, 8) if digits.strip(b"01234567") == b"" and digits else len(data)
    changed = _spliced(noise, data[:length])
    block = tar.with_field(block, "size", b"%011o" % len(changed))
    members[at] = tar.with_checksum(block) + tar.padded(changed)


def _spliced(noise: Noise, text: bytes) -> bytes:
    records = text.splitlines(keepends=True)
    kind = noise.below(7)
    if kind == 0 and records:
        records.append(noise.one_of(records))
    elif kind == 1:
        records.reverse()
    elif kind == 2 and records:  # noqa: PLR2004 - one of seven
        at = noise.below(len(records))
        records[at] = b"0" * noise.below(30) + records[at]
    elif kind == 3:  # noqa: PLR2004
        records.insert(noise.below(len(records) + 1), noise.one_of([*kinds.RECORDS.values()]))
    elif kind == 4 and text:  # noqa: PLR2004
        at = noise.below(len(text))
        return text[:at] + noise.one_of((b"\0", b"=", b"\n", b" ", b"9", b"")) + text[at + 1 :]
    elif kind == 5:  # noqa: PLR2004
        return text + noise.one_of((b"\0", b"\n", b"x", bytes(600)))
    else:
        return text[: noise.below(len(text) + 1)]
    return b"".join(records)


def move_members(noise: Noise, members: Members) -> None:
    """Repeat, remove, swap or add members, or put a zero block between them."""
    at = _pick(noise, members)
    kind = noise.below(6)
    if kind == 0 or at < 0:
        members.insert(at + 1, archives.extension(noise))
    elif kind == 1:
        members.insert(noise.below(len(members) + 1), members[at])
    elif kind == 2:  # noqa: PLR2004 - one of six
        del members[at]
    elif kind == 3:  # noqa: PLR2004
        other = noise.below(len(members))
        members[at], members[other] = members[other], members[at]
    elif kind == 4:  # noqa: PLR2004
        members.insert(at, bytes(512) if noise.happens(2) else tar.END)
    else:
        members += archives.archive(noise)


def hide_a_member(noise: Noise, members: Members) -> None:
    """Make a member the data of another one, whose size may say otherwise."""
    at = _pick(noise, members)
    if at < 0:
        return
    inside = members[at]
    size = noise.one_of((len(inside), 0, 512, len(inside) + 512))
    override = [tar.pax({b"size": b"%d" % len(inside)})] if noise.happens(2) else []
    members[at : at + 1] = [*override, tar.file(archives.name(noise), inside, size=size)]


CHANGES: Final[tuple[Callable[[Noise, Members], None], ...]] = (
    change_a_field,
    change_a_field,
    change_a_byte,
    change_a_checksum,
    change_a_text,
    change_a_text,
    move_members,
    hide_a_member,
)


def _compressed(noise: Noise, archive: bytes) -> bytes:
    if noise.below(4):
        return gzip.member(archive, level=1)
    fields: gzip.Options = {
        "level": noise.one_of((None, 1, 6, 9)),
        "text": noise.happens(2),
        "extra": noise.one_of((None, None, b"", b"extra", b"e" * 65_535)),
        "name": noise.one_of((None, None, b"", b"name", b"n" * 65_535)),
        "comment": noise.one_of((None, None, b"comment")),
        "header_crc": noise.one_of((None, None, "right", "right", "wrong")),
        "reserved": noise.one_of((0,) * 15 + (0x20,)),
        "isize": len(archive) + (1 << 32) if noise.happens(4) else None,
        "crc": 1 if noise.happens(15) else None,
    }
    stream = gzip.member(archive, **fields)
    if noise.happens(2):
        at = noise.below(len(archive) + 1)
        stream = gzip.member(archive[:at], level=1) + gzip.member(archive[at:])
    kind = noise.below(6)
    if kind == 0:
        stream += bytes(noise.below(600))
    elif kind == 1:
        stream += noise.one_of(
            (b"x", b"\x1f", b"\x1f\x8b", b"\0\0x", gzip.member(), b"\0" + gzip.member())
        )
    elif kind == 2:  # noqa: PLR2004 - one of six
        stream = stream[: noise.below(len(stream) + 1)]
    elif kind == 3:  # noqa: PLR2004
        at = noise.below(len(stream))
        stream = stream[:at] + bytes([stream[at] ^ 1 << noise.below(8)]) + stream[at + 1 :]
    return stream
