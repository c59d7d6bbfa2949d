"""Distances that reach back before the beginning of the output (GZ-4).

CRC-32 and ISIZE are those of zeros in the place of what was never there, as they stand in a window
that was never written.
"""

from __future__ import annotations

from typing import Final

from injector_conformance.cases.case import Case
from injector_conformance.chapters.gzip.defects import defect, defect_amid
from injector_conformance.chapters.gzip.sample import ARCHIVE, TWO_MEMBERS, amid
from injector_conformance.chapters.recipes import FAILS, made
from injector_fixtures import gzip, tar
from injector_fixtures.deflate import WINDOW, Match, dynamic, fixed, stream

_FAR: Final = "bytes from before the beginning are whatever the memory held"
_BACK: Final = "catalogue Z24; RFC 1951, section 2"
_GNU: Final = "GNU gzip 1.12 decodes it, with zeros or the member before; zlib and ISA-L refuse it"


def _into_the_member_before() -> bytes:
    """The zero blocks as matches that begin in the window of the member before."""
    first, second = ARCHIVE[: -len(tar.END)], tar.END
    packed = stream(fixed(*[Match(256, 1)] * 4))
    return gzip.member(first) + gzip.member(second, deflated=packed)


_BEFORE: Final = amid()[0]

CASES: Final = (
    defect(
        "distance-before-first-byte",
        "a match as the very first symbol",
        _FAR,
        _BACK,
        lambda: (fixed(*[Match(256, 1)] * 4),),
        decoded=tar.END,
        others=_GNU,
    ),
    defect_amid(
        "distance-one-too-far",
        "a match that begins one byte before the beginning",
        "a check that is off by one lets exactly this one through",
        _BACK,
        fixed(Match(3, len(_BEFORE) + 1)),
        holds=b"\0" + _BEFORE[:2],
        others=_GNU,
    ),
    defect_amid(
        "distance-one-too-far-dynamic",
        "the same in a block with codes of its own",
        "decoders have a fast path and a slow one, each with a check of its own",
        _BACK,
        dynamic(Match(3, len(_BEFORE) + 1)),
        holds=b"\0" + _BEFORE[:2],
        others=_GNU,
    ),
    defect_amid(
        "distance-32768-too-far",
        "the longest distance, with fewer than 3,072 bytes before it",
        "a window of zeros that was never written is read",
        _BACK,
        fixed(Match(3, WINDOW)),
        holds=bytes(3),
        others=_GNU,
    ),
    Case(
        id="gz-distance-into-member-before",
        title="a match that reaches back into the member before",
        why="members are independent; a window that lives on makes two readings of one payload",
        origin="RFC 1952, section 2.2; catalogue Z24",
        requirements=("GZ-4",),
        init=made(_into_the_member_before),
        expect=FAILS,
        control=TWO_MEMBERS,
        others=_GNU,
    ),
)
