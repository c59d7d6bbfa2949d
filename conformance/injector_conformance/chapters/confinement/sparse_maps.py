"""Sparse members whose holes or maps are too large (BOX-8, TAR-11)."""

from __future__ import annotations

from typing import Final

from injector_conformance.cases.case import MEBIBYTE, Conditions
from injector_conformance.chapters.confinement.attack import ONLY_AFTER
from injector_conformance.chapters.confinement.much import PREALLOCATES, again, much, packed
from injector_conformance.chapters.recipes import FAILS, Named, fails_or
from injector_fixtures import sparse, tar

_MILLION: Final = 1_000_000
_GIBIBYTE: Final = 1024 * MEBIBYTE


def _map_1_0() -> bytes:
    lines = tar.padded(b"%d\n" % _MILLION + b"0\n0\n" * _MILLION)
    return packed(sparse.pax_1_0(b"f", (), b"", 0, sparse_map=lines))


def _map_0_1() -> bytes:
    records = {
        b"GNU.sparse.name": b"f",
        b"GNU.sparse.size": b"0",
        b"GNU.sparse.numblocks": b"%d" % _MILLION,
        b"GNU.sparse.map": b"0,0," * (_MILLION - 1) + b"0,0",
    }
    return packed(tar.pax(records), tar.file(b"GNUSparseFile.0/f"))


def _map_0_0() -> bytes:
    extent = tar.record(b"GNU.sparse.offset", b"0") + tar.record(b"GNU.sparse.numbytes", b"0")
    count = tar.record(b"GNU.sparse.size", b"0") + tar.record(b"GNU.sparse.numblocks", b"200000")
    return packed(tar.pax(count + extent * 200_000), tar.file(b"f"))


def _map_old_gnu() -> bytes:
    """A header whose 50,000 extensions are the same block, but for the last one."""
    header_and_last = sparse.gnu(b"f", [(0, 0)] * (sparse.IN_HEADER + sparse.IN_EXTENSION), b"", 0)
    header, last = header_and_last[: tar.BLOCK], header_and_last[tar.BLOCK :]
    flag = 24 * sparse.IN_EXTENSION
    more = last[:flag] + b"\1" + last[flag + 1 :]
    return again(more, 49_999, last, before=header)


_MAP: Final = "a map is read into memory, entry by entry, without a limit; small payload, huge map"
_EMPTY: Final[Named] = {b"f": b"", **ONLY_AFTER}

CASES: Final = (
    much(
        "hole",
        "an old GNU sparse member with a hole of 8 GiB, where files may have 256 MiB",
        lambda: packed(
            sparse.gnu(b"f", [(8 * _GIBIBYTE - 1, 1)], b"x", tar.base256(8 * _GIBIBYTE, 12))
        ),
        why="a reader that writes the hole as zeros fills the disk, and ends in success",
        origin="catalogue G16",
        expect=FAILS,
        conditions=Conditions(file_size_limit=256 * MEBIBYTE),
        requirements=("BOX-8", "TAR-11"),
    ),
    much(
        "hole-largest",
        "a pax 1.0 sparse member whose real size is 2^63 - 1",
        lambda: packed(sparse.pax_1_0(b"f", [(0, 1)], b"x", 2**63 - 1)),
        why="offsets overflow, or a loop over the hole takes centuries",
        origin="catalogue G16",
        expect=FAILS,
        requirements=("BOX-8", "TAR-11"),
    ),
    much(
        "map-claimed",
        "a pax 1.0 sparse map that announces 10^15 entries and ends",
        lambda: packed(sparse.pax_1_0(b"f", (), b"", 0, sparse_map=tar.padded(b"%d\n" % 10**15))),
        why=PREALLOCATES,
        origin="CVE-2025-58183; catalogue G17",
        expect=FAILS,
        requirements=("BOX-8", "TAR-11"),
    ),
    much(
        "map-pax-1-0",
        "a pax 1.0 sparse map of a million entries of nothing",
        _map_1_0,
        why=_MAP,
        origin="CVE-2025-58183; catalogue G17",
        expect=fails_or(_EMPTY),
        others="Rust tar and BusyBox write the map as the file's content",
        requirements=("BOX-8", "TAR-11"),
    ),
    much(
        "map-pax-0-1",
        "a pax 0.1 sparse map of a million entries in one record",
        _map_0_1,
        why=_MAP,
        origin="CVE-2025-58183; catalogue G17",
        expect=fails_or(_EMPTY),
        requirements=("BOX-8", "TAR-11"),
    ),
    much(
        "map-pax-0-0",
        "a pax 0.0 sparse map of 200,000 entries, two records each",
        _map_0_0,
        why=_MAP,
        origin="CVE-2025-58183; catalogue G17",
        expect=fails_or(_EMPTY),
        requirements=("BOX-8", "TAR-11"),
    ),
    much(
        "map-old-gnu",
        "an old GNU sparse map of a million entries in 50,000 extension headers",
        _map_old_gnu,
        why=_MAP,
        origin="CVE-2025-58183; catalogue G17",
        expect=fails_or(_EMPTY),
        requirements=("BOX-8", "TAR-11"),
    ),
)
