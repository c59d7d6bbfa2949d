"""Chapter PAY: finding the chunks in the init directory and joining them."""

from __future__ import annotations

from typing import Final

from injector_conformance.case import Case
from injector_conformance.chapters.payload import order

CASES: Final[tuple[Case, ...]] = (*order.CASES,)
