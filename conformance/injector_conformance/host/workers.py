"""Tasks spread over processes, for work that one interpreter would do one piece at a time."""

from __future__ import annotations

import ctypes
import multiprocessing
import os
import signal
import struct
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from typing import Any, Final, Generic, TypeVar

from injector_conformance.host import interruption

Result = TypeVar("Result")

_TICK: Final = 0.2
"""Seconds between two looks at whether it all has been interrupted."""

_END_WITH_PARENT: Final = 1
"""PR_SET_PDEATHSIG."""

_NUMBER: Final = struct.Struct("=I")

MOST: Final = (1 << 16) // _NUMBER.size
"""As many numbers as a pipe holds."""


class WorkerError(RuntimeError):
    """A process ended before its work did: it was killed, or there is an error in its code."""


def may_fork() -> bool:
    """Whether this process can be copied: no other thread holds anything in the middle of work."""
    return threading.active_count() == 1


@dataclass(frozen=True, slots=True)
class Work(Generic[Result]):
    """What copies of this process do.

    Attributes:
        enter: called by every copy at its beginning, with its number.
        do: gets the number of a task; its result is pickled. What takes long has to call
            :func:`interruption.check` now and then.
        leave: called by every copy at its end.
    """

    enter: Callable[[int], None]
    do: Callable[[int], Result]
    leave: Callable[[], None]


def spread(tasks: int, copies: int, work: Work[Result]) -> Iterator[tuple[int, Result]]:
    """Do numbered tasks in copies of this process; each takes the next one when it is free.

    Whoever stops before the end, by an exception too, ends the copies.

    Args:
        tasks: how many, at most :data:`MOST`; they are begun in the order of their numbers.
        copies: how many.
        work: what they do.

    Yields:
        The number of a task and its result, in the order in which they are done.

    Raises:
        ValueError: there are too many.
        WorkerError: a copy has not done what it took.
    """
    if tasks > MOST:
        raise ValueError(f"at most {MOST} tasks, not {tasks}")
    context = multiprocessing.get_context("fork")
    # The numbers lie in a pipe, of which every copy takes the next.
    following, numbers = os.pipe()
    os.write(numbers, b"".join(_NUMBER.pack(task) for task in range(tasks)))
    os.close(numbers)

    processes = []
    readers: list[Connection] = []
    try:
        for number in range(copies):
            reading, writing = context.Pipe(duplex=False)
            readers.append(reading)
            with writing:
                process = context.Process(
                    target=_copy, args=(number, following, writing, readers, work)
                )
                # What is raised while a process is copied, others may catch and forget.
                with interruption.deferred():
                    process.start()
                    processes.append(process)
        done = 0
        for result in _received(readers):
            done += 1
            yield result
        if done < tasks:
            raise WorkerError(f"{tasks - done} of {tasks} tasks were not done")
    finally:
        os.close(following)
        for reader in readers:
            reader.close()
        for process in processes:
            # A signal is lost on a copy that has only just been made: it is sent until it counts.
            while process.is_alive():
                process.terminate()
                process.join(_TICK)


def _copy(
    number: int,
    following: int,
    results: Connection,
    others: Sequence[Connection],
    work: Work[Any],
) -> None:
    """What a copy does until nothing is left, or its parent is gone, or ends it."""
    signal.signal(signal.SIGINT, interruption.ignore)
    signal.signal(signal.SIGTERM, interruption.note)
    signal.signal(signal.SIGHUP, interruption.note)
    interruption.forget()
    # Whoever kills the harness ends its copies too, and with them all that they run.
    ctypes.CDLL(None).prctl(_END_WITH_PARENT, signal.SIGTERM)
    parent = multiprocessing.parent_process()
    if parent is None or os.getppid() != parent.pid:
        return
    for reader in others:
        reader.close()
    try:
        work.enter(number)
        while taken := os.read(following, _NUMBER.size):
            interruption.check()
            (task,) = _NUMBER.unpack(taken)
            results.send((task, work.do(task)))
    except (BrokenPipeError, KeyboardInterrupt):
        pass
    finally:
        work.leave()


def _received(readers: Sequence[Connection]) -> Iterator[Any]:
    """Whatever is sent, until all writers are gone."""
    waiting = list(readers)
    while waiting:
        interruption.check()
        ready = wait(waiting, _TICK)
        for reader in [one for one in waiting if one in ready]:
            try:
                yield reader.recv()
            except EOFError:
                waiting.remove(reader)
