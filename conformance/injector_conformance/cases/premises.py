"""Premises: what a case takes for granted, because another case is about it.

A payload that is odd in one way is made of other things, too. Whether an extended header of a
mebibyte is read is told by a name in its last record; what becomes of a damaged payload without
/proc is told by damage. Who reads no extended headers, or does not look for damage, fails there
for the reason of another requirement, and has shown nothing about this one.

So each feature of payloads has a witness, the plainest case about it. Before a subject is charged
with what a case is about, it is looked at in the witnesses of all that the payload is made of. If
it does not keep one of them, the case says nothing, and the witness says it all. A subject that
does not complete the plainest payload either has no flaw that a witness could tell from others.
And who is told another digest than the payload's has to refuse it, whatever it is made of (SUM-2).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from injector_conformance.cases.features import Feature, features

WITNESSES: Final = {
    Feature.WRONG_CRC: "gz-crc-low-bit",
    Feature.WRONG_LENGTH: "gz-isize-one-more",
    Feature.NO_TRAILER: "gz-cut-trailer-0-bytes",
    Feature.CUT_STREAM: "gz-cut-inside-file-data",
    Feature.BAD_BLOCK: "gz-block-type-3-amid",
    Feature.BAD_LENGTH: "gz-stored-complement-zero",
    Feature.BAD_DISTANCE: "gz-distance-one-too-far",
    Feature.WRONG_FIRST_SUM: "tar-checksum-first-header",
    Feature.WRONG_SUM: "tar-checksum-second-header",
    Feature.CUT_ARCHIVE: "tar-truncated-in-data",
    Feature.MEMBERS: "gz-members-split-at-record",
    Feature.EXTRA: "gz-header-extra-subfields",
    Feature.NAME: "gz-header-name",
    Feature.COMMENT: "gz-header-comment",
    Feature.HEADER_CRC: "gz-header-crc",
    Feature.V7: "tar-name-99-bytes-v7",
    Feature.PREFIX: "tar-name-155-bytes-ustar",
    Feature.OLD_FILE: "tar-file-old-type",
    Feature.CONTIGUOUS: "tar-file-contiguous",
    Feature.HARD_LINK: "tar-hard-link-pair",
    Feature.SYMBOLIC_LINK: "tar-link-text-99-bytes-ustar",
    Feature.BASE_256: "tar-number-size-base-256",
    Feature.GLOBAL: "tar-global-first",
    Feature.PAX_SIZE: "tar-size-pax-on-the-last-member",
    Feature.PAX_PATH: "tar-name-101-bytes-pax",
    Feature.PAX_LINK: "tar-link-text-101-bytes-pax",
    Feature.GNU_NAME: "tar-name-101-bytes-gnu",
    Feature.GNU_LINK: "tar-link-text-101-bytes-gnu",
    Feature.NO_PARENT: "tar-parents-of-a-file",
    Feature.REPEATED: "tar-repeat-shorter-file",
}
"""Ids of cases; damage first: who does not see it has not read what else there is."""


PLAIN: Final = "tar-file-1-bytes"
"""What everybody completes who can be told anything by a witness."""

_BESIDES: Final = {"gz-isize-modulo": "run-memory-as-much-again"}
"""Witnesses of what lies so far behind in a payload that it is not looked at: here, gigabytes."""

EVERY: Final = frozenset((PLAIN, *WITNESSES.values(), *_BESIDES.values()))


def taken_for_granted(case_id: str, payload: bytes) -> Iterator[str]:
    """The witnesses of what a case's payload is made of."""
    found = features(payload)
    yield from (witness for feature, witness in WITNESSES.items() if feature in found)
    if case_id in _BESIDES:
        yield _BESIDES[case_id]
