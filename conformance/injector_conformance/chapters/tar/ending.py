"""Where the archive ends, and what lies behind: never extracted, always checked (TAR-14)."""

from __future__ import annotations

import zlib
from typing import Final

from injector_conformance.cases.case import Case, Control
from injector_conformance.chapters.recipes import (
    FAILS,
    Recipe,
    completes,
    control,
    fails_or,
    tree,
    whole,
)
from injector_conformance.chapters.tar.neighbours import AFTER, BEFORE, BOTH
from injector_fixtures import gzip, splice, tar
from injector_fixtures.deflate import reserved, stored, stream
from injector_fixtures.layout import InitDirectory, chunked

_ARCHIVE: Final = tar.archive(BEFORE, AFTER)
_HIDDEN: Final = tar.file(b"hidden", b"!")
_PLAIN: Final = control(BOTH, BEFORE, AFTER)
_HALVES: Final = gzip.member(BEFORE) + gzip.member(AFTER + tar.END)
_IN_MEMBERS: Final = Control(whole(_HALVES), tree(BOTH), requirements=("GZ-3",))


def _behind(word: str, title: str, *behind: bytes, origin: str = "catalogue T08, T09") -> Case:
    """Something behind the two zero blocks, in the same gzip member."""
    return _not_extracted(word, title, whole(gzip.member(_ARCHIVE + b"".join(behind))), origin)


def _not_extracted(word: str, title: str, init: Recipe, origin: str) -> Case:
    return Case(
        id=f"tar-end-{word}",
        title=title,
        why="files appear that no other reader sees, or an ordinary payload is refused",
        origin=origin,
        requirements=("TAR-14",),
        init=init,
        expect=completes(BOTH),
    )


def _damaged(word: str, title: str, payload: bytes, also: str, control: Control = _PLAIN) -> Case:
    """A stream that goes wrong behind the end of the archive."""
    return Case(
        id=f"tar-end-then-{word}",
        title=title,
        why="a damaged payload passes for a whole one, since nobody read to its end",
        origin=f"catalogue Z07 to Z11 behind the archive's end; {also}",
        requirements=("TAR-14",),
        init=whole(payload),
        expect=FAILS,
        control=control,
    )


def _blocks(word: str, title: str, *members: bytes, end: bytes = tar.END) -> Case:
    return Case(
        id=f"tar-end-{word}",
        title=title,
        why="members are extracted that most readers do not see",
        origin="catalogue T07",
        requirements=("TAR-14",),
        init=whole(gzip.tgz(*members, end=end)),
        expect=fails_or({b"before": b"before\n"}),
        control=_PLAIN,
        others="BusyBox goes on, Go fails, the others stop",
    )


def _drained() -> InitDirectory:
    """64 MiB of zeros behind the end, a thousandfold compressed."""
    return chunked(splice.bomb(_ARCHIVE, 64 << 20, _HIDDEN))


_BAD_HEADER: Final = tar.with_field(tar.header(b"bad"), "checksum", b"nonsense")
_SECOND: Final = tar.archive(tar.file(b"second", b"!"), tar.file(b"before", b"changed\n"))

CASES: Final = (
    _behind("then-archive", "a second archive behind the end", _SECOND, origin="catalogue T08"),
    _behind("then-member", "one member behind the end", _HIDDEN),
    _behind("then-garbage", "bytes that are no header", b"\xa5" * 700, origin="catalogue T09"),
    _behind(
        "then-odd-bytes", "fewer bytes than a block", b"\xa5" * 3, origin="catalogue T09, T10"
    ),
    _behind("then-bad-header", "a header with a wrong checksum", _BAD_HEADER + _HIDDEN),
    _behind("then-zeros", "zeros up to a record of 10,240 bytes", bytes(10240 - len(_ARCHIVE))),
    _behind("then-zeros-and-member", "four zero blocks, then a member", tar.END, _HIDDEN),
    _behind(
        "then-hostile",
        "links and devices that lead out, and names with ..",
        tar.symlink(b"out", b"/canary"),
        tar.file(b"out/file", b"!"),
        tar.device(b"null", b"3", 1, 3),
        tar.file(b"../escaped", b"!"),
        tar.directory(b"./", mode=0),
        origin="catalogue P01, L02, V01 behind the end",
    ),
    _behind(
        "then-malformed",
        "an extended header that claims 8 GiB, and a negative size",
        tar.header(b"PaxHeaders/f", typeflag=b"x", size=8**11 - 1),
        tar.header(b"f", size=tar.base256(-512, 12)),
        origin="catalogue X26, N02 behind the end",
    ),
    _not_extracted(
        "then-64-mib",
        "64 MiB of zeros and a member behind the end",
        _drained,
        "catalogue Z27",
    ),
    _not_extracted(
        "then-gzip-member",
        "another gzip member with an archive of its own",
        whole(gzip.member(_ARCHIVE) + gzip.member(_SECOND)),
        "catalogue T08, Z34",
    ),
    _not_extracted(
        "split",
        "the two zero blocks in two gzip members",
        whole(gzip.member(_ARCHIVE[:-512]) + gzip.member(_ARCHIVE[-512:] + _HIDDEN)),
        "catalogue T08, Z34",
    ),
    _damaged("wrong-crc", "a wrong CRC-32", gzip.member(_ARCHIVE, crc=0), "GZ-5"),
    _damaged("wrong-isize", "a wrong ISIZE", gzip.member(_ARCHIVE, isize=1), "GZ-5"),
    _damaged(
        "wrong-crc-far",
        "a wrong CRC-32 behind 200 KB of garbage",
        gzip.member(_ARCHIVE + b"\xa5" * 200_000, crc=1),
        "GZ-5",
    ),
    _damaged(
        "bad-block",
        "a DEFLATE block of the reserved type behind the end",
        gzip.member(_ARCHIVE, deflated=stream(stored(_ARCHIVE), reserved())),
        "GZ-4",
    ),
    _damaged("no-trailer", "no trailer", gzip.member(_ARCHIVE)[:-8], "GZ-6"),
    _damaged(
        "truncated",
        "a stream cut in the garbage behind the end",
        gzip.member(_ARCHIVE + b"\xa5" * 10_000)[:-5_000],
        "GZ-6",
    ),
    _damaged(
        "bad-gzip-member",
        "another gzip member with a wrong CRC-32",
        gzip.member(_ARCHIVE) + gzip.member(_HIDDEN, crc=zlib.crc32(b"other")),
        "GZ-3, GZ-5",
        _IN_MEMBERS,
    ),
    _blocks("lone-zero-block", "a single zero block, then a member", BEFORE, bytes(512), _HIDDEN),
    _blocks(
        "lone-zero-block-then-extended-header",
        "a single zero block, then a pax header and its member",
        BEFORE,
        bytes(512),
        tar.pax({b"path": b"renamed"}),
        _HIDDEN,
    ),
    _blocks(
        "lone-zero-block-then-garbage",
        "a single zero block, then bytes that are no header",
        BEFORE,
        bytes(512),
        b"\xa5" * 512,
    ),
    Case(
        id="tar-end-nearly-zero",
        title="a block that is zero but for its last byte is no end",
        why="a damaged header passes for the end of the archive, and the rest is lost",
        origin="catalogue H03; POSIX.1-2017 pax, ustar: blocks of binary zeros",
        requirements=("TAR-8",),
        init=whole(gzip.tgz(BEFORE, bytes(511) + b"\1", bytes(511) + b"\1", AFTER)),
        expect=FAILS,
        control=_PLAIN,
    ),
)
