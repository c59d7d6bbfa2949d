"""Open directories: always the right one, and never too many."""

from __future__ import annotations

import gc
import os
import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from zarf_injector import directories, errors
from zarf_injector.bounds import Allowance
from zarf_injector.confinement import enter, make_directory
from zarf_injector.directories import Directories


@pytest.fixture
def root(tmp_path: Path) -> Iterator[int]:
    descriptor = os.open(tmp_path, os.O_RDONLY | os.O_DIRECTORY)
    yield descriptor
    os.close(descriptor)


def is_open(descriptor: int) -> bool:
    try:
        os.fstat(descriptor)
    except OSError:
        return False
    return True


def test_any_order_leads_where_it_should(root: int, tmp_path: Path) -> None:
    chance = random.Random(7)  # noqa: S311 -- tests are to be repeatable, not secret
    known = Directories(root)
    gc.collect()  # what other tests have left open is not to be closed meanwhile
    before = len(os.listdir("/proc/self/fd"))
    for _ in range(3000):
        parts = [b"%d" % chance.randrange(4) for _ in range(chance.randrange(8))]
        step = make_directory if chance.randrange(3) else enter
        path = os.path.join(os.fsencode(tmp_path), *parts)
        try:
            found = known.follow(parts, step)
        except FileNotFoundError:
            assert not os.path.exists(path)
            continue
        assert os.path.samestat(os.fstat(found), os.stat(path)), parts
        assert len(os.listdir("/proc/self/fd")) <= before + directories.MOST_OPEN

    known.close()
    assert len(os.listdir("/proc/self/fd")) == before


def test_the_last_two_stay_open(root: int) -> None:
    known = Directories(root)
    for number in range(200):
        one = known.follow([b"a", b"%d" % number], make_directory)
        other = known.follow([b"b", b"%d" % number], make_directory)
        assert is_open(one)
        assert is_open(other)
    known.close()


@pytest.mark.parametrize("ways", [2, 60])
def test_trees_that_take_turns_are_walked_once(root: int, ways: int) -> None:
    steps = 0

    def step(parent: int, name: bytes) -> int:
        nonlocal steps
        steps += 1
        return make_directory(parent, name)

    known = Directories(root)
    for turn in range(ways * 10):
        known.follow([b"%d" % (turn % ways)] + [b"deep"] * 50, step)
    known.close()

    assert steps == ways * 51


def test_a_way_that_is_shared_is_walked_twice_at_most(root: int) -> None:
    steps = 0

    def step(parent: int, name: bytes) -> int:
        nonlocal steps
        steps += 1
        return make_directory(parent, name)

    known = Directories(root)
    for turn in range(500):
        known.follow([b"deep"] * 50 + [b"%d" % turn], step)
    known.close()

    assert steps <= 2 * 50 + 500


def test_who_asks_for_too_many_steps_is_refused(root: int) -> None:
    def step(parent: int, name: bytes) -> int:
        assert name
        return os.dup(parent)

    known = Directories(root)

    def take_turns(turns: int) -> None:
        for turn in range(turns):
            known.follow([b"%d" % (turn % 100)] + [b"d"] * 254, step)

    take_turns(300)
    with pytest.raises(errors.ExcessError, match="too many, too deep directories"):
        take_turns(300)
    known.close()


def test_an_allowance_grows_with_each_time() -> None:
    allowance = Allowance("this", at_first=10, each=2)
    for _ in range(100):
        allowance.spend(2)
    allowance.spend(12)

    with pytest.raises(errors.ExcessError, match="too much: this"):
        allowance.spend(3)
