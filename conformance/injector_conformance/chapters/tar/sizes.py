"""Which of two sizes holds: the pax record's, whatever the header says (TAR-3).

Two readers that disagree on a member's length disagree on where the next header is. What one of
them takes for data is a list of files to the other: smuggled members.
"""

from __future__ import annotations

from typing import Final

from injector_conformance.cases.case import Case, Expectation
from injector_conformance.chapters.recipes import Named, archived, completes, control, fails_or
from injector_conformance.chapters.tar.neighbours import AFTER, BEFORE, BOTH, ONLY_AFTER
from injector_fixtures import tar
from injector_fixtures.tar import Fields, Number

_SMUGGLED: Final = tar.file(b"smuggled", b"!")
_CVES: Final = "CVE-2025-62518; CVE-2026-33055"


def _wins(
    word: str,
    title: str,
    header_size: Number,
    data: bytes,
    *,
    origin: str = _CVES,
    typeflag: bytes = b"0",
    is_last: bool = False,
) -> Case:
    """A member whose record tells the right size, and whose header tells ``header_size``."""
    fields: Fields = {"size": header_size, "typeflag": typeflag}
    size = b"%d" % len(data)
    return Case(
        id=f"tar-size-{word}",
        title=title,
        why="files appear that the packer never had, or files of the archive are swallowed",
        origin=origin,
        requirements=("TAR-3",),
        init=archived(
            tar.pax({b"size": size}),
            tar.member(b"f", data, **fields),
            *(() if is_last else (AFTER,)),
        ),
        expect=completes({b"f": data} if is_last else {b"f": data, **ONLY_AFTER}),
    )


def _disputed(
    word: str, title: str, *members: bytes, origin: str, expect: tuple[Expectation, ...]
) -> Case:
    return Case(
        id=f"tar-size-{word}",
        title=title,
        why="the member is cut or swallows the next one, with status 0",
        origin=origin,
        requirements=("TAR-3",),
        init=archived(BEFORE, *members, AFTER),
        expect=expect,
        control=control(BOTH, BEFORE, AFTER),
    )


def _with(tree: Named) -> Named:
    return {**BOTH, **tree}


_INNER: Final = tar.archive(tar.directory(b"inner/"), _SMUGGLED)

CASES: Final = (
    _wins(
        "pax-over-zero", "pax size over a header size of 0", 0, _SMUGGLED, origin="catalogue X01"
    ),
    _wins(
        "pax-on-the-last-member",
        "pax size over a header size of 0, and nothing behind it that could be misread",
        0,
        _SMUGGLED,
        origin="catalogue X01",
        is_last=True,
    ),
    _wins(
        "pax-over-smaller", "pax size over a smaller one", 512, _SMUGGLED, origin="catalogue X03"
    ),
    _wins(
        "pax-over-smaller-smuggling",
        "pax size over a smaller one, which ends right before a hidden member",
        tar.BLOCK,
        bytes(range(256)) * 2 + _SMUGGLED,
        origin="catalogue X03",
    ),
    _wins(
        "pax-over-one",
        "pax size over a size within the same block",
        1,
        b"four",
        origin="catalogue X02",
    ),
    _wins(
        "pax-over-larger", "pax size over a larger one", 1024, b"only this", origin="catalogue X02"
    ),
    _wins("pax-zero-over-block", "a pax size of 0 over a header size of 512", 512, b""),
    _wins("pax-over-base-256", "pax size over one in base 256", tar.base256(2**40, 12), _SMUGGLED),
    _wins("pax-over-huge", "pax size over 8 GiB", 8**11 - 1, b"only this"),
    _wins("pax-over-contiguous", "pax size on a file of type 7", 0, _SMUGGLED, typeflag=b"7"),
    _wins("pax-over-old-type", "pax size on a file of type NUL", 0, _SMUGGLED, typeflag=b"\0"),
    _wins("pax-equal", "pax size that equals the header's", 1024, _SMUGGLED),
    _wins("whole-archive-in-data", "a hidden archive with its end", 0, _INNER + _SMUGGLED),
    Case(
        id="tar-size-zeros-in-data",
        title="data that begins with two zero blocks, announced by the pax record alone",
        why="the archive seems to end inside a file, and all that follows is lost",
        origin=_CVES,
        requirements=("TAR-3", "TAR-14"),
        init=archived(tar.pax({b"size": b"2048"}), tar.member(b"f", tar.END * 2, size=0), AFTER),
        expect=completes({b"f": tar.END * 2, **ONLY_AFTER}),
    ),
    Case(
        id="tar-size-archive-as-content",
        title="an ordinary file whose content is a tar archive",
        why="the content is extracted instead of the file, as happens to seed images",
        origin="a payload holds seed-image.tar",
        requirements=("TAR-3", "TAR-2"),
        init=archived(BEFORE, tar.file(b"seed.tar", _INNER), AFTER),
        expect=completes(_with({b"seed.tar": _INNER})),
    ),
    _disputed(
        "pax-decimal",
        "a pax size with a leading zero: decimal 10, not octal 8, or a failure",
        tar.pax({b"size": b"010"}),
        tar.file(b"f", b"0123456789", size=0),
        origin="POSIX.1-2017 pax: size in decimal",
        expect=fails_or(_with({b"f": b"0123456789"})),
    ),
    _disputed(
        "pax-twice",
        "two pax sizes in one header: the last, or a failure",
        tar.pax([(b"size", b"3"), (b"size", b"5")]),
        tar.file(b"f", b"abcde", size=3),
        origin="catalogue X13",
        expect=fails_or(_with({b"f": b"abcde"})),
    ),
    _disputed(
        "pax-over-malformed",
        "a right pax size over a malformed header size: it holds, or a failure",
        tar.pax({b"size": b"5"}),
        tar.file(b"f", b"abcde", size=b"not a number"),
        origin="catalogue N-rows with a pax size",
        expect=fails_or(_with({b"f": b"abcde"})),
    ),
    _disputed(
        "pax-over-negative",
        "a right pax size over a negative header size: it holds, or a failure",
        tar.pax({b"size": b"5"}),
        tar.file(b"f", b"abcde", size=tar.base256(-512, 12)),
        origin="catalogue N02 with a pax size",
        expect=fails_or(_with({b"f": b"abcde"})),
    ),
    _disputed(
        "pax-empty",
        "a pax size without a value: the header's holds, or a failure",
        tar.pax({b"size": b""}),
        tar.file(b"f", b"abcde"),
        origin="POSIX.1-2017 pax: a zero-length value deletes",
        expect=fails_or(_with({b"f": b"abcde"})),
    ),
)
