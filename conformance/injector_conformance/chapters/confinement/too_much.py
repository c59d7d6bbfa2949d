"""Payloads that ask for too much: they end in time and within the memory limit (BOX-8).

All are small on disk. What an injector should not do with them is to believe what they claim.
"""

from __future__ import annotations

import zlib
from typing import Final

from injector_conformance.case import MEBIBYTE, Conditions
from injector_conformance.chapters.confinement.attack import AFTER, DATA, ONLY_AFTER, file
from injector_conformance.chapters.confinement.much import LEVEL, PREALLOCATES, much, packed
from injector_conformance.chapters.recipes import FAILS, completes, fails_or
from injector_fixtures import gzip, tar

_GIBIBYTE: Final = 1024 * MEBIBYTE


def _repeated(head: bytes, unit: bytes, count: int) -> bytes:
    """A member that holds ``head``, ``unit`` many times, and the end; never all of it in memory.

    Each piece is compressed once, with a full flush behind it, so that it can be repeated.
    """
    crc = zlib.crc32(head)
    for _ in range(count):
        crc = zlib.crc32(unit, crc)
    tail = AFTER + tar.END
    deflated = _flushed(head) + _flushed(unit) * count
    last = zlib.compressobj(LEVEL, zlib.DEFLATED, -zlib.MAX_WBITS)
    deflated += last.compress(tail) + last.flush()
    length = len(head) + len(unit) * count + len(tail)
    return gzip.member(deflated=deflated, crc=zlib.crc32(tail, crc), isize=length)


def _flushed(data: bytes) -> bytes:
    packer = zlib.compressobj(LEVEL, zlib.DEFLATED, -zlib.MAX_WBITS)
    return packer.compress(data) + packer.flush(zlib.Z_FULL_FLUSH)


_NAME_SIZE: Final = 512 * MEBIBYTE


def _long_record(head: bytes) -> bytes:
    """``head`` announces half a gigabyte of text, and it comes."""
    return _repeated(head, b"n" * MEBIBYTE, _NAME_SIZE // MEBIBYTE)


def _pax_path() -> bytes:
    record = b"%d path=" % _NAME_SIZE
    first = record + b"n" * (MEBIBYTE - len(record))
    head = tar.header(b"PaxHeaders/f", typeflag=b"x", size=_NAME_SIZE) + first
    return _repeated(head, b"n" * MEBIBYTE, _NAME_SIZE // MEBIBYTE - 1)


_RECURSES: Final = "a reader that calls itself for the next header runs out of stack"
_SMALL_FILES: Final = Conditions(file_size_limit=16 * MEBIBYTE)

CASES: Final = (
    much(
        "name-claimed",
        "a GNU long name that announces 8 GiB and is not there",
        lambda: gzip.member(
            tar.header(tar.LONG_LINK, typeflag=b"L", magic=tar.GNU, size=8**11 - 1)
        ),
        why=PREALLOCATES,
        origin="catalogue X26",
        expect=FAILS,
    ),
    much(
        "name",
        "a GNU long name of half a gigabyte",
        lambda: _long_record(
            tar.header(tar.LONG_LINK, typeflag=b"L", magic=tar.GNU, size=_NAME_SIZE)
        ),
        why="the name is read into memory before anybody asks whether it can be one",
        origin="catalogue X26",
        expect=FAILS,
    ),
    much(
        "link-text",
        "a GNU long link text of half a gigabyte",
        lambda: _long_record(
            tar.header(tar.LONG_LINK, typeflag=b"K", magic=tar.GNU, size=_NAME_SIZE)
        ),
        why="the text is read into memory before anybody asks whether it can be one",
        origin="catalogue X26",
        expect=fails_or(ONLY_AFTER),
    ),
    much(
        "pax-path",
        "a pax path of half a gigabyte",
        _pax_path,
        why="the record is read into memory before anybody asks whether it can be a name",
        origin="catalogue X26",
        expect=FAILS,
    ),
    much(
        "bomb",
        "a file of 1 GiB of zeros, where files may have 16 MiB",
        lambda: gzip.bomb(tar.header(b"f", size=_GIBIBYTE), _GIBIBYTE, AFTER + tar.END),
        why="a file that is held in memory, or written without looking at errors, is too much",
        origin="catalogue Z26",
        expect=FAILS,
        conditions=_SMALL_FILES,
        others="no extractor that was tried has a limit of its own",
    ),
    much(
        "zeros-behind-the-end",
        "256 MiB of zeros behind the end of the archive",
        lambda: gzip.bomb(tar.archive(AFTER), 256 * MEBIBYTE),
        why="what is behind the end has to be decompressed and checked, and must not be kept",
        origin="catalogue Z27",
        expect=fails_or(ONLY_AFTER),
        requirements=("BOX-8", "TAR-14"),
    ),
    much(
        "global-headers",
        "20,000 global headers in a row",
        lambda: packed(*[tar.pax({b"comment": b"x"}, typeflag=b"g")] * 20_000),
        why=_RECURSES,
        origin="CPython's tarfile, which calls itself for each of them",
        others="CPython runs into its recursion limit",
        expect=completes(ONLY_AFTER),
        requirements=("BOX-8", "TAR-1"),
    ),
    much(
        "extended-headers",
        "20,000 extended headers before one member",
        lambda: packed(*[tar.pax({b"comment": b"x"})] * 20_000, file(b"f")),
        why=_RECURSES,
        origin="catalogue X07",
        expect=fails_or({b"f": DATA, **ONLY_AFTER}),
    ),
    much(
        "long-names",
        "20,000 GNU long names before one member",
        lambda: packed(*[tar.gnu_longname(b"f")] * 20_000, file(b"stand-in")),
        why=_RECURSES,
        origin="catalogue X08",
        expect=fails_or({b"f": DATA, **ONLY_AFTER}),
    ),
    much(
        "one-name",
        "a name that 3,000 files have, one after the other",
        lambda: packed(*[tar.file(b"f", b"%d" % number) for number in range(3_000)]),
        why="every replacement leaves something behind: a descriptor, or a name to remember",
        origin="catalogue U01",
        expect=completes({b"f": b"2999", **ONLY_AFTER}),
        requirements=("BOX-8", "TAR-6"),
    ),
    much(
        "gzip-members",
        "20,000 empty gzip members before the archive",
        lambda: gzip.member(b"") * 20_000 + packed(),
        why="a reader that calls itself for the next member runs out of stack",
        origin="catalogue Z37",
        expect=completes(ONLY_AFTER),
        requirements=("BOX-8", "GZ-3"),
    ),
)
