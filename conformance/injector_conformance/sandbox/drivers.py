"""The drivers by name, and the choice among them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from injector_conformance.sandbox import Sandbox
from injector_conformance.sandbox.bubblewrap import Bubblewrap

AUTOMATIC: Final = "auto"
"""Bubblewrap; where namespaces are not permitted and the user is root, chroot."""

DRIVERS: Final[dict[str, Callable[[], Sandbox]]] = {"bubblewrap": Bubblewrap}


def create(name: str) -> Sandbox:
    """A driver that is not open yet.

    Raises:
        SandboxError: what it needs is not there.
    """
    if name != AUTOMATIC:
        return DRIVERS[name]()
    return Bubblewrap()
