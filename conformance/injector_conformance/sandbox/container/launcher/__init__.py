"""The program that starts subjects in containers; see ``launcher.zig``."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Final

MACHINES: Final = ("x86_64", "aarch64")
SOURCE: Final = Path(__file__).with_name("launcher.zig")


def program(machine: str) -> Path:
    """The launcher for a machine, as ``uname -m`` spells it."""
    return SOURCE.with_name(f"launcher-{machine}")


def install(machine: str, directory: Path) -> Path:
    """Copy the launcher for ``machine`` into ``directory``, executable for all."""
    copy = directory / "launcher"
    shutil.copyfile(program(machine), copy)
    copy.chmod(0o755)
    return copy
