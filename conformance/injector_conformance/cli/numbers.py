"""Numbers on the command line, and one way to say what is wrong with one.

The classes are called by argparse as the ``type`` of an option.
"""

from __future__ import annotations

import argparse
import math
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Whole:
    """A whole number; ``_`` and ``,`` between its digits are for the reader.

    Attributes:
        least: the smallest that is taken.
        most: the largest; None for no bound.
        because: what the bounds come from.
    """

    least: int
    most: int | None = None
    because: str = ""

    def __call__(self, text: str) -> int:
        """The number.

        Raises:
            argparse.ArgumentTypeError: it is none, or out of bounds.
        """
        try:
            value = int(text.replace("_", "").replace(",", ""))
        except ValueError:
            value = None
        if value is None or value < self.least or (self.most is not None and value > self.most):
            bounds = f" of at least {self.least:,}"
            if self.most is not None:
                bounds = f" from {self.least:,} to {self.most:,}"
            because = f": {self.because}" if self.because else ""
            raise argparse.ArgumentTypeError(f"{text!r} is no whole number{bounds}{because}")
        return value


@dataclass(frozen=True, slots=True)
class More:
    """A number above another one, and not infinite."""

    than: float

    def __call__(self, text: str) -> float:
        """The number.

        Raises:
            argparse.ArgumentTypeError: it is none, or too small.
        """
        try:
            value = float(text)
        except ValueError:
            value = math.nan
        if not self.than < value < math.inf:
            raise argparse.ArgumentTypeError(f"{text!r} is no number above {self.than:g}")
        return value


BYTES: Final = Whole(0)
PORT: Final = Whole(1, 65_535)
SECONDS: Final = More(0)
