"""A host that is set up otherwise, simulated: settings as JSON, then the command to run there.

    python host.py '{"namespaces": 0, "noexec": ["/tmp"]}' COMMAND…

It needs root. The command runs in a user and a mount namespace of its own, whose settings reach
nobody else:

``users``
    ``"whole"``: every id is what it is (root stays root); ``"one"``: there is user 1000 alone, an
    ordinary user.
``namespaces``
    how many user namespaces may be made (``user.max_user_namespaces``).
``noexec``, ``small``
    directories that become a file system in memory: one from which nothing can be executed, or one
    of 4 MiB.
``powerless``
    whether all capabilities are gone, as in an unprivileged container.
"""

from __future__ import annotations

import ctypes
import json
import os
import sys
from pathlib import Path
from typing import Any

_NEW_USERS, _NEW_MOUNTS = 0x10000000, 0x00020000
_NO_SUID, _NO_DEVICES, _NO_EXEC = 2, 4, 8
_RECURSIVE, _PRIVATE = 1 << 14, 1 << 18
_DROP_BOUNDING, _LAST = 24, 63
_MAPS = {"whole": "0 0 65536", "one": "1000 0 1"}

_libc = ctypes.CDLL(None, use_errno=True)


def _check(result: int) -> None:
    if result != 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))


def _mount(target: str, flags: int, data: str) -> None:
    words = (b"tmpfs", target.encode(), b"tmpfs", flags | _NO_SUID | _NO_DEVICES, data.encode())
    _check(_libc.mount(*words))


def _enter(settings: dict[str, Any], reading: int) -> None:
    """Set up the namespaces once the maps are written."""
    os.read(reading, 1)
    _check(_libc.mount(b"none", b"/", None, _RECURSIVE | _PRIVATE, None))
    for place in settings.get("noexec", ()):
        _mount(place, _NO_EXEC, "mode=1777")
    for place in settings.get("small", ()):
        _mount(place, 0, "mode=1777,size=4m")
    if "namespaces" in settings:
        Path("/proc/sys/user/max_user_namespaces").write_text(str(settings["namespaces"]))
    if settings.get("powerless"):
        for capability in range(_LAST + 1):
            _libc.prctl(_DROP_BOUNDING, capability, 0, 0, 0)


def main() -> int:
    """Run the command; its exit status is returned."""
    settings = json.loads(sys.argv[1])
    map_text = _MAPS[settings.get("users", "whole")]
    unshared, told = os.pipe()
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        status = 99
        try:
            _check(_libc.unshare(_NEW_USERS | _NEW_MOUNTS))
            os.write(told, b".")
            _enter(settings, reading)
            os.execvp(sys.argv[2], sys.argv[2:])  # noqa: S606 - what it is for
        finally:
            os._exit(status)
    os.read(unshared, 1)
    for name in ("uid_map", "gid_map"):
        Path(f"/proc/{child}/{name}").write_text(map_text)
    os.write(writing, b".")
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


if __name__ == "__main__":
    raise SystemExit(main())
