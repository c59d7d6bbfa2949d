"""Profiles: the contracts under which an injector is called, one module each.

A case names promises and a payload; where the payload lies, what the command line is and what it
means to complete are the profile's business. So one case is judged under every profile for which
SPEC.md makes its promise.
"""

from __future__ import annotations

from typing import Final

from injector_conformance.profiles.profile import Profile
from injector_conformance.profiles.stage1 import STAGE1
from injector_conformance.profiles.unified import UNIFIED

__all__ = ["DEFAULT", "JUDGEABLE", "PROFILES", "STAGE1", "UNIFIED", "Profile"]

DEFAULT: Final = STAGE1
"""Whose contract holds where none is named."""

PROFILES: Final = {one.id: one for one in (STAGE1, UNIFIED)}
"""Every profile that this suite knows, by the ids of SPEC.md."""

JUDGEABLE: Final = frozenset({"stage1", "unified"})
"""The ids of those whose contract the suite can play from end to end. Another one is refused:
a verdict on it would call a program conformant to promises that nobody has put to the test."""
