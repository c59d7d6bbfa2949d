r"""Header blocks.

======  ====  =====================================================================
offset  size  field
======  ====  =====================================================================
0       100   name, up to a zero byte or the whole field
124     12    size of the data that follows, in bytes
148     8     checksum: the sum of all bytes of the header, this field as spaces
156     1     type
157     100   linkname, as name
257     8     magic and version: ``ustar\0`` ``00`` in POSIX, ``ustar `` `` \0`` in GNU
345     155   prefix: directories of the name, in POSIX headers only
======  ====  =====================================================================

Mode, owner, group, device numbers and times are not read: nothing here depends on them (TAR-15).
"""

from zarf_injector import errors
from zarf_injector.tar import number

ZEROS = bytes(512)
POSIX_MAGIC = b"ustar\0"


class Header:
    """One header block, read and checked.

    Attributes:
        name: with the prefix, before any override.
        linkname: text of a symbolic link, or the name that a hard link shares.
        size: bytes of data.
        type: one byte, ``b"0"`` and so on.
    """

    __slots__ = ("linkname", "name", "size", "type")

    def __init__(self, block: bytes) -> None:
        self.name = name_of(block)
        self.linkname = text(block[157:257])
        self.size = number.from_field(block[124:136])
        self.type = block[156:157]


def read(block: bytes, offset: int) -> Header:
    """The header in ``block``, which begins ``offset`` bytes into the archive.

    Raises:
        HeaderChecksumError: the block is not a header, or a damaged one (TAR-8).
        MalformedNumberError: the size is none (TAR-12).
    """
    if not checksum_is_right(block):
        raise errors.HeaderChecksumError(
            f"no valid tar header at byte {offset} of the archive: its checksum is wrong"
        )
    return Header(block)


def is_zero(block: bytes) -> bool:
    """Whether this is one of the blocks that end an archive (TAR-14)."""
    return block == ZEROS


def checksum_is_right(block: bytes) -> bool:
    """TAR-8, TAR-8a: the sum of the bytes, unsigned, or signed as some old archivers had it."""
    field = block[148:156]
    try:
        stored = number.from_field(field)
    except errors.MalformedNumberError:
        return False
    unsigned = sum(block) - sum(field) + 8 * ord(" ")
    return stored == unsigned or stored == unsigned - signed_difference(block, field)


def signed_difference(block: bytes, field: bytes) -> int:
    """By how much the sum of a header shrinks when bytes from 0x80 on count as negative."""
    high = sum(byte >> 7 for byte in block) - sum(byte >> 7 for byte in field)
    return 256 * high


def name_of(block: bytes) -> bytes:
    """TAR-1: the name, with the prefix that POSIX headers may have; GNU's keep times there."""
    name = text(block[:100])
    if block[345] and block.startswith(POSIX_MAGIC, 257):
        return text(block[345:500]) + b"/" + name
    return name


def text(field: bytes) -> bytes:
    """A field's text: up to the first zero byte, or all of it (TAR-13)."""
    return field.partition(b"\0")[0]
