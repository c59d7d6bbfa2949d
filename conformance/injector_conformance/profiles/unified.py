"""The injector since Zarf v0.23: it extracts an image layout and serves it until it is ended."""

from __future__ import annotations

from typing import Final

from injector_conformance.profiles.profile import Profile

PORT: Final = 5000
"""Where it serves if it is told nothing else (ARG-1)."""

UNIFIED: Final = Profile(
    id="unified",
    init="zarf-init",
    output="zarf-seed",
    unverified=False,
    serves=True,
    keeps_modes=True,
    address=f"0.0.0.0:{PORT}",
    chapters=("ARG", "EXT", "NAMES", "HTTP", "LIFE"),
    counterparts=(
        ("RUN-1", "LIFE-2"),
        ("RUN-2", "LIFE-2"),
        ("RUN-4", "LIFE-5"),
        ("RUN-7", "EXT-3"),
    ),
)
