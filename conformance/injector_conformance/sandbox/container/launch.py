"""The words that the launcher understands, and the line with which it ends."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from injector_conformance.cases.case import Conditions
from injector_conformance.sandbox import SandboxError, launcher
from injector_conformance.stages.stage import POD_GROUP, POD_USER

HOME: Final = "/.injector-conformance"
"""The harness' own directory in a container."""

PROGRAM: Final = f"{HOME}/launcher"
BARE_ROOT: Final = f"{HOME}/root"
"""Where the stage lies as a root of its own, for subjects that are to see nothing else."""

_KIBIBYTE: Final = 1024
_END: Final = re.compile(rb"\0status=(\d+) peak=(\d+) nanoseconds=(\d+)\n$")


def words(
    argv: Sequence[str], conditions: Conditions, *, is_first_process: bool
) -> tuple[str, ...]:
    """The launcher's command line for a subject."""
    options = launcher.options(conditions)
    if conditions.environment == "none":
        options.append("n")
    if conditions.bare:
        options.append(f"r{BARE_ROOT}")
        if conditions.user == "pod":
            options += launcher.identity(POD_USER, POD_GROUP)
    options.append("x" if is_first_process else "s")
    return (PROGRAM, *options, "--", *argv)


class NotStartedError(SandboxError):
    """The program could not be executed; ``reason`` is the system's word for why."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"the container cannot start the subject: {reason}")
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Ending:
    """What the launcher says of a run that ended.

    Attributes:
        status: exit status, or the negated signal number.
        peak_memory: bytes; None if nobody measured it.
        seconds: wall time.
    """

    status: int
    peak_memory: int | None
    seconds: float


def ending(stderr: bytes) -> tuple[bytes, Ending | None]:
    """Part the subject's standard error from the launcher's last line.

    The subject cannot forge that line: all its processes are dead when it is written.

    Returns:
        The subject's own bytes, and the ending; None if the launcher did not live to tell.

    Raises:
        NotStartedError: the subject could not be started.
    """
    failure = launcher.failure(stderr)
    if failure is not None:
        raise NotStartedError(failure)
    last = _END.search(stderr)
    if last is None:
        return stderr, None
    status, peak, nanoseconds = (int(text) for text in last.groups())
    code = os.waitstatus_to_exitcode(status)
    return stderr[: last.start()], Ending(code, peak * _KIBIBYTE, nanoseconds / 1e9)
