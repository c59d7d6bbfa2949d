"""Filters of system calls, as old kernels and careful container runtimes have them."""

from __future__ import annotations

import errno
import platform
import struct
from typing import Final

# What the injector makes, by number; see README.md. AUDIT_ARCH of <linux/audit.h> comes first.
CALLS: Final = {
    "x86_64": (
        0xC000003E,
        {
            "read": 0,
            "write": 1,
            "close": 3,
            "fstat": 5,
            "rt_sigaction": 13,
            "execve": 59,
            "fchmod": 91,
            "umask": 95,
            "getdents64": 217,
            "exit_group": 231,
            "openat": 257,
            "mkdirat": 258,
            "newfstatat": 262,
            "unlinkat": 263,
            "linkat": 265,
            "symlinkat": 266,
        },
    ),
    "aarch64": (
        0xC00000B7,
        {
            "mkdirat": 34,
            "unlinkat": 35,
            "symlinkat": 36,
            "linkat": 37,
            "fchmod": 52,
            "openat": 56,
            "close": 57,
            "getdents64": 61,
            "read": 63,
            "write": 64,
            "newfstatat": 79,
            "fstat": 80,
            "exit_group": 94,
            "rt_sigaction": 134,
            "umask": 166,
            "execve": 221,
        },
    ),
}

LOAD, EQUAL, RETURN = 0x20, 0x15, 0x06
ALLOW, FAIL, KILL = 0x7FFF0000, 0x00050000, 0x80000000


def only(refusal: int) -> bytes:
    """A seccomp program: everything but :data:`CALLS` fails with this error.

    What bubblewrap itself does behind the filter is the one call that starts the program.
    """
    machine, calls = CALLS[platform.machine()]
    numbers = sorted(calls.values())
    program = [
        struct.pack("<HBBI", LOAD, 0, 0, 4),  # seccomp_data.arch
        struct.pack("<HBBI", EQUAL, 1, 0, machine),
        struct.pack("<HBBI", RETURN, 0, 0, KILL),
        struct.pack("<HBBI", LOAD, 0, 0, 0),  # seccomp_data.nr
    ]
    for place, number in enumerate(numbers):
        program.append(struct.pack("<HBBI", EQUAL, len(numbers) - place, 0, number))
    program.append(struct.pack("<HBBI", RETURN, 0, 0, FAIL | refusal))
    program.append(struct.pack("<HBBI", RETURN, 0, 0, ALLOW))
    return b"".join(program)


SENDFILE: Final = {"x86_64": 40, "aarch64": 71}


def without_sendfile(refusal: int) -> bytes:
    """A seccomp program: ``sendfile`` fails with this error, and nothing else does."""
    machine, _ = CALLS[platform.machine()]
    program = [
        struct.pack("<HBBI", LOAD, 0, 0, 4),
        struct.pack("<HBBI", EQUAL, 1, 0, machine),
        struct.pack("<HBBI", RETURN, 0, 0, KILL),
        struct.pack("<HBBI", LOAD, 0, 0, 0),
        struct.pack("<HBBI", EQUAL, 0, 1, SENDFILE[platform.machine()]),
        struct.pack("<HBBI", RETURN, 0, 0, FAIL | refusal),
        struct.pack("<HBBI", RETURN, 0, 0, ALLOW),
    ]
    return b"".join(program)


REFUSALS: Final = (errno.ENOSYS, errno.EPERM)
