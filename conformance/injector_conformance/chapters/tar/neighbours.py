"""Ordinary members to put before and after an odd one: they show whether a reader is in step."""

from __future__ import annotations

from typing import Final

from injector_conformance.chapters.recipes import Named
from injector_fixtures import tar

BEFORE: Final = tar.file(b"before", b"before\n")
AFTER: Final = tar.file(b"after", b"after\n")

ONLY_AFTER: Final[Named] = {b"after": b"after\n"}
BOTH: Final[Named] = {b"before": b"before\n", b"after": b"after\n"}
