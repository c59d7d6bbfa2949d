"""Being interrupted: not in the middle of starting something, which nobody could end then."""

from __future__ import annotations

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
        raise KeyboardInterrupt


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
    """Begin anew, in a copy of the process that was made while an interruption was deferred."""
    _STATE.depth, _STATE.is_pending = 0, False


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
