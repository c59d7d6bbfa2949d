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

__all__ = ["DEFAULT", "PROFILES", "STAGE1", "UNIFIED", "Profile"]

DEFAULT: Final = STAGE1
"""Whose contract holds where none is named."""

PROFILES: Final = {one.id: one for one in (STAGE1, UNIFIED)}
"""The profiles that this suite can judge, by the ids of SPEC.md."""
