"""Races in the real sandbox, on the smallest payloads."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from injector_conformance.bench.arena import Arena, opened
from injector_conformance.bench.contestants import Contestant, injector, subject
from injector_conformance.bench.prepared import Prepared, prepare
from injector_conformance.bench.recipes import RECIPES
from injector_conformance.host.removal import remove

ScriptMaker = Callable[[str], Path]


@pytest.fixture
def arena(work: Path) -> Iterator[Arena]:
    """An arena in memory or on disk, wherever temporary files are."""
    place = work / "arena"
    place.mkdir()
    with opened(place) as arena:
        yield arena
    remove(place)


@pytest.fixture
def small(work: Path) -> Prepared:
    """One empty file."""
    return prepare(RECIPES["start-up"], work / "small")


@pytest.fixture
def contestant(script: ScriptMaker) -> Callable[..., Contestant]:
    """Makes a contestant of a shell script: the subject, or one beside it."""

    def make(body: str, number: int = 0) -> Contestant:
        command = [str(script(body))]
        return injector(command, number) if number else subject(command)

    return make
