"""Randomness that is the same on every run."""

from __future__ import annotations

import random


def generator(seed: int | str) -> random.Random:
    """A generator of noise."""
    return random.Random(seed)  # noqa: S311 - noise must repeat; nothing here is secret
