"""Randomness that is the same on every run."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import TypeVar

Item = TypeVar("Item")


class Noise:
    """A seeded source of choices."""

    def __init__(self, seed: object) -> None:
        self._random = random.Random(str(seed))  # noqa: S311 - must repeat; nothing here is secret

    def below(self, limit: int) -> int:
        """A number from zero up to ``limit``, without it."""
        return self._random.randrange(limit)

    def happens(self, one_in: int) -> bool:
        """True once in so many times."""
        return self.below(one_in) == 0

    def one_of(self, items: Sequence[Item]) -> Item:
        """One of the items."""
        return items[self.below(len(items))]

    def bytes(self, count: int) -> bytes:
        """So many bytes."""
        return self._random.randbytes(count)
