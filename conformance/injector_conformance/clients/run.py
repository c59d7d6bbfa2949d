"""A whole run: every client with the subject, and where it failed with the control."""

from __future__ import annotations

import contextlib
import secrets
import socket
import tempfile
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeVar

from injector_conformance.bench.contestants import Contestant
from injector_conformance.bench.serving.guests import Guest, House
from injector_conformance.bench.serving.guests import opened as house_opened
from injector_conformance.bench.serving.layouts import Served
from injector_conformance.bench.stopwatch import RunError
from injector_conformance.clients import proxy as proxies
from injector_conformance.clients.client import Client
from injector_conformance.clients.errors import PullError
from injector_conformance.clients.programs import Programs
from injector_conformance.clients.proxy import Proxy
from injector_conformance.clients.results import Attempt, Cell, Results, Row
from injector_conformance.clients.sample import Sample
from injector_conformance.clients.trials import TRIALS, Scene, Trial
from injector_conformance.conversation.network import TICK, family
from injector_conformance.exchange.steps import USUAL
from injector_conformance.host import interruption
from injector_conformance.sandbox import SandboxError
from injector_conformance.specification.requirement import Level

Found = TypeVar("Found")

DEADLINE: Final = 60.0
"""Seconds until it serves: what Zarf waits."""

_CONNECTING: Final = 10.0

Watcher = Callable[[str, str], None]
"""Told what is being done: the client, and the trial."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What to run.

    Attributes:
        subject: who is to serve.
        control: a registry that everybody pulls from; None without one.
        clients: who pulls; all of them are there.
        sample: what is served.
        level: see :class:`Results`.
    """

    subject: Contestant
    control: Contestant | None
    clients: Sequence[Client]
    sample: Sample
    level: Level


def salt() -> str:
    """What makes a sample new."""
    return secrets.token_hex(8)


def _named(control: Contestant) -> str:
    """What it is called, with its version."""
    return f"{control.title} {control.version.rpartition(' ')[2]}".strip()


def run(plan: Plan, work: Path, watcher: Watcher = lambda _client, _trial: None) -> Results:
    """Run a plan.

    Args:
        plan: what to run.
        work: an empty directory.
        watcher: told of every step.

    Raises:
        RunError: the subject does not come to serve.
        SandboxError: there is no sandbox here.
        OSError: something cannot be written.
    """
    everyone = [plan.subject, *([plan.control] if plan.control else [])]
    control = plan.control
    results = Results(plan.level, control=_named(control) if control else "")
    with ExitStack() as stack:
        house = house_opened(everyone, work, DEADLINE, stack)
        house.use(Served(plan.sample.layout, {}))
        visit = _Visit(plan, house, work, watcher)
        visit.subject(results)
        if control is not None:
            visit.control(control, results)
    return results


class _Visit:
    """Clients come to whoever serves, one after the other."""

    def __init__(self, plan: Plan, house: House, work: Path, watcher: Watcher) -> None:
        self._plan = plan
        self._house = house
        self._work = work
        self._watcher = watcher

    def subject(self, results: Results) -> None:
        """Try everything with the subject."""

        def use(guest: Guest) -> None:
            results.seconds = guest.ready
            with _reached(guest) as place:
                for client in self._plan.clients:
                    results.rows.append(self._row(client, place))

        self._house.alone(self._plan.subject, use)

    def control(self, control: Contestant, results: Results) -> None:
        """Try with the control what failed with the subject."""
        failed = {
            row.id: [cell for cell in row.cells.values() if cell.subject and cell.subject.failure]
            for row in results.rows
        }

        def use(guest: Guest) -> None:
            with _reached(guest) as place:
                for client in self._plan.clients:
                    self._again(client, failed[client.id], place)

        if any(failed.values()):
            try:
                self._house.alone(control, use)
            except RunError as error:
                results.missing[control.id] = str(error)
                results.control = ""

    def _row(self, client: Client, place: _Place) -> Row:
        cells = {one.id: Cell(one) for one in TRIALS}
        version = ""
        with contextlib.suppress(PullError):
            version = place.waited_for(lambda: client.version(place.programs, self._work))
        trials = [one for one in TRIALS if one.needs in client.abilities]
        for trial, attempt in self._attempts(client, trials, place):
            cells[trial.id].subject = attempt
        return Row(client.id, version, cells)

    def _again(self, client: Client, cells: Iterable[Cell], place: _Place) -> None:
        by_trial = {cell.trial.id: cell for cell in cells}
        trials = [cell.trial for cell in by_trial.values()]
        for trial, attempt in self._attempts(client, trials, place):
            by_trial[trial.id].control = attempt

    def _attempts(
        self, client: Client, trials: Sequence[Trial], place: _Place
    ) -> Iterator[tuple[Trial, Attempt]]:
        """Each trial with what came of it."""
        if not trials:
            return
        with place.directory(self._work) as directory, ExitStack() as stack:
            opening = client.opened(place.programs, directory)
            try:
                session = place.waited_for(lambda: stack.enter_context(opening))
            except PullError as error:
                for trial in trials:
                    yield trial, Attempt(str(error), (), 0.0)
                return
            scene = Scene(session, place.proxy, self._plan.sample, directory)
            for trial in trials:
                self._watcher(client.id, trial.title)
                yield trial, place.attempt(trial, scene)


class _Place:
    """Whoever serves, as long as it does, and what is done with it by other threads."""

    def __init__(self, guest: Guest, proxy: Proxy, lock: threading.Lock) -> None:
        self._guest = guest
        self._lock = lock
        self._pool = ThreadPoolExecutor(1)
        self.proxy = proxy
        self.programs = Programs()

    def attempt(self, trial: Trial, scene: Scene) -> Attempt:
        """Try something."""
        self.proxy.taken()
        began = time.monotonic()
        failure = None
        try:
            self.waited_for(lambda: trial.attempt(scene))
        except PullError as error:
            failure = str(error)
        with self._lock:
            if failure is not None and self._guest.live.ended():
                failure = f"the injector has ended; {failure}"
        return Attempt(failure, self.proxy.taken(), time.monotonic() - began)

    def waited_for(self, action: Callable[[], Found]) -> Found:
        """What a function gives that another thread runs, while this one may be interrupted.

        Whoever serves must not wait for somebody to read what it prints; that is done meanwhile.
        """
        future: Future[Found] = self._pool.submit(action)
        try:
            while not wait([future], TICK).done:
                interruption.check()
                with self._lock:
                    self._guest.live.drain()
        except BaseException:
            # What it has begun it ends before anybody removes what it uses.
            self.programs.stop()
            wait([future])
            raise
        return future.result()

    @contextmanager
    def directory(self, work: Path) -> Iterator[Path]:
        """An empty directory for a client."""
        with tempfile.TemporaryDirectory(dir=work, ignore_cleanup_errors=True) as made:
            yield Path(made)

    def close(self) -> None:
        """End what still runs."""
        self.programs.stop()
        self._pool.shutdown()


@contextmanager
def _reached(guest: Guest) -> Iterator[_Place]:
    """Let clients of the host reach somebody who serves."""
    lock = threading.Lock()

    def connect() -> socket.socket:
        try:
            with lock:
                made = guest.live.make_socket(family(USUAL))
        except SandboxError as error:
            raise ConnectionRefusedError(str(error)) from error
        made.settimeout(_CONNECTING)
        made.connect((USUAL.host, USUAL.port))
        return made

    with proxies.opened(connect) as proxy:
        place = _Place(guest, proxy, lock)
        try:
            yield place
        finally:
            place.close()
