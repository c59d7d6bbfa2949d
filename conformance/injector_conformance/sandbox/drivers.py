"""The drivers by name, and the choice among them."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Final

from injector_conformance.sandbox import Sandbox, SandboxError
from injector_conformance.sandbox.bubblewrap import Bubblewrap
from injector_conformance.sandbox.chroot import Chroot

AUTOMATIC: Final = "auto"
"""Bubblewrap; where it cannot make namespaces and the user is root, chroot."""

DRIVERS: Final[dict[str, Callable[[], Sandbox]]] = {"bubblewrap": Bubblewrap, "chroot": Chroot}


def create(name: str) -> Sandbox:
    """A driver that is not open yet.

    Args:
        name: :data:`AUTOMATIC`, or a key of :data:`DRIVERS`.

    Raises:
        SandboxError: what it needs is not there, or the name is unknown.
    """
    if name == AUTOMATIC:
        return _automatic()
    if name not in DRIVERS:
        raise SandboxError(f"no sandbox {name}; there are {AUTOMATIC}, {', '.join(DRIVERS)}")
    return DRIVERS[name]()


def _automatic() -> Sandbox:
    try:
        bubblewrap = Bubblewrap()
        bubblewrap.probe()
    except SandboxError:
        if os.geteuid() != 0:
            raise
        return Chroot()
    return bubblewrap
