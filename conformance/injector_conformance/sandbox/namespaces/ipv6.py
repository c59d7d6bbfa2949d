"""Whether a network namespace that is made here has IPv6."""

from __future__ import annotations

import socket
from pathlib import Path
from typing import Final

MISSING: Final = "the kernel has no IPv6, or has it disabled in new network namespaces"

_FAMILIES: Final = Path("/proc/sys/net/ipv6/conf")
_INHERITED: Final = Path("/proc/sys/net/core/devconf_inherit_init_net")
_FROM_INITIAL: Final = "1"
"""New namespaces have the settings of the first one, and not those of the kernel itself."""


def is_there() -> bool:
    """Whether a subject can be asked to serve at an address of it."""
    try:
        socket.socket(socket.AF_INET6, socket.SOCK_STREAM).close()
    except OSError:
        return False
    if _read(_INHERITED) != _FROM_INITIAL:
        return True
    return all(_read(_FAMILIES / one / "disable_ipv6") == "0" for one in ("all", "default"))


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="ascii").strip()
    except OSError:
        return ""
