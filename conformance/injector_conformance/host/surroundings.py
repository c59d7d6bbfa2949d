"""The state that a process inherits and that would change verdicts: set, and not taken over.

A caller may ignore SIGCHLD, block signals, have an umask under which nobody else can read, a small
or a huge limit of descriptors, or no standard output at all. The suite behaves alike under all.
"""

from __future__ import annotations

import contextlib
import os
import resource
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final, TextIO, cast

UMASK: Final = 0o022
"""What the suite makes can be read by everybody: the pod's user has to."""

DESCRIPTORS: Final = 4096
"""The soft limit of open files, where the hard limit permits."""


@contextmanager
def settled() -> Iterator[None]:
    """Run a block under a known umask, signal mask, disposition of SIGCHLD and limit of files.

    What was found is there again afterwards. Signals are left alone outside of the main thread,
    which alone may set them.
    """
    umask = os.umask(UMASK)
    files = _raise_descriptors()
    is_main = threading.current_thread() is threading.main_thread()
    mask = signal.pthread_sigmask(signal.SIG_SETMASK, ()) if is_main else set()
    child = signal.signal(signal.SIGCHLD, signal.SIG_DFL) if is_main else None
    try:
        yield
    finally:
        if is_main:
            # A handler that Python did not set is None, and cannot be set by it again.
            if child is not None:
                signal.signal(signal.SIGCHLD, child)
            signal.pthread_sigmask(signal.SIG_SETMASK, mask)
        with contextlib.suppress(OSError, ValueError):
            resource.setrlimit(resource.RLIMIT_NOFILE, files)
        os.umask(umask)


def open_standard_streams() -> None:
    """Let descriptors 0, 1 and 2 be open, so that no file of the suite ever becomes one of them.

    Standard output and error never raise for a character that the terminal's encoding lacks.
    """
    for descriptor in range(3):
        try:
            os.fstat(descriptor)
        except OSError:
            os.open(os.devnull, os.O_RDWR)
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115
        elif hasattr(getattr(sys, name), "reconfigure"):
            getattr(sys, name).reconfigure(errors="backslashreplace")


class Unread:
    """A text stream whose reader may go away (``| head``): what nobody reads is dropped.

    The command goes on to its end, so that its files are written and its exit status is the one
    that it would have had.
    """

    def __init__(self, stream: TextIO) -> None:
        """Take the stream that is written to."""
        self._stream = stream

    def write(self, text: str) -> int:
        """Write, as far as anybody reads."""
        try:
            return self._stream.write(text)
        except BrokenPipeError:
            silence_if_stuck(self._stream)
            return len(text)

    def flush(self) -> None:
        """Write what waits, as far as anybody reads."""
        try:
            self._stream.flush()
        except BrokenPipeError:
            silence_if_stuck(self._stream)

    def __getattr__(self, name: str) -> Any:
        """Everything else is the stream's own."""
        return getattr(self._stream, name)


@contextmanager
def unread_output() -> Iterator[None]:
    """Let standard output be :class:`Unread` for as long as the block runs."""
    before = sys.stdout
    sys.stdout = cast("TextIO", Unread(before))
    try:
        yield
    finally:
        sys.stdout = before
        silence_if_stuck(before)


def silence_if_stuck(stream: TextIO) -> None:
    """Drop what a stream cannot write, so that the interpreter's exit does not fail over it."""
    try:
        stream.flush()
    except (OSError, ValueError):
        with contextlib.suppress(OSError, ValueError, AttributeError):
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, stream.fileno())
            os.close(nowhere)


def _raise_descriptors() -> tuple[int, int]:
    """Raise the soft limit of open files; the limits that were found are returned."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = DESCRIPTORS if hard == resource.RLIM_INFINITY else min(DESCRIPTORS, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        with contextlib.suppress(OSError, ValueError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
    return soft, hard
