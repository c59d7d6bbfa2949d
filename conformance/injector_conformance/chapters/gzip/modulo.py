"""The length in a trailer has 32 bits, and counts modulo 2^32 (GZ-5)."""

from __future__ import annotations

from typing import Final

from injector_conformance.cases.case import MEBIBYTE, Case, Conditions
from injector_conformance.chapters.gzip.sample import ARCHIVE, CONTROL, TREE
from injector_conformance.chapters.recipes import completes, made
from injector_fixtures import splice

_PIECES: Final = 4096
"""Mebibytes of zeros behind the end of the archive: 4 GiB, so that ISIZE is the archive's own."""

_PATIENCE: Final = 6


def _wrapped() -> bytes:
    return splice.member(splice.Part(ARCHIVE), splice.Part(bytes(MEBIBYTE), _PIECES))


CASES: Final = (
    Case(
        id="gz-isize-modulo",
        title="4 GiB of zeros behind the archive's end: ISIZE counts modulo 2^32",
        why="a count of 64 bits is compared with a field of 32, and a whole payload is refused",
        origin="RFC 1952, section 2.3.1: ISIZE, modulo 2^32",
        requirements=("GZ-5",),
        init=made(_wrapped),
        expect=completes(TREE),
        control=CONTROL,
        conditions=Conditions(patience=_PATIENCE),
    ),
)
