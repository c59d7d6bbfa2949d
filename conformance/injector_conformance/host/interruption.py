"""Being interrupted: not in the middle of starting something, which nobody could end then."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Final


class _State:
    depth = 0
    is_pending = False


_STATE: Final = _State()


def interrupt(number: int, frame: FrameType | None) -> None:
    """A handler of signals: raise KeyboardInterrupt, now or when nothing is being started."""
    del number, frame
    if _STATE.depth:
        _STATE.is_pending = True
    else:
        sys.unraisablehook = _remember
        raise KeyboardInterrupt


def _remember(told: sys.UnraisableHookArgs) -> None:
    """Do not lose an interruption that was raised where nobody can catch it, as in a finalizer."""
    if issubclass(told.exc_type, KeyboardInterrupt):
        _STATE.is_pending = True
    else:
        sys.__unraisablehook__(told)


def note(number: int, frame: FrameType | None) -> None:
    """A handler of signals: let :func:`check` raise KeyboardInterrupt when it is called next."""
    del number, frame
    _STATE.is_pending = True


def check() -> None:
    """Be interrupted here, if an interruption waits.

    Raises:
        KeyboardInterrupt: it does.
    """
    if _STATE.is_pending and not _STATE.depth:
        _STATE.is_pending = False
        raise KeyboardInterrupt


def forget() -> None:
    """Defer nothing any more, in a copy of the process that was made while interruptions were.

    One that has come meanwhile still counts: it ends the copy too.
    """
    _STATE.depth = 0


def ignore(number: int, frame: FrameType | None) -> None:
    """A handler that does nothing, and that no program inherits, unlike SIG_IGN."""
    del number, frame


@contextmanager
def deferred() -> Iterator[None]:
    """Let an interruption wait until the block is left.

    Only the main thread is ever interrupted; in any other this does nothing.

    Raises:
        KeyboardInterrupt: at the end of the block, if one has waited.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    _STATE.depth += 1
    try:
        yield
    finally:
        _STATE.depth -= 1
    check()
