"""The small payload that chapters PAY and SUM cut up, misname and damage."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise
from typing import Final

from injector_conformance.cases.case import Conditions, Control
from injector_conformance.chapters.recipes import (
    FOLDER,
    Named,
    Recipe,
    tree,
    whole,
)
from injector_fixtures import compress, gzip, tar
from injector_fixtures.layout import PREFIX, Entry, File, InitDirectory, subpath

TREE: Final[Named] = {
    b"first": b"the first file\n",
    b"d": FOLDER,
    b"d/second": bytes(range(256)) * 3,
}

ARCHIVE: Final = tar.archive(
    tar.file(b"first", b"the first file\n"),
    tar.directory(b"d/"),
    tar.file(b"d/second", bytes(range(256)) * 3),
)

PAYLOAD: Final = gzip.member(ARCHIVE, name=b"payload.tar")
"""One member with one stored block, so that places in the archive are places in the payload."""

SMALL: Final = gzip.member(ARCHIVE, deflated=compress.compress(ARCHIVE))
"""The same archive in less than a kilobyte."""

FIXED_HEADER: Final = 10
"""Bytes of a gzip header before its optional fields."""

DEFLATE: Final = FIXED_HEADER + len(b"payload.tar\0")
"""Where the compressed data begins."""

STORED: Final = DEFLATE + 5
"""Where the archive begins: after block type, LEN and NLEN."""

TRAILER: Final = len(PAYLOAD) - 8
"""Where CRC-32 and ISIZE begin."""

CONTROL: Final = Control(whole(PAYLOAD), tree(TREE), Conditions())
"""The sample in one chunk under ordinary conditions: what is left without any peculiarity."""


_AS_POD: Final = Control(whole(PAYLOAD), tree(TREE), Conditions(user="pod"), ("RUN-5",), CONTROL)


def control_for(conditions: Conditions | None) -> Control:
    """The sample in one chunk for a case that runs under these conditions, as the same user."""
    return CONTROL if conditions is None or conditions.user == "root" else _AS_POD


def in_one_chunk(payload: bytes, *requirements: str) -> Control:
    """A payload that is about ``requirements`` itself, in one chunk."""
    return Control(whole(payload), tree(TREE), Conditions(), requirements)


def split(payload: bytes, places: Iterable[int]) -> list[bytes]:
    """The payload cut at these places, which ascend; equal ones make an empty chunk."""
    return [payload[start:stop] for start, stop in pairwise((0, *places, len(payload)))]


def in_pieces(payload: bytes, *places: int) -> Recipe:
    """The payload in chunks of ordinary names, cut at these places."""
    return lambda: subpath(split(payload, places))


def named(*suffixes: bytes, beside: dict[bytes, Entry] | None = None) -> Recipe:
    """The sample in one chunk for each suffix.

    The suffixes are given in the order in which the chunks must be joined; the files are made in
    the opposite order, so that a listing in order of creation is wrong.

    Args:
        suffixes: what follows ``zarf-payload-`` in the names.
        beside: further entries of the init directory that add nothing to the payload.
    """
    count = len(suffixes)
    pieces = split(PAYLOAD, (number * len(PAYLOAD) // count for number in range(1, count)))
    chunks = [
        (PREFIX + suffix, File(piece)) for suffix, piece in zip(suffixes, pieces, strict=True)
    ]
    return lambda: InitDirectory({**dict(reversed(chunks)), **(beside or {})}, PAYLOAD)
