"""The load: what it counts, and that it takes nothing for an answer that is none."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from injector_conformance.bench.serving import limit, loads, measures
from injector_conformance.bench.serving.figures import FIGURES
from injector_conformance.bench.serving.guests import Guest
from injector_conformance.bench.serving.layouts import Served
from injector_conformance.bench.serving.limit import LimitError, limited
from injector_conformance.bench.serving.measures import quantile
from injector_conformance.bench.serving.processes import processor_seconds
from injector_conformance.bench.stopwatch import RunError
from tests.serving.conftest import SMALL, ServerMaker

Visit = Callable[..., None]


@pytest.mark.parametrize(
    ("answer", "complaint"),
    [((404, SMALL), "404"), ((200, SMALL - 1), f"{SMALL - 1} of {SMALL} bytes came")],
)
def test_a_wrong_answer_is_no_throughput(
    visited: Visit, server: ServerMaker, served: Served, answer: tuple[int, int], complaint: str
) -> None:
    def use(guest: Guest) -> None:
        loads.pull(guest, served.blob(SMALL), SMALL, clients=1, pulls=1)

    with pytest.raises(RunError, match=complaint):
        visited(server(*answer), use)


@pytest.mark.needs("wrk")
def test_requests_are_counted_and_wrong_answers_are_none(
    visited: Visit, server: ServerMaker, served: Served
) -> None:
    found = []
    visited(server(number=1), lambda guest: found.append(measures.ask(guest, served)))

    assert 0 < found[0]["cpu"] <= 1
    assert 0 < found[0]["wall"] < 0.1
    with pytest.raises(RunError, match=r"requests of .* failed"):
        visited(server(404, number=2), lambda guest: measures.ask(guest, served))


def test_without_its_program_a_figure_is_not_measured_and_says_why(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    find = shutil.which
    monkeypatch.setattr(shutil, "which", lambda name: None if name == "wrk" else find(name))

    assert FIGURES["manifest"].missing() == "wrk is not on PATH: install wrk"
    assert FIGURES["pull-1"].missing() is None


def test_connections_are_held_and_those_that_are_closed_do_not_count(
    visited: Visit, server: ServerMaker
) -> None:
    found: list[int] = []

    def use(guest: Guest) -> None:
        with loads.holding(guest, 30, 0.2) as held:
            found.append(held)

    visited(server(), use)
    visited(server(before="Handler.timeout = 0.01", number=2), use)

    assert found == [30, 0]


def test_a_probe_is_answered_beside_pulls(
    visited: Visit, server: ServerMaker, served: Served
) -> None:
    taken: list[float] = []

    def use(guest: Guest) -> None:
        with loads.pulling(guest, served.blob(SMALL), SMALL, 4, 0.6):
            taken.extend(loads.probe(guest, "/v2/", 0.4))

    visited(server(), use)

    assert len(taken) > 3
    assert 0 < min(taken) < max(taken) < 5


def test_a_limit_of_processor_time_holds(visited: Visit, server: ServerMaker) -> None:
    reason = limit.missing()
    if reason is not None:
        pytest.skip(reason)
    burns = server(
        before="import threading\ndef burn():\n    while True: pass\n"
        "threading.Thread(target=burn, daemon=True).start()"
    )
    used = []

    def use(guest: Guest) -> None:
        ids = guest.process_ids()
        with limited(ids, 0.2):
            time.sleep(0.2)
            before = processor_seconds(ids)
            time.sleep(1)
            used.append(processor_seconds(ids) - before)

    visited(burns, use)

    assert 0.02 < used[0] < 0.35


def test_where_there_are_no_control_groups_that_is_said(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    mounts = tmp_path / "mounts"
    mounts.write_text("tmpfs /tmp tmpfs rw 0 0\n")
    monkeypatch.setattr(limit, "_MOUNTS", mounts)

    with pytest.raises(LimitError, match="no control group of this machine"), limited([], 0.2):
        pass
    assert "no control group" in str(FIGURES["probe-limited"].missing())


@pytest.mark.parametrize(("share", "expected"), [(0.5, 50), (0.99, 99), (1.0, 100), (0.001, 1)])
def test_quantiles_are_values_that_were_seen(share: float, expected: int) -> None:
    assert quantile(list(range(100, 0, -1)), share) == expected
