"""Peak memory of one run of a command."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from injector_conformance.bench.stopwatch import RunError, failure
from injector_conformance.bench.tracer import NOT_PERMITTED
from injector_conformance.sandbox.memory import peak_of_descendants

TRACER: Final = Path(__file__).with_name("tracer.py")

_TICK: Final = 0.002
_ATTEMPTS: Final = 3


@dataclass(frozen=True, slots=True)
class Peak:
    """Peak memory.

    Attributes:
        size: bytes: the high water marks (VmHWM) of all processes that lived at once.
        method: ``exact`` where each process was stopped on its way out and asked, ``sampled``
            where tracing is not permitted and a short peak may have gone unseen.
    """

    size: int
    method: Literal["exact", "sampled"]


def measure_peak(command: Sequence[str], deadline: float) -> Peak:
    """Run a sandboxed ``command`` and find its peak.

    Args:
        command: an absolute path and its arguments; starts a sandbox, see ``tracer``.
        deadline: seconds after which it is killed.

    Raises:
        RunError: it did not end with status 0, or not in time.
    """
    for _ in range(_ATTEMPTS):
        peak = _trace(command, deadline)
        if peak is None:
            return _sample(command, deadline)
        if peak.size:
            return peak
    raise RunError("its memory could not be read")


def _trace(command: Sequence[str], deadline: float) -> Peak | None:
    """The exact peak; None where tracing is not permitted, 0 bytes where a stop was missed."""
    try:
        told = subprocess.run(
            [sys.executable, "-I", "-S", str(TRACER), *command],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
            timeout=deadline,
            process_group=0,
        )
    except subprocess.TimeoutExpired as error:
        raise RunError(f"did not end within {deadline:g} s") from error
    if told.returncode == NOT_PERMITTED:
        return None
    if told.returncode:
        raise RunError(failure(told.returncode, told.stderr))
    found = json.loads(told.stdout)
    if found["status"]:
        raise RunError(failure(found["status"], told.stderr))
    return Peak(found["peak"], "exact")


def _sample(command: Sequence[str], deadline: float) -> Peak:
    highest = 0
    with subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    ) as process:
        try:
            for _ in range(int(deadline / _TICK)):
                highest = max(highest, peak_of_descendants(process.pid))
                try:
                    _, complaints = process.communicate(timeout=_TICK)
                except subprocess.TimeoutExpired:
                    continue
                break
            else:
                raise RunError(f"did not end within {deadline:g} s")
        finally:
            process.kill()
    if process.returncode:
        raise RunError(failure(process.returncode, complaints))
    return Peak(highest, "sampled")
