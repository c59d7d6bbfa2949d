"""The length in a trailer has 32 bits, and counts modulo 2^32 (GZ-5)."""

from __future__ import annotations

from typing import Final

from injector_conformance.cases.case import MEBIBYTE, Case, Conditions, Control
from injector_conformance.chapters.gzip.sample import ARCHIVE, CONTROL, TREE
from injector_conformance.chapters.recipes import completes, made, tree
from injector_fixtures import splice

_PIECES: Final = 4096
"""Mebibytes of zeros behind the end of the archive: 4 GiB, so that ISIZE is the archive's own."""

_FEW_PIECES: Final = 64
"""As many are behind the end in the control. Who keeps what follows, or counts how often it is
larger than the payload, does not come to compare any length, and gives that away here."""

_PATIENCE: Final = 6


def _wrapped(pieces: int = _PIECES) -> bytes:
    return splice.member(splice.Part(ARCHIVE), splice.Part(bytes(MEBIBYTE), pieces))


CASES: Final = (
    Case(
        id="gz-isize-modulo",
        title="4 GiB of zeros behind the archive's end: ISIZE counts modulo 2^32",
        why="a count of 64 bits is compared with a field of 32, and a whole payload is refused",
        origin="RFC 1952, section 2.3.1: ISIZE, modulo 2^32",
        requirements=("GZ-5",),
        init=made(_wrapped),
        expect=completes(TREE),
        control=Control(
            made(lambda: _wrapped(_FEW_PIECES)),
            tree(TREE),
            conditions=Conditions(),
            requirements=("TAR-14",),
            control=CONTROL,
        ),
        conditions=Conditions(patience=_PATIENCE),
    ),
)
