"""Claims that the archive cannot hold: refused promptly and in bounded memory (TAR-12)."""

from __future__ import annotations

from typing import Final

from injector_conformance.cases.case import Case, Expectation
from injector_conformance.chapters.recipes import (
    FAILS,
    FOLDER,
    archived,
    completes,
    control,
    fails_or,
)
from injector_conformance.chapters.tar.neighbours import AFTER, BEFORE, BOTH
from injector_fixtures import splice, tar
from injector_fixtures.layout import InitDirectory, chunked

_8_GIB: Final = 8**11 - 1
_REAL: Final = 300 << 20
"""Bytes: more than the pod's memory."""


def _claims(
    word: str,
    title: str,
    *members: bytes,
    origin: str = "catalogue X26",
    expect: tuple[Expectation, ...] = FAILS,
) -> Case:
    return Case(
        id=f"tar-claim-{word}",
        title=title,
        why="a payload of a kilobyte takes all of the node's memory",
        origin=origin,
        requirements=("TAR-12",),
        init=archived(BEFORE, *members, AFTER),
        expect=expect,
        control=control(BOTH, BEFORE, AFTER),
    )


def _real_records() -> InitDirectory:
    """An extended header that does hold 300 MiB, all zeros."""
    head = BEFORE + tar.header(b"PaxHeaders/f", typeflag=b"x", size=_REAL)
    return chunked(splice.bomb(head, _REAL, tar.archive(AFTER)))


CASES: Final = (
    _claims(
        "extended-header",
        "an extended header that claims 8 GiB",
        tar.header(b"PaxHeaders/f", typeflag=b"x", size=_8_GIB),
    ),
    _claims(
        "extended-header-2-to-62",
        "an extended header that claims 2^62 bytes",
        tar.header(b"PaxHeaders/f", typeflag=b"x", size=tar.base256(2**62, 12)),
    ),
    _claims(
        "extended-header-negative",
        "an extended header that claims -512 bytes",
        tar.header(b"PaxHeaders/f", typeflag=b"x", size=tar.base256(-512, 12)),
        origin="catalogue N03, X26",
    ),
    _claims(
        "global-header",
        "a global header that claims 8 GiB",
        tar.header(b"pax_global_header", typeflag=b"g", size=_8_GIB),
    ),
    _claims(
        "long-name",
        "a long name that claims 8 GiB",
        tar.header(tar.LONG_LINK, typeflag=b"L", magic=tar.GNU, size=_8_GIB),
    ),
    _claims(
        "long-link",
        "a long link text that claims 8 GiB",
        tar.header(tar.LONG_LINK, typeflag=b"K", magic=tar.GNU, size=_8_GIB),
    ),
    _claims(
        "vendor",
        "a member to be passed over that claims 8 GiB",
        tar.header(b"v", typeflag=b"V", size=_8_GIB),
        origin="catalogue N04",
    ),
    _claims(
        "pax-size-of-file",
        "a pax size of 2^62 on a file of a few bytes",
        tar.pax({b"size": b"%d" % 2**62}),
        tar.file(b"f", b"found\n"),
        origin="catalogue N05",
    ),
    _claims(
        "directory",
        "a directory that claims 8 GiB: no data, or a failure",
        tar.header(b"d/", typeflag=b"5", size=_8_GIB),
        origin="catalogue X28",
        expect=fails_or({**BOTH, b"d": FOLDER}),
    ),
    _claims(
        "record",
        "a pax record that claims 8 GiB within a header of a few bytes",
        tar.pax(b"8589934591 path=f\n"),
        tar.file(b"f", b"found\n"),
        origin="CVE-2026-32766",
    ),
    Case(
        id="tar-claim-real-300-mib-header",
        title="an extended header of 300 MiB that is really there, a thousandfold compressed",
        why="what the header holds is kept in memory until there is none left",
        origin="catalogue X26, Z26",
        requirements=("TAR-12",),
        init=_real_records,
        expect=FAILS,
        control=control(BOTH, BEFORE, AFTER),
    ),
    Case(
        id="tar-claim-only-elsewhere",
        title="large numbers everywhere but in the size",
        why="a bound meant for sizes refuses ordinary files",
        origin="the positive side of the claims",
        requirements=("TAR-12", "TAR-2"),
        init=archived(
            BEFORE,
            tar.directory(b"d/", uid=0o7777777, gid=0o7777777, mtime=_8_GIB),
            tar.header(b"after", uid=0o7777777, mtime=_8_GIB, size=6),
            tar.padded(b"after\n"),
        ),
        expect=completes({**BOTH, b"d": FOLDER}),
    ),
)
