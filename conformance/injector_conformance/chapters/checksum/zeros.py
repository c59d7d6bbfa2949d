"""Digests that begin with zeros: shorter as a number, empty as a C string (SUM-1, SUM-3)."""

from __future__ import annotations

import hashlib
from itertools import count
from typing import Final

from injector_conformance.cases.case import Case
from injector_conformance.chapters.payload.sample import PAYLOAD, TREE
from injector_conformance.chapters.recipes import (
    FAILS,
    FAILS_UNTOUCHED,
    completes,
    control_of,
    whole,
)


def _beginning_with_zeros() -> bytes:
    """The sample with the first modification time that gives its digest a first byte of zero."""
    for time in count():
        payload = PAYLOAD[:4] + time.to_bytes(4, "little") + PAYLOAD[8:]
        if hashlib.sha256(payload).digest()[0] == 0:
            return payload
    raise AssertionError("there are infinitely many")


_PAYLOAD: Final = _beginning_with_zeros()
_DIGEST: Final = hashlib.sha256(_PAYLOAD).hexdigest()
_CONTROL: Final = control_of(TREE, _PAYLOAD)
_OTHER: Final = f"{int(_DIGEST, 16) ^ 1:064x}"

CASES: Final = (
    Case(
        id="sum-zeros-match",
        title="the right digest, which begins with two zeros",
        why="whoever writes a digest as a number loses them: one of 16 packages is refused",
        origin="FIPS 180-4: 256 bits, whatever they are",
        requirements=("SUM-1",),
        init=whole(_PAYLOAD),
        expect=completes(TREE),
    ),
    Case(
        id="sum-zeros-mismatch",
        title="a wrong digest that begins with two zeros, as the right one does",
        why="compared as C strings, both end at their first byte, and all such payloads pass",
        origin="strcmp() on binary digests",
        requirements=("SUM-1",),
        init=whole(_PAYLOAD),
        expect=FAILS,
        argument=_OTHER,
        control=_CONTROL,
    ),
    Case(
        id="sum-zeros-left-out",
        title="the right digest without the two zeros at its beginning",
        why="as a number it is the same; but 62 digits are no digest",
        origin="SPEC.md, SUM-3",
        requirements=("SUM-3",),
        init=whole(_PAYLOAD),
        expect=FAILS_UNTOUCHED,
        argument=_DIGEST[2:],
        control=_CONTROL,
    ),
)
