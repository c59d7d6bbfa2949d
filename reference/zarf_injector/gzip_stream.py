"""GZ: the compressed stream (RFC 1952).

A stream is one gzip member after the other (GZ-3). Each is a header, DEFLATE data and a trailer:

====================  ==========================================================
ID1 ID2 CM FLG        1f 8b, method 8, flags
MTIME XFL OS          4 + 1 + 1 bytes, of no interest here
XLEN, extra field     2 bytes + XLEN bytes, if FLG.FEXTRA
file name             bytes up to a zero, if FLG.FNAME
comment               bytes up to a zero, if FLG.FCOMMENT
CRC16                 2 bytes, if FLG.FHCRC
data                  DEFLATE (RFC 1951)
CRC32 ISIZE           4 + 4 bytes over the decompressed data
====================  ==========================================================

All numbers are little-endian.
"""

from collections.abc import Iterable, Iterator

from zarf_injector import errors, inflate
from zarf_injector.compressed import Source

MAGIC = b"\x1f\x8b"
METHOD_DEFLATE = 8

FHCRC = 0x02
FEXTRA = 0x04
FNAME = 0x08
FCOMMENT = 0x10
RESERVED_FLAGS = 0xE0

FIXED_HEADER_SIZE = 10
TRAILER_SIZE = 8

FIRST_PIECE = 4 * 1024
"""Bytes of a member that the decoder gets at first. It copies what it does not need: from a whole
block for each of a million tiny members that would take minutes (BOX-8)."""

OUTPUT_SIZE = 512 * 1024
"""Most bytes of one decompressed block: what a bomb can make us hold (BOX-8)."""


def decompress(payload: Iterable[bytes]) -> Iterator[bytes]:
    """The decompressed bytes of every member, in blocks of at most ``OUTPUT_SIZE``, none empty.

    A member's trailer is checked after its last block has been handed out (GZ-5), so whoever
    reads the blocks must read them to the end (TAR-14).

    Raises:
        NotGzipError, MemberHeaderError, MemberHeaderChecksumError, DeflateError,
        ContentMismatchError, TruncatedStreamError, TrailingBytesError: as their names say.
    """
    source = Source(payload)
    if not begins_with_magic(source):
        raise errors.NotGzipError("the payload is not a gzip stream: it does not begin with 1f 8b")
    while True:
        read_header(source)
        yield from read_body(source)
        if not next_member(source):
            return


def begins_with_magic(source: Source) -> bool:
    """GZ-8: what begins otherwise is something else, or nothing."""
    return source.peek(len(MAGIC)) == MAGIC


def next_member(source: Source) -> bool:
    """GZ-3, GZ-7: whether another member begins here; zeros up to the end are padding.

    Raises:
        TrailingBytesError: something else begins here (GZ-7a).
    """
    if begins_with_magic(source):
        return True
    while block := source.block():
        if not is_padding(block):
            raise errors.TrailingBytesError(
                "the payload goes on after the last gzip member, and not with zeros"
            )
    return False


def is_padding(block: bytes) -> bool:
    """GZ-7, GZ-7a: zeros, as blocked media leave them."""
    return not block.strip(b"\0")


def read_header(source: Source) -> None:
    """Read a member's header up to its data (GZ-2).

    Raises:
        MemberHeaderError: an unknown method or a reserved flag (GZ-4).
        MemberHeaderChecksumError: FHCRC disagrees (GZ-5a).
        TruncatedStreamError: the payload ends here (GZ-6).
    """
    fixed = source.take(FIXED_HEADER_SIZE)
    method, flags = fixed[2], fixed[3]
    if not method_is_known(method):
        raise errors.MemberHeaderError(f"gzip member: unknown compression method {method}")
    if not flags_are_known(flags):
        raise errors.MemberHeaderError(f"gzip member: reserved flags set: {flags:#04x}")
    crc = inflate.crc32(fixed)
    if flags & FEXTRA:
        length = source.take(2)
        crc = inflate.crc32(source.take(number(length)), inflate.crc32(length, crc))
    for text in (FNAME, FCOMMENT):
        if flags & text:
            for piece in source.until_zero():
                crc = inflate.crc32(piece, crc)
    if flags & FHCRC and not header_crc_matches(number(source.take(2)), crc):
        raise errors.MemberHeaderChecksumError("gzip member: the header's CRC-16 is wrong")


def read_body(source: Source) -> Iterator[bytes]:
    """Decompress a member's data, then check it against the trailer.

    Raises:
        DeflateError: the data is not DEFLATE (GZ-4).
        ContentMismatchError: CRC-32 or ISIZE disagrees (GZ-5).
        TruncatedStreamError: the payload ends before the trailer does (GZ-6).
    """
    decoder = inflate.decoder()
    crc = size = 0
    rest = source.block(FIRST_PIECE)
    while not decoder.eof:
        rest = rest or source.block()
        if not rest:
            raise errors.TruncatedStreamError("the payload ends within the compressed data")
        try:
            block = decoder.decompress(rest, OUTPUT_SIZE)
        except inflate.InflateError as error:
            raise errors.DeflateError(f"the compressed data is damaged: {error}") from error
        rest = decoder.unconsumed_tail
        if block:
            crc = inflate.crc32(block, crc)
            size += len(block)
            yield block
    source.give_back(len(decoder.unused_data))

    trailer = source.take(TRAILER_SIZE)
    if not crc_matches(number(trailer[:4]), crc):
        raise errors.ContentMismatchError("gzip member: the CRC-32 of the content is wrong")
    if not size_matches(number(trailer[4:]), size):
        raise errors.ContentMismatchError("gzip member: the length of the content is wrong")


def method_is_known(method: int) -> bool:
    """GZ-4: 8 is DEFLATE; no other method was ever defined."""
    return method == METHOD_DEFLATE


def flags_are_known(flags: int) -> bool:
    """GZ-4: a reserved flag may announce a field that we would take for data."""
    return not flags & RESERVED_FLAGS


def header_crc_matches(stored: int, crc: int) -> bool:
    """GZ-5a: the low 16 bits of the CRC-32 over the header up to here."""
    return stored == crc & 0xFFFF


def crc_matches(stored: int, crc: int) -> bool:
    """GZ-5: the CRC-32 over the decompressed data."""
    return stored == crc


def size_matches(stored: int, size: int) -> bool:
    """GZ-5: the length of the decompressed data modulo 2^32."""
    return stored == size & 0xFFFF_FFFF


def number(field: bytes) -> int:
    """An unsigned little-endian number."""
    return int.from_bytes(field, "little")
