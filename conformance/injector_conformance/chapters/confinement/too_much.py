"""Payloads that ask for too much: they end in time and within the memory limit (BOX-8).

All are small on disk. What an injector should not do with them is to believe what they claim.
"""

from __future__ import annotations

from typing import Final

from injector_conformance.cases.case import MEBIBYTE, Conditions
from injector_conformance.chapters.confinement.attack import AFTER, DATA, ONLY_AFTER, file
from injector_conformance.chapters.confinement.much import PREALLOCATES, again, much, packed
from injector_conformance.chapters.recipes import FAILS, completes, fails_or
from injector_fixtures import gzip, splice, tar

_GIBIBYTE: Final = 1024 * MEBIBYTE


_NAME_SIZE: Final = 512 * MEBIBYTE


def _long_record(head: bytes, start: bytes = b"") -> bytes:
    """``head`` announces half a gigabyte of text that begins with ``start``, and it comes."""
    unit = b"n" * MEBIBYTE
    return splice.member(
        splice.Part(head + start + unit[len(start) :]),
        splice.Part(unit, _NAME_SIZE // MEBIBYTE - 1),
        splice.Part(AFTER + tar.END),
    )


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
        requirements=("BOX-8", "TAR-12"),
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
        requirements=("BOX-8", "TAR-12"),
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
        requirements=("BOX-8", "TAR-12"),
    ),
    much(
        "pax-path",
        "a pax path of half a gigabyte",
        lambda: _long_record(
            tar.header(b"PaxHeaders/f", typeflag=b"x", size=_NAME_SIZE), b"%d path=" % _NAME_SIZE
        ),
        why="the record is read into memory before anybody asks whether it can be a name",
        origin="catalogue X26",
        expect=FAILS,
        requirements=("BOX-8", "TAR-12"),
    ),
    much(
        "bomb",
        "a file of 1 GiB of zeros, where files may have 16 MiB",
        lambda: splice.bomb(tar.header(b"f", size=_GIBIBYTE), _GIBIBYTE, AFTER + tar.END),
        why="a file that is held in memory, or written without looking at errors, is too much",
        origin="catalogue Z26",
        expect=FAILS,
        conditions=_SMALL_FILES,
        others="no extractor that was tried has a limit of its own",
    ),
    much(
        "zeros-behind-the-end",
        "256 MiB of zeros behind the end of the archive",
        lambda: splice.bomb(tar.archive(AFTER), 256 * MEBIBYTE),
        why="what is behind the end has to be decompressed and checked, and must not be kept",
        origin="catalogue Z27",
        expect=fails_or(ONLY_AFTER),
        requirements=("BOX-8", "TAR-14"),
    ),
    much(
        "global-headers",
        "20,000 global headers in a row",
        lambda: again(tar.pax({b"comment": b"x"}, typeflag=b"g"), 20_000),
        why=_RECURSES,
        origin="CPython's tarfile, which calls itself for each of them",
        others="CPython runs into its recursion limit",
        expect=completes(ONLY_AFTER),
        requirements=("BOX-8", "TAR-1"),
    ),
    much(
        "extended-headers",
        "20,000 extended headers before one member",
        lambda: again(tar.pax({b"comment": b"x"}), 20_000, file(b"f")),
        why=_RECURSES,
        origin="catalogue X07",
        expect=fails_or({b"f": DATA, **ONLY_AFTER}),
    ),
    much(
        "long-names",
        "20,000 GNU long names before one member",
        lambda: again(tar.gnu_longname(b"f"), 20_000, file(b"stand-in")),
        why=_RECURSES,
        origin="catalogue X08",
        expect=fails_or({b"f": DATA, **ONLY_AFTER}),
    ),
    much(
        "one-name",
        "a name that 1,100 files have, one after the other",
        lambda: packed(*[tar.file(b"f", b"%d" % number) for number in range(1_100)]),
        why="every replacement leaves something behind: a descriptor, or a name to remember",
        origin="catalogue U01",
        expect=completes({b"f": b"1099", **ONLY_AFTER}),
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
