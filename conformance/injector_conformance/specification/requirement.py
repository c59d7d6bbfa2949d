"""One requirement of the specification, and the order in which requirements are listed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

CHAPTERS: Final = (
    *("PAY", "SUM", "GZ", "TAR", "BOX", "MODE", "RUN"),
    *("ARG", "EXT", "NAMES", "HTTP", "LIFE"),
    *("BIN", "CTR"),
)
"""The chapters in the order in which everything lists them."""

_ID: Final = re.compile(r"([A-Z]+)-([1-9][0-9]*)([a-z]?)")


class Level(StrEnum):
    """How binding a requirement is (RFC 2119), strongest first."""

    MUST = "MUST"
    SHOULD = "SHOULD"
    MAY = "MAY"

    def is_at_least(self, other: Level) -> bool:
        """Whether this level binds as strongly as ``other`` or more."""
        order = list(Level)
        return order.index(self) <= order.index(other)


class Scope(StrEnum):
    """To which runs a requirement is limited."""

    NATIVE = "native"
    """Only subjects that are one ELF file."""
    CONTAINER = "container"
    """Only runs in real containers."""


@dataclass(frozen=True)
class Requirement:
    """One promise.

    Attributes:
        id: stable for ever, such as ``TAR-3`` or ``GZ-5a``.
        level: how binding it is.
        profiles: the kinds of injector that it holds for.
        scope: the runs that it is limited to; ``None`` means every run.
        statement: the promise itself, one paragraph on one line.
        why: the rationale.
        source: where the promise comes from.
        others: what other extractors do; empty if nothing is known.
        chapter: the first part of the id.
    """

    id: str
    level: Level
    profiles: tuple[str, ...]
    scope: Scope | None
    statement: str
    why: str
    source: str
    others: str
    chapter: str


def sort_key(identifier: str) -> tuple[int, int, str]:
    """The place of a requirement id: chapter, number, letter (GZ-5, GZ-5a, GZ-6, GZ-10).

    Raises:
        ValueError: the text is not a requirement id.
    """
    match = _ID.fullmatch(identifier)
    if match is None or match[1] not in CHAPTERS:
        raise ValueError(f"{identifier!r} is not a requirement id such as TAR-3 or GZ-5a")
    return CHAPTERS.index(match[1]), int(match[2]), match[3]
