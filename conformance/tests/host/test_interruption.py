"""Signals that wait until nothing is half started."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Iterator

import pytest

from injector_conformance.host import interruption


@pytest.fixture(autouse=True)
def handled() -> Iterator[None]:
    """Has the handler for SIGUSR1."""
    before = signal.signal(signal.SIGUSR1, interruption.interrupt)
    yield
    signal.signal(signal.SIGUSR1, before)
    interruption.forget()


def send() -> None:
    os.kill(os.getpid(), signal.SIGUSR1)


def test_it_comes_at_once() -> None:
    with pytest.raises(KeyboardInterrupt):
        send()


def test_it_waits_for_the_end_of_a_block_and_of_those_around_it() -> None:
    reached = []

    def start() -> None:
        with interruption.deferred():
            with interruption.deferred():
                send()
                reached.append("inner")
            reached.append("outer")

    with pytest.raises(KeyboardInterrupt):
        start()

    assert reached == ["inner", "outer"]
    interruption.check()


def test_an_error_of_the_block_is_not_hidden() -> None:
    def start() -> None:
        with interruption.deferred():
            send()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        start()

    with pytest.raises(KeyboardInterrupt):
        interruption.check()


def test_a_noted_one_comes_when_it_is_asked_for() -> None:
    signal.signal(signal.SIGUSR1, interruption.note)
    send()

    with pytest.raises(KeyboardInterrupt):
        interruption.check()
    interruption.check()


def test_one_that_nobody_could_catch_comes_when_it_is_asked_for() -> None:
    class Finalized:
        def __del__(self) -> None:
            send()

    hook = sys.unraisablehook
    Finalized()
    sys.unraisablehook = hook

    with pytest.raises(KeyboardInterrupt):
        interruption.check()
    interruption.check()


def test_other_threads_defer_nothing() -> None:
    inside, leave = threading.Event(), threading.Event()

    def work() -> None:
        with interruption.deferred():
            inside.set()
            leave.wait(60)

    thread = threading.Thread(target=work)
    thread.start()
    inside.wait(60)
    try:
        with pytest.raises(KeyboardInterrupt):
            send()
    finally:
        leave.set()
        thread.join()


def test_one_that_is_ignored_is_not_ignored_by_programs() -> None:
    signal.signal(signal.SIGUSR1, interruption.ignore)
    send()

    assert signal.getsignal(signal.SIGUSR1) is not signal.SIG_IGN
