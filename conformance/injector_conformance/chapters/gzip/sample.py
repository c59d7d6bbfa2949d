"""The small archive that chapter GZ compresses in every way, and how to write its cases."""

from __future__ import annotations

import hashlib
from itertools import pairwise
from typing import Final

from injector_conformance.cases.case import Control
from injector_conformance.chapters.recipes import Named, control_of, tree, whole
from injector_fixtures import gzip, tar
from injector_fixtures.deflate import Match

TREE: Final[Named] = {
    b"bytes": bytes(range(256)),
    b"text": b"a short text, and the same text: a short text\n",
}

ARCHIVE: Final = tar.archive(
    tar.file(b"bytes", bytes(range(256))),
    tar.file(b"text", b"a short text, and the same text: a short text\n"),
)
"""Two entries of two records each, then the two zero blocks."""

RECORD: Final = 512

CONTROL: Final[Control] = control_of(TREE, gzip.member(ARCHIVE))


def in_members(*places: int) -> Control:
    """The positive control of cases with several members: the archive in members, split here.

    Each of them has something to lose. Whoever reads the first one only has shown nothing by what
    it makes of a second one, and breaks GZ-3.
    """
    parts = (ARCHIVE[first:last] for first, last in pairwise((0, *places, len(ARCHIVE))))
    packed = b"".join(map(gzip.member, parts))
    return Control(whole(packed), tree(TREE), requirements=("GZ-3",))


TWO_MEMBERS: Final = in_members(2 * RECORD)
THREE_MEMBERS: Final = in_members(RECORD, 3 * RECORD)


def amid(what: bytes = b"") -> tuple[bytes, bytes]:
    """The archive with one file more, in two parts: what comes before these bytes, and behind.

    They lie in the data of the last file, behind zeros. So every reader that wants the end of the
    archive meets what stands between the two parts, and not only those that read on behind it.
    """
    head, tail = bytes(64), b"and the rest\n"
    last = tar.file(b"amid", head + what + tail)
    archive = ARCHIVE[: -len(tar.END)] + last + tar.END
    place = archive.rindex(tail) - len(what)
    return archive[:place], archive[place + len(what) :]


def noise(size: int) -> bytes:
    """Bytes in which nothing repeats, always the same ones."""
    return hashlib.shake_256(b"nothing repeats").digest(size)


def expanded(*tokens: bytes | Match) -> bytes:
    """What a correct decoder makes of literals and matches."""
    done = bytearray()
    for token in tokens:
        if isinstance(token, Match):
            pattern = bytes(done[-token.distance :])[: token.length]
            done += (pattern * (token.length // len(pattern) + 1))[: token.length]
        else:
            done += token
    return bytes(done)
