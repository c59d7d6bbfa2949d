"""Load on one guest, made in its network by programs of their own."""

from __future__ import annotations

import json
import os
import resource
import select
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from injector_conformance.bench.serving.guests import Guest
from injector_conformance.bench.serving.processes import processor_seconds
from injector_conformance.bench.stopwatch import RunError
from injector_conformance.exchange.requests import PULLERS
from injector_conformance.exchange.steps import PORT
from injector_conformance.host import interruption
from injector_conformance.host.privilege import is_powerful

LOAD: Final = Path(__file__).with_name("load.py")
REPORT: Final = Path(__file__).with_name("load.lua")

_ACCEPT: Final = b": ".join(PULLERS).decode()
_TICK: Final = 0.02
_ENDING: Final = 10.0


@dataclass(frozen=True, slots=True)
class Loaded:
    """What came of a load.

    Attributes:
        count: requests that were answered.
        seconds: wall time.
        cpu: seconds of the guest's processor time.
        busy: the share of one processor that the load took itself.
        told: what else the program has found.
    """

    count: int
    seconds: float
    cpu: float
    busy: float
    told: Mapping[str, Any]


def missing(*programs: str) -> str | None:
    """What has to be installed before there can be load; None if nothing."""
    packages = {"nsenter": "util-linux"}
    for program in ("nsenter", *programs):
        if shutil.which(program) is None:
            return f"{program} is not on PATH: install {packages.get(program, program)}"
    return None


def pull(guest: Guest, target: str, size: int, *, clients: int, pulls: int) -> Loaded:
    """Let some clients get a blob, so many times each.

    Raises:
        RunError: they do not get it.
    """
    task = {"task": "pull", "target": target, "field": _ACCEPT, "size": size}
    task |= {"clients": clients, "pulls": pulls}
    began = processor_seconds(guest.process_ids())
    told = _told(guest, _load(guest), json.dumps(task))
    cpu = processor_seconds(guest.process_ids()) - began
    return Loaded(told["count"], told["seconds"], cpu, told["busy"], told)


def probe(guest: Guest, target: str, seconds: float) -> list[float]:
    """Ask one after the other, and give the seconds that each answer took.

    Raises:
        RunError: there is no answer, or another than 200.
    """
    task = {"task": "probe", "target": target, "field": _ACCEPT, "seconds": seconds}
    told = _told(guest, _load(guest), json.dumps(task))
    taken: list[float] = told["taken"]
    return taken


def ask(
    guest: Guest, target: str, *, connections: int, seconds: int, is_kept: bool = True
) -> Loaded:
    """Ask as fast as it answers, by ``wrk``.

    Args:
        guest: who is asked.
        target: for what.
        connections: how many at a time.
        seconds: how long.
        is_kept: whether connections are used again.

    Raises:
        RunError: an answer was no 200, or did not come.
    """
    words = ["wrk", "-t", "1", "-c", str(connections), "-d", str(seconds), "-s", str(REPORT)]
    words += [] if is_kept else ["-H", "Connection: close"]
    words += ["-H", _ACCEPT, f"http://127.0.0.1:{PORT}{target}"]
    began = processor_seconds(guest.process_ids())
    used, started = _children_seconds(), time.perf_counter()
    told = _told(guest, _inside(guest, words), "")
    busy = (_children_seconds() - used) / (time.perf_counter() - started)
    cpu = processor_seconds(guest.process_ids()) - began
    failed = told["status"] + told["broken"]
    if failed or not told["count"]:
        raise RunError(f"{failed:,} of {told['count']:,} requests of {target} failed")
    return Loaded(told["count"], told["seconds"], cpu, busy, told)


@contextmanager
def pulling(guest: Guest, target: str, size: int, clients: int, seconds: float) -> Iterator[None]:
    """Have some clients pull for so long.

    Raises:
        RunError: they could not.
    """
    task = {"task": "pull", "target": target, "field": _ACCEPT, "size": size}
    task |= {"clients": clients, "seconds": seconds}
    process = _started(_load(guest))
    try:
        _write(process, json.dumps(task))
        yield
        _answer(guest, process)
    finally:
        _end(process)


@contextmanager
def holding(guest: Guest, clients: int, seconds: float) -> Iterator[int]:
    """Have so many connections open that nothing is asked on, and say how many stay.

    Raises:
        RunError: there is no telling.
    """
    process = _started(_load(guest))
    try:
        _write(process, json.dumps({"task": "hold", "clients": clients, "seconds": seconds}))
        yield int(_answer(guest, process, is_last=False)["held"])
    finally:
        _end(process)


def _load(guest: Guest) -> list[str]:
    return _inside(guest, [sys.executable, "-I", "-S", str(LOAD)])


def _inside(guest: Guest, words: Sequence[str]) -> list[str]:
    """A command in the guest's network."""
    enter = ["nsenter", f"--target={guest.process_ids()[0]}", "--net"]
    if not is_powerful():
        enter += ["--user", "--preserve-credentials"]
    return [*enter, "--", *words]


def _told(guest: Guest, words: Sequence[str], task: str) -> dict[str, Any]:
    process = _started(words)
    try:
        _write(process, task)
        return _answer(guest, process)
    finally:
        _end(process)


def _started(words: Sequence[str]) -> subprocess.Popen[bytes]:
    with interruption.deferred():
        return subprocess.Popen(
            words,
            bufsize=0,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            process_group=0,
        )


def _write(process: subprocess.Popen[bytes], task: str) -> None:
    assert process.stdin is not None  # noqa: S101 -- it is a pipe
    process.stdin.write(task.encode() + b"\n")


def _answer(
    guest: Guest, process: subprocess.Popen[bytes], *, is_last: bool = True
) -> dict[str, Any]:
    """The last line of what the program prints, or the first one; the guest is listened to.

    Raises:
        RunError: it is an error, or none.
    """
    assert process.stdout is not None  # noqa: S101 -- it is a pipe
    said = b""
    while is_last or b"\n" not in said:
        interruption.check()
        guest.live.drain()
        if not select.select([process.stdout], [], [], _TICK)[0]:
            continue
        piece = os.read(process.stdout.fileno(), 1 << 16)
        if not piece:
            break
        said += piece
    lines = said.decode(errors="replace").strip().split("\n")
    try:
        told: dict[str, Any] = json.loads(lines[-1])
    except ValueError as error:
        raise RunError(f"the load could not be made: {lines[-1] or 'no word of why'}") from error
    if "error" in told:
        raise RunError(f"failed under load: {told['error']}")
    return told


def _end(process: subprocess.Popen[bytes]) -> None:
    """Let it end, by the end of its input."""
    assert process.stdin is not None  # noqa: S101 -- it is a pipe
    assert process.stdout is not None  # noqa: S101 -- it is a pipe
    process.stdin.close()
    try:
        process.wait(_ENDING if process.poll() is None else None)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    finally:
        process.stdout.close()


def _children_seconds() -> float:
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime
