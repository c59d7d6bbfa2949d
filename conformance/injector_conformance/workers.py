"""Tasks spread over processes, for work that one interpreter would do one piece at a time."""

from __future__ import annotations

import multiprocessing
import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from multiprocessing.connection import Connection, wait
from typing import Any, TypeVar

Result = TypeVar("Result")


class WorkerError(RuntimeError):
    """A process ended before its work did: it was killed, or there is an error in its code."""


def may_fork() -> bool:
    """Whether this process can be copied: no other thread holds anything in the middle of work."""
    return threading.active_count() == 1


def spread(
    tasks: int,
    workers: int,
    enter: Callable[[int], None],
    work: Callable[[int], Result],
    leave: Callable[[], None],
) -> Iterator[tuple[int, Result]]:
    """Do numbered tasks in copies of this process; each takes the next one when it is free.

    Whoever stops before the end, by an exception too, ends the copies.

    Args:
        tasks: how many; they are begun in the order of their numbers.
        workers: how many copies.
        enter: called by every copy at its beginning, with its number.
        work: gets the number of a task; its result is pickled.
        leave: called by every copy at its end.

    Yields:
        The number of a task and its result, in the order in which they are done.

    Raises:
        WorkerError: a copy has not done what it took.
    """
    context = multiprocessing.get_context("fork")
    following = context.Value("q", 0)

    def taken() -> int:
        with following.get_lock():
            following.value += 1
            return int(following.value) - 1

    def run(worker: int, results: Connection) -> None:
        try:
            enter(worker)
            while (task := taken()) < tasks:
                results.send((task, work(task)))
        except (BrokenPipeError, KeyboardInterrupt):
            pass
        finally:
            signal.signal(signal.SIGINT, signal.SIG_IGN)
            leave()

    copies = []
    readers: list[Connection] = []
    try:
        for worker in range(workers):
            reading, writing = context.Pipe(duplex=False)
            readers.append(reading)
            with writing:
                copy = context.Process(target=run, args=(worker, writing))
                copy.start()
                copies.append(copy)
        done = 0
        for result in _received(readers):
            done += 1
            yield result
        if done < tasks:
            raise WorkerError(f"{tasks - done} of {tasks} tasks were not done")
    finally:
        for reader in readers:
            reader.close()
        for copy in copies:
            copy.terminate()
            copy.join()


def _received(readers: Sequence[Connection]) -> Iterator[Any]:
    """Whatever is sent, until all writers are gone."""
    waiting = list(readers)
    while waiting:
        ready = wait(waiting)
        for reader in [one for one in waiting if one in ready]:
            try:
                yield reader.recv()
            except EOFError:
                waiting.remove(reader)
