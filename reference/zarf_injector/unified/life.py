"""LIFE: how the process begins, ends, and speaks."""

import os
import select
import signal
from types import FrameType

from zarf_injector.command import STANDARD_OUTPUT

AT_ONCE = 4096
"""Bytes that a pipe takes without waiting if it takes any (POSIX, PIPE_BUF)."""

ENDING_SIGNALS = (signal.SIGTERM, signal.SIGINT)


def end_while_starting() -> None:
    """LIFE-4: let a signal end the start, and let it look like that.

    Process 1 is not ended by a signal that it does not handle; then a status has to tell.
    """
    for number in ENDING_SIGNALS:
        signal.signal(number, end_by)


def end_by(number: int, _: FrameType | None) -> None:
    """End by a signal, or, as process 1, with the status that stands for it.

    Nothing need be tidied up: what has been extracted so far is replaced by the next start.
    """
    signal.signal(number, signal.SIG_DFL)
    os.kill(os.getpid(), number)
    os._exit(128 + number)


def end_while_serving() -> None:
    """LIFE-4: let a signal end the serving; it is how it is meant to end."""
    for number in ENDING_SIGNALS:
        signal.signal(number, end_well)


def end_well(*_: int | FrameType | None) -> None:
    """End with status 0, at once: whoever is in the middle of a blob asks elsewhere."""
    os._exit(0)


def say(descriptor: int, text: str) -> None:
    """LIFE-8: write, if somebody takes it now; else leave it unsaid.

    What collects a log may be full, gone, or not reading. Waiting for it would stop everything.
    """
    rest = text.encode("utf-8", "backslashreplace")
    try:
        while rest and takes_more(descriptor):
            rest = rest[os.write(descriptor, rest[:AT_ONCE]) :]
    except OSError:
        pass


def takes_more(descriptor: int) -> bool:
    """Whether a write of up to ``AT_ONCE`` bytes would not wait."""
    poll = select.poll()
    poll.register(descriptor, select.POLLOUT)
    return any(events & select.POLLOUT for _, events in poll.poll(0))


def log(line: str) -> None:
    """LIFE-11: a line on standard output; it has no newline in it."""
    say(STANDARD_OUTPUT, f"{line}\n")
