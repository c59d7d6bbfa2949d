"""Trials of small shell subjects in containers, and the daemon behind them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any

import docker
import pytest

from injector_conformance.cases.case import Case, Conditions
from injector_conformance.images.store import connect
from injector_conformance.observations.observation import Observation
from injector_conformance.sandbox.container.driver import Container
from injector_conformance.sessions.trial import new_slot, observe
from injector_conformance.subjects.subject import resolve

Runner = Callable[..., Observation]


@pytest.fixture
def daemon() -> Iterator[docker.DockerClient]:
    """A client of the daemon."""
    with connect() as client:
        yield client


@pytest.fixture
def run(work: Path, ordinary: Case, script: Callable[[str], Path]) -> Iterator[Runner]:
    """Runs lines of shell as the subject in an image that holds nothing, again and again.

    With ``times`` the same stage is used for as many runs; the last one's observation counts.
    """
    with ExitStack() as closing:

        def go(
            body: str,
            *,
            deadline: float = 20.0,
            times: int = 1,
            image: str = "empty",
            **conditions: Any,
        ) -> Observation:
            own = work / f"run-{len(list(work.iterdir()))}"
            own.mkdir()
            driver = Container(image)
            closing.callback(driver.close)
            driver.open(resolve([str(script(body))]), own)
            slot = new_slot(driver, own / "stage")
            case = replace(ordinary, conditions=Conditions(**conditions))
            for _ in range(times):
                seen = observe(driver, slot, case, case.init(), deadline=deadline, watch=True)
            return seen

        yield go
