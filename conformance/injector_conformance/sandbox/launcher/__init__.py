"""The program that starts subjects under conditions; see ``launcher.zig``."""

from __future__ import annotations

import errno
import os
import re
import shutil
from pathlib import Path
from typing import Final

from injector_conformance.cases.case import Conditions
from injector_conformance.sandbox import SandboxError

MACHINES: Final = ("x86_64", "aarch64")
SOURCE: Final = Path(__file__).with_name("launcher.zig")

FILE_SIZE_LIMIT: Final = 1 << 30
"""Bytes that a file may have where a case sets no limit of its own, for the host's sake."""

_STREAMS: Final = {"open": "o", "closed": "c", "broken": "b", "full": "f", "unread": "u"}
_REFUSALS: Final = {"ENOSYS": errno.ENOSYS, "EPERM": errno.EPERM}
_FAILURE: Final = re.compile(rb"\0(?:(.*) )?errno=(\d+)\n", re.DOTALL)


def program(machine: str) -> Path:
    """The launcher for a machine, as ``uname -m`` spells it."""
    return SOURCE.with_name(f"launcher-{machine}")


def install(machine: str, directory: Path) -> Path:
    """Copy the launcher for ``machine`` into ``directory``, executable for all.

    Raises:
        SandboxError: there is none for it.
    """
    if machine not in MACHINES:
        raise SandboxError(f"no sandbox works on {machine}; it takes {' or '.join(MACHINES)}")
    copy = directory / "launcher"
    shutil.copyfile(program(machine), copy)
    copy.chmod(0o755)
    return copy


def options(conditions: Conditions) -> list[str]:
    """The words for what a subject inherits: umask, limits, streams.

    Memory is limited as RLIMIT_DATA, which counts private writable memory only: emulators and
    run-time systems reserve far more address space than they use.
    """
    size = conditions.file_size_limit or FILE_SIZE_LIMIT
    words = [f"u{conditions.umask:o}", f"f{size}", f"d{conditions.memory_limit}"]
    for letter, kind in (
        ("i", conditions.stdin),
        ("o", conditions.stdout),
        ("e", conditions.stderr),
    ):
        if kind in _STREAMS:
            words.append(letter + _STREAMS[kind])
    if conditions.refused:
        words.append(f"q{_REFUSALS[conditions.refused]}")
    return words


def identity(user: int, group: int) -> list[str]:
    """The words for becoming a user who is not root, in one group and no other."""
    return [f"g{group}", f"w{user}"]


def failure(said: bytes) -> str | None:
    """What the launcher could not do and the system's word for why; None if it could."""
    found = _FAILURE.search(said)
    if found is None:
        return None
    doing = os.fsdecode(found[1]) + ": " if found[1] else ""
    return doing + os.strerror(int(found[2]))
