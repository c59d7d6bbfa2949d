"""Extended headers as large as everybody may make them: 1,048,576 bytes of records (TAR-17)."""

from __future__ import annotations

from typing import Final

from injector_conformance.cases.case import Case
from injector_conformance.chapters.recipes import Named, completes, control, fails_or, made
from injector_conformance.chapters.tar.neighbours import AFTER, ONLY_AFTER
from injector_fixtures import gzip, tar

_MOST: Final = 1024 * 1024
_DATA: Final = b"12345"
_FILE: Final = tar.file(b"stand-in", _DATA)
_NAMED: Final[Named] = {b"last": _DATA, **ONLY_AFTER}
_UNNAMED: Final[Named] = {b"stand-in": _DATA, **ONLY_AFTER}
_BSDTAR: Final = "bsdtar rejects an attribute of that size, and loses the name behind it"
_LAST: Final = tar.record(b"path", b"last")
_ATTRIBUTE: Final = b"VENDOR.resource"


def _filling(key: bytes, size: int) -> bytes:
    """A record of ``size`` bytes."""
    return tar.record(key, b"v" * (size - len(b"%d " % size + key + b"=\n")))


def _in_one_record(size: int) -> bytes:
    """An attribute that fills ``size`` bytes of records, the path behind it."""
    return _filling(_ATTRIBUTE, size - len(_LAST)) + _LAST


def _in_small_records(size: int, length: int) -> bytes:
    """Records of ``length`` bytes each, one that fills up, and the path behind them."""
    count = (size - len(_LAST) - 500) // length
    rest = size - len(_LAST) - count * length
    return _filling(b"V", length) * count + _filling(b"W", rest) + _LAST


def _read(
    word: str, title: str, records: bytes, *, typeflag: bytes = b"x", others: str = ""
) -> Case:
    tree = _UNNAMED if typeflag == b"g" else _NAMED
    return Case(
        id=f"tar-header-size-{word}",
        title=title,
        why="an archive with large attributes is refused, or the name behind them is lost",
        origin="star(5) and libarchive-formats(5): attributes and resource forks in records",
        requirements=("TAR-17",),
        init=made(lambda: gzip.tgz(tar.pax(records, typeflag=typeflag), _FILE, AFTER)),
        expect=completes(tree),
        others=others,
    )


CASES: Final = (
    _read("2-blocks", "an extended header of 1,024 bytes", _in_small_records(1024, 20)),
    _read("65-kib", "an extended header of 65 KiB in one record", _in_one_record(65 * 1024 + 3)),
    _read("512-kib", "an extended header of 512 KiB in one record", _in_one_record(_MOST // 2)),
    _read(
        "1-mib-less-a-byte",
        "a header of 1 MiB less a byte",
        _in_one_record(_MOST - 1),
        others=_BSDTAR,
    ),
    _read(
        "1-mib",
        "an extended header of 1 MiB in one record",
        _in_one_record(_MOST),
        others=_BSDTAR,
    ),
    _read(
        "1-mib-in-records-of-110-bytes",
        "an extended header of 1 MiB in records of 110 bytes",
        _in_small_records(_MOST, 110),
    ),
    _read(
        "1-mib-in-records-of-12-bytes",
        "an extended header of 1 MiB in 87,000 records of 12 bytes",
        _in_small_records(_MOST, 12),
    ),
    _read("1-mib-global", "a global header of 1 MiB", _filling(b"comment", _MOST), typeflag=b"g"),
    Case(
        id="tar-header-size-over-1-mib",
        title="an extended header of 1 MiB and a byte: read, or a failure",
        why="what is too large to be read is passed over in silence",
        origin="Go, which refuses more than 1 MiB; GNU tar, which reads it",
        requirements=("TAR-18",),
        init=made(lambda: gzip.tgz(tar.pax(_in_one_record(_MOST + 1)), _FILE, AFTER)),
        expect=fails_or(_NAMED),
        control=control(_NAMED, tar.pax(_LAST), _FILE, AFTER),
    ),
)
