"""Programs for the other machine: QEMU's user-mode emulators, registered with binfmt_misc.

The flag F makes the kernel keep the emulator open, so that it works in containers and sandboxes
that do not hold it. Source: Linux, Documentation/admin-guide/binfmt-misc.rst.
"""

from __future__ import annotations

import platform
import subprocess
from pathlib import Path
from typing import Final

from injector_conformance.images.errors import ImageError

BINFMT: Final = Path("/proc/sys/fs/binfmt_misc")
REGISTRATIONS: Final = Path("/usr/lib/binfmt.d")
ADVICE: Final = (
    "as root: apt-get install qemu-user-static && make images;"
    " or: docker run --privileged --rm tonistiigi/binfmt --install all"
)


def is_native(machine: str) -> bool:
    """Whether this host runs programs for ``machine`` without emulation."""
    return machine == platform.machine()


def is_registered(machine: str) -> bool:
    """Whether an emulator for ``machine`` is registered and enabled."""
    try:
        return (BINFMT / f"qemu-{machine}").read_text(encoding="ascii").startswith("enabled")
    except OSError:
        return False


def register(machine: str) -> bool:
    """Make programs for ``machine`` run here.

    Returns:
        Whether anything had to be done.

    Raises:
        ImageError: it is not permitted, or no emulator is installed.
    """
    if is_native(machine) or is_registered(machine):
        return False
    registration = REGISTRATIONS / f"qemu-{machine}.conf"
    if not registration.exists():
        raise ImageError(f"no emulator for {machine} is installed; {ADVICE}")
    try:
        if not (BINFMT / "register").exists():
            command = ["mount", "-t", "binfmt_misc", "binfmt_misc", str(BINFMT)]
            subprocess.run(command, check=True, capture_output=True)
        (BINFMT / "register").write_bytes(registration.read_bytes())
    except (OSError, subprocess.CalledProcessError) as error:
        if is_registered(machine):
            return False
        raise ImageError(f"may not register an emulator for {machine} here; {ADVICE}") from error
    return True
