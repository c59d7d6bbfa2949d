"""Whether this process is root in more than name: in many containers root may do nothing."""

from __future__ import annotations

import functools
import os
from pathlib import Path
from typing import Final

_CHOWN, _OVERRIDE, _SETGID, _SETUID, _ADMIN = 0, 1, 6, 7, 21
_NEEDED: Final = sum(1 << one for one in (_CHOWN, _OVERRIDE, _SETGID, _SETUID, _ADMIN))
"""Capabilities without which root is an ordinary user (capabilities(7))."""


def is_powerful() -> bool:
    """Whether this process is root and may mount, change owners and become anybody."""
    return _is_powerful(os.getpid(), os.geteuid())


@functools.cache
def _is_powerful(process: int, user: int) -> bool:
    """Looked up once for each process and user: copies of a process may become others."""
    del process
    if user != 0:
        return False
    for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
        name, _, value = line.partition(":")
        if name == "CapEff":
            return int(value, 16) & _NEEDED == _NEEDED
    return True
