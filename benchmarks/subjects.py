"""The injectors of this project, as contestants."""

from __future__ import annotations

import platform
import sys
from pathlib import Path
from typing import Final

from injector_conformance.bench.contestants import Contestant
from injector_conformance.subjects.subject import resolve

ROOT: Final = Path(__file__).parents[1] / "reference"

COMMANDS: Final[dict[str, tuple[str, ...]]] = {
    "reference": (sys.executable, "-m", "zarf_injector"),
    "native": (str(ROOT / f"native/bin/zarf-injector-{platform.machine()}"),),
    "rust-size": (str(ROOT / f"rust/bin/size-{platform.machine()}/zarf-injector"),),
    "rust-immediate-abort": (
        str(ROOT / f"rust/bin/immediate-abort-{platform.machine()}/zarf-injector"),
    ),
}
"""By name; the programs are made by ``make native`` and ``make rust-ladder``."""


def built() -> list[Contestant]:
    """The injectors that are there; the reference, first, always is."""
    return [
        Contestant(name, name, "subject" if name == "reference" else "injector", resolve(command))
        for name, command in COMMANDS.items()
        if Path(command[0]).exists()
    ]
