"""Reading ahead in a thread."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from zarf_injector.read_ahead import DEPTH, ReadAhead


def count(limit: int, seen: list[int] | None = None) -> Iterator[bytes]:
    for number in range(limit):
        if seen is not None:
            seen.append(number)
        yield b"%d" % number


def test_everything_arrives_in_order() -> None:
    with ReadAhead(count(1000)) as blocks:
        assert list(blocks) == list(count(1000))


def test_nothing_arrives_of_nothing() -> None:
    with ReadAhead(count(0)) as blocks:
        assert list(blocks) == []


def test_an_error_arrives_in_its_place() -> None:
    def blocks() -> Iterator[bytes]:
        yield b"a"
        raise ValueError("broken")

    with ReadAhead(blocks()) as arriving:
        assert next(arriving) == b"a"
        with pytest.raises(ValueError, match="broken"):
            next(arriving)


def test_the_lead_is_bounded() -> None:
    seen: list[int] = []
    with ReadAhead(count(100, seen)) as blocks:
        for number, _ in enumerate(blocks):
            assert len(seen) <= number + 1 + DEPTH + 1


def test_whoever_stops_early_leaves_no_thread_behind() -> None:
    seen: list[int] = []
    before = threading.active_count()
    with ReadAhead(count(100, seen)) as blocks:
        next(blocks)

    assert threading.active_count() == before
    assert len(seen) < 100


def test_without_a_thread_it_is_the_plain_iterator(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(threading.Thread, "start", refuse)
    with ReadAhead(count(3)) as blocks:
        assert list(blocks) == [b"0", b"1", b"2"]
