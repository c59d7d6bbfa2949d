"""The injector of Zarf up to v0.22.x: it extracts, sets modes, and ends."""

from __future__ import annotations

from typing import Final

from injector_conformance.profiles.profile import Profile

STAGE1: Final = Profile(
    id="stage1",
    init="zarf-stage1",
    output="zarf-stage2",
    unverified=True,
    serves=False,
    keeps_modes=False,
)
