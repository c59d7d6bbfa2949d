"""MODE: permission bits.

Every file and directory gets its final bits from the descriptor by which it was made, before
anything can take its place: no second walk through names, no link to follow (MODE-3, MODE-4).
The archive's own modes are not even read (MODE-2).
"""

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager

from zarf_injector import errors

FINAL = 0o755

WHILE_BEING_MADE = 0o700
"""Bits at creation: enough for us, nothing for others."""


@contextmanager
def umask_lifted() -> Iterator[None]:
    """MODE-2: keep the umask from taking bits that we need to enter our own directories."""
    previous = os.umask(0)
    try:
        yield
    finally:
        os.umask(previous)


def settle(descriptor: int) -> None:
    """MODE-1: give a file or directory its final bits; set-id and sticky bits go.

    Raises:
        ModeError: the system refuses, and the bits are not right already.
    """
    try:
        os.fchmod(descriptor, FINAL)
    except OSError as error:
        if stat.S_IMODE(os.fstat(descriptor).st_mode) != FINAL:
            raise errors.ModeError(f"cannot set permission bits: {error.strerror}") from error


def settle_root(descriptor: int) -> None:
    """MODE-5: the output directory itself, if it is ours; it need not be (RUN-5)."""
    if os.fstat(descriptor).st_uid == os.geteuid():
        settle(descriptor)
