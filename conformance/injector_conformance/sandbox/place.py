"""Places for stages that nobody else sees.

A place is a file system in memory, or a directory, in a mount namespace of its own
(``launcher/place.zig``). The harness reaches it through an open directory alone, so it is gone
with the last process that holds it, however that ends. What lies in it can be no set-user-ID
program and no device.
"""

from __future__ import annotations

import errno
import os
import platform
import socket
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from injector_conformance.host.privilege import is_powerful
from injector_conformance.sandbox import SandboxError, launcher

INSIDE: Final = "/work"
"""Where the place is in its mount namespace."""

_USERS: Final = "a user namespace"
"""What the launcher could not make, in its words, where ordinary users may make none."""

_SECONDS: Final = 20
_LONGEST: Final = 16
_HANDED_OUT: Final = 3


@dataclass(frozen=True, slots=True)
class Place:
    """A place, for as long as its descriptors are open.

    Attributes:
        path: where this process and its copies find it. It leads through an open descriptor: no
            other program finds it there, and it has no other name.
        mounts: a descriptor of its mount namespace.
        users: a descriptor of the user namespace that owns that; None if it is the host's own.
    """

    path: Path
    mounts: int
    users: int | None

    def __truediv__(self, name: str) -> Path:
        """A path in the place."""
        return self.path / name

    def inside(self, path: Path) -> str:
        """A path in the place as the box sees it."""
        return f"{INSIDE}/{path.relative_to(self.path)}"


def path_of(work: Path | Place) -> Path:
    """The directory of a place, or one that is none."""
    return work.path if isinstance(work, Place) else work


@contextmanager
def in_memory(size: int, files: int) -> Iterator[Place]:
    """A place in memory.

    Args:
        size: bytes that it may take.
        files: how many files and directories there may be.

    Raises:
        SandboxError: it cannot be made here; the message says what to allow.
    """
    with _made(f"tmode=755,size={size},nr_inodes={files}") as place:
        yield place


@contextmanager
def around(directory: Path) -> Iterator[Place]:
    """A place in a directory, which exists.

    Raises:
        SandboxError: it cannot be made here; the message says what to allow.
    """
    with _made(f"d{directory.absolute()}") as place:
        yield place


@contextmanager
def _made(word: str) -> Iterator[Place]:
    is_root = is_powerful()
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with ExitStack() as stack:
        stack.enter_context(ours)
        with theirs:
            words = [f"h{theirs.fileno()}", *([] if is_root else ["l"]), word]
            try:
                done = subprocess.run(
                    [launcher.program(platform.machine()), *words],
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.DEVNULL,
                    stderr=subprocess.PIPE,
                    pass_fds=(theirs.fileno(),),
                    timeout=_SECONDS,
                    check=False,
                )
            except (OSError, subprocess.TimeoutExpired) as error:
                raise SandboxError(f"the launcher does not run: {error}") from error
        _, descriptors, _, _ = socket.recv_fds(ours, _LONGEST, _HANDED_OUT)
        for descriptor in descriptors:
            stack.callback(os.close, descriptor)
        if len(descriptors) != _HANDED_OUT:
            raise SandboxError(explained(done.stderr))
        mounts, directory, users = descriptors
        path = Path(f"/proc/self/fd/{directory}")
        yield Place(path, mounts, None if is_root else users)


def explained(said: bytes) -> str:
    """Why a place or a box cannot be made, and what to do, from what the launcher said."""
    failure = launcher.failure(said) or said.decode(errors="replace").strip() or "no word of why"
    if os.strerror(errno.ENOSPC) in failure and _USERS not in failure:
        advice = "a limit is reached: raise user.max_net_namespaces and its like, by sysctl"
    elif is_powerful():
        advice = "allow mounts where this runs: in a container, CAP_SYS_ADMIN"
    elif os.geteuid() == 0:
        advice = (
            "root has no capabilities here, and may not even be root of a user namespace: run as"
            " an ordinary user, or allow the container CAP_SYS_ADMIN"
        )
    else:
        advice = (
            "allow user namespaces: sysctl user.max_user_namespaces=1000, and where AppArmor"
            f" restricts them a profile for {launcher.program(platform.machine())} with"
            " 'userns,'; or run as root"
        )
    return f"no namespaces are to be had here: {failure}; {advice}, or use --sandbox container"
