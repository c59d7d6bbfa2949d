"""Hostile subjects in containers: the deadline is kept, and the next verdict is the right one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from injector_conformance.cases.case import Case
from injector_conformance.sandbox import Stop
from injector_conformance.sandbox.container.driver import Container

from .conftest import DEADLINE, Seen, look, runs_in, texts

pytestmark = pytest.mark.needs("container", "root")

SLACK = 8.0
"""Seconds that a daemon may take to start, kill and remove containers on a busy machine."""

Runs = Callable[..., tuple[Seen, ...]]


@pytest.fixture
def run(public: Path, tmp_path: Path, marker: str, ordinary: Case) -> Runs:
    """Runs the hostile subject once for each word, on one stage; then looks at the host."""

    def go(*words: str, **conditions: object) -> tuple[Seen, ...]:
        case = replace(ordinary, conditions=replace(ordinary.conditions, **conditions))  # type: ignore[arg-type]  # fields by name
        before = look(marker)
        done = tuple(
            runs_in(Container("empty"), tmp_path, public / "hostile", case, texts(marker, words))
        )
        assert look(marker) == before
        return done

    return go


def is_honest(seen: Seen) -> bool:
    """Whether the honest run was seen as it is."""
    return (seen.status, seen.stopped, seen.stdout, seen.error) == (0, None, b"honest\n", "")


@pytest.mark.parametrize("user", ["root", "pod"])
@pytest.mark.parametrize("word", ["hang", "multiply", "forge"])
def test_the_deadline_is_kept(run: Runs, word: str, user: str) -> None:
    hostile, honest = run(word, "nothing", user=user)

    assert (hostile.stopped, hostile.error) == (Stop.DEADLINE, "")
    assert hostile.seconds < DEADLINE + SLACK
    assert is_honest(honest)


@pytest.mark.parametrize("user", ["root", "pod"])
@pytest.mark.parametrize("word", ["be-traced", "attack-first", "leave-children", "close-root"])
def test_the_next_run_is_seen_as_it_is(run: Runs, word: str, user: str) -> None:
    hostile, honest = run(word, "nothing", user=user)

    assert hostile.error == ""
    assert is_honest(honest)
