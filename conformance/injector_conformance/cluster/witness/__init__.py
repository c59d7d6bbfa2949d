"""The program that a pod runs to prove which bytes it got; see ``witness.zig``."""

from __future__ import annotations

from pathlib import Path
from typing import Final

MACHINES: Final = {"amd64": "x86_64", "arm64": "aarch64"}
"""What Kubernetes calls an architecture, and what ``uname -m`` does."""

NAME: Final = "witness"
"""The program's name in an image."""

PAUSE: Final = "pause"
"""The word that makes it wait."""

SOURCE: Final = Path(__file__).with_name("witness.zig")


def program(architecture: str) -> Path:
    """The witness for an architecture in Kubernetes' words.

    Raises:
        KeyError: there is none for it.
    """
    return SOURCE.with_name(f"witness-{MACHINES[architecture]}")
