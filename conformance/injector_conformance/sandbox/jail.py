"""The launcher of the chroot driver, run as a program of its own.

It starts the subject in a new root, without the capabilities and system calls by which root could
reach the host from there, and leaves nothing of it alive. It imports only the standard library.

    python -I -S jail.py ROOT SECONDS USER GROUP PROGRAM [ARGUMENT…]
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import platform
import signal
import struct
import sys
from pathlib import Path
from typing import Final, NoReturn

DEADLINE_STATUS: Final = 253
"""Exit status that tells the driver that the deadline has passed."""

FAILURE_STATUS: Final = 254
"""Exit status that tells the driver that the jail itself failed; the message is on stderr."""

_SIGNAL_BASE: Final = 128
_PR_CAPBSET_DROP: Final = 24
_PR_SET_CHILD_SUBREAPER: Final = 36
_PR_SET_NO_NEW_PRIVS: Final = 38
_PR_SET_SECCOMP: Final = 22
_SECCOMP_MODE_FILTER: Final = 2
_LAST_CAPABILITY: Final = 63
_KEPT_CAPABILITIES: Final = frozenset((0, 1, 3, 4))
"""CHOWN, DAC_OVERRIDE, FOWNER, FSETID: what root needs for its own files. No MKNOD: a device node
in a chroot is the host's device."""

# struct sock_filter and the instructions used below (linux/filter.h)
_LOAD: Final = 0x20
_JUMP_EQUAL: Final = 0x15
_RETURN: Final = 0x06
_OFFSET_NUMBER: Final = 0
_OFFSET_MACHINE: Final = 4
_OFFSET_FIRST_ARGUMENT: Final = 16
_ALLOW: Final = 0x7FFF0000
_REFUSE: Final = 0x00050000 | 1
"""SECCOMP_RET_ERRNO with EPERM."""

MACHINES: Final = {
    # AUDIT_ARCH; socket, socketpair, kill, io_uring_setup, pidfd_send_signal; tgkill
    "x86_64": (0xC000003E, (41, 53, 62, 425, 424), 234),
    "aarch64": (0xC00000B7, (198, 199, 129, 425, 424), 131),
}

_libc = ctypes.CDLL(None, use_errno=True)


def main() -> NoReturn:
    """Run the subject and exit as it did."""
    root, seconds, user, group, *command = sys.argv[1:]
    _prctl(_PR_SET_CHILD_SUBREAPER, 1)
    child = os.fork()
    if child == 0:
        try:
            _enter(root, int(user), int(group))
            os.execv(command[0], command)  # noqa: S606 - this is the launcher
        except OSError as error:
            sys.stderr.write(f"chroot: {command[0]}: {error.strerror}\n")
            sys.stderr.flush()
        finally:
            os._exit(FAILURE_STATUS)
    signal.signal(signal.SIGALRM, lambda *_: _end(DEADLINE_STATUS))
    signal.setitimer(signal.ITIMER_REAL, float(seconds))
    while True:
        ended, status = os.wait()
        if ended == child:
            signal.setitimer(signal.ITIMER_REAL, 0)
            code = os.waitstatus_to_exitcode(status)
            _end(code if code >= 0 else _SIGNAL_BASE - code)


def _end(status: int) -> NoReturn:
    """Kill and reap every descendant, however deep it hid, then exit."""
    own = os.getpid()
    while True:
        children = Path(f"/proc/{own}/task/{own}/children").read_text().split()
        for child in children:
            with contextlib.suppress(ProcessLookupError):
                os.kill(int(child), signal.SIGKILL)
        try:
            os.wait()
        except ChildProcessError:
            os._exit(status)


def _enter(root: str, user: int, group: int) -> None:
    """Give up, in the child, everything that leads out."""
    os.setsid()
    os.chroot(root)
    os.chdir("/zarf-stage1")
    for capability in range(_LAST_CAPABILITY + 1):
        if capability not in _KEPT_CAPABILITIES:
            _libc.prctl(_PR_CAPBSET_DROP, capability, 0, 0, 0)
    os.setgroups([])
    if user:
        os.setgid(group)
        os.setuid(user)
    _prctl(_PR_SET_NO_NEW_PRIVS, 1)
    _refuse_calls()


def _refuse_calls() -> None:
    """Refuse sockets, and signals to anybody but the subject itself."""
    machine, refused, tgkill = MACHINES[platform.machine()]
    filters = [
        (_LOAD, 0, 0, _OFFSET_MACHINE),
        (_JUMP_EQUAL, 1, 0, machine),
        (_RETURN, 0, 0, _REFUSE),
        (_LOAD, 0, 0, _OFFSET_NUMBER),
    ]
    for number in refused:
        filters += [(_JUMP_EQUAL, 0, 1, number), (_RETURN, 0, 0, _REFUSE)]
    filters += [
        (_JUMP_EQUAL, 0, 3, tgkill),
        (_LOAD, 0, 0, _OFFSET_FIRST_ARGUMENT),
        (_JUMP_EQUAL, 1, 0, os.getpid()),
        (_RETURN, 0, 0, _REFUSE),
        (_RETURN, 0, 0, _ALLOW),
    ]
    program = b"".join(struct.pack("HBBI", *one) for one in filters)
    instructions = ctypes.create_string_buffer(program)
    header = struct.pack("HxxxxxxP", len(filters), ctypes.addressof(instructions))
    _prctl(_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, ctypes.create_string_buffer(header))


def _prctl(option: int, value: int, pointer: ctypes.Array[ctypes.c_char] | int = 0) -> None:
    if _libc.prctl(option, ctypes.c_ulong(value), pointer, 0, 0) != 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))


if __name__ == "__main__":
    main()
