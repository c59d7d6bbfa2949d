"""Guests: contestants in sandboxes of their own, serving, alone or all at the same time."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path
from typing import Final

from injector_conformance.bench.contestants import Contestant
from injector_conformance.bench.serving.layouts import Served
from injector_conformance.bench.stopwatch import RunError
from injector_conformance.cases.case import Case, Conditions, Serves
from injector_conformance.conversation.connection import Connection
from injector_conformance.conversation.network import Network
from injector_conformance.conversation.starting import PROBE
from injector_conformance.exchange.events import Answered
from injector_conformance.exchange.steps import USUAL
from injector_conformance.sandbox import Run
from injector_conformance.sandbox.live import Live
from injector_conformance.sandbox.namespaces import Namespaces
from injector_conformance.stages.stage import Stage
from injector_fixtures.layout import InitDirectory

_PAUSE: Final = 0.0005
"""Seconds between two questions whether somebody is ready."""

_WITHIN: Final = 1.0
_LAST_WORDS: Final = 300
_CONDITIONS: Final = Conditions(user="pod", as_pid_1=True, memory_limit=1 << 40)
"""Those of the pod, but for its limits: what is needed is measured."""


@dataclass(frozen=True, slots=True)
class Guest:
    """Somebody who serves.

    Attributes:
        contestant: who.
        live: the handle of the sandbox.
        ready: seconds from the start to the first answer 200 to ``GET /v2/``.
    """

    contestant: Contestant
    live: Live
    ready: float

    def process_ids(self) -> Sequence[int]:
        """Its processes, by the host's numbers.

        Raises:
            RunError: there are none any more.
        """
        found = self.live.process_ids()
        if self.live.ended() or not found:
            raise RunError("has ended while it served")
        return found


Use = Callable[[Sequence[Guest]], None]


@dataclass(slots=True)
class House:
    """Sandboxes of all contestants, in one place. Use :func:`opened`.

    Attributes:
        failures: why contestants did not come to serve, by id.
    """

    _rooms: Mapping[str, tuple[Namespaces, Stage]]
    _deadline: float
    _payload: InitDirectory | None = None
    failures: dict[str, str] = field(default_factory=dict)

    def use(self, served: Served) -> None:
        """From now on this layout is what they are given."""
        self._payload = served.layout.init_directory()

    def alone(self, contestant: Contestant, use: Callable[[Guest], None]) -> None:
        """Let one contestant serve, and nobody else.

        Raises:
            RunError: it did not come to serve.
        """
        failures = self._run(contestant, use)
        if failures:
            raise RunError(failures)

    def together(self, contestants: Sequence[Contestant], use: Use) -> None:
        """Let all contestants serve at the same time; who does not come to it is left out."""
        self._gather(list(contestants), [], use)

    def _gather(self, waiting: list[Contestant], guests: list[Guest], use: Use) -> None:
        if not waiting:
            use(guests)
            return
        contestant, *rest = waiting
        failure = self._run(contestant, lambda guest: self._gather(rest, [*guests, guest], use))
        if failure:
            self.failures[contestant.id] = failure
            self._gather(rest, guests, use)

    def _run(self, contestant: Contestant, use: Callable[[Guest], None]) -> str:
        """Let a contestant serve while ``use`` lasts; why it did not come to that, if so."""
        assert self._payload is not None  # noqa: S101 -- use() comes first
        sandbox, stage = self._rooms[contestant.id]
        case = _case(self._payload)
        stage.prepare(case, self._payload)
        served = False

        def attend(live: Live) -> None:
            nonlocal served
            ready = until_ready(live, self._deadline)
            if ready is not None:
                served = True
                use(Guest(contestant, live, ready))

        arguments = contestant.subject.profile.arguments(case.argument, self._payload)
        run = sandbox.run(stage, arguments, case.conditions, self._deadline, attend=attend)
        return "" if served else _reason(run, self._deadline)


def opened(
    contestants: Sequence[Contestant], work: Path, deadline: float, stack: ExitStack
) -> House:
    """Make a sandbox for each contestant, in the directory ``work``.

    Args:
        contestants: who will serve.
        work: an existing directory.
        deadline: seconds that a start may take.
        stack: closes them.

    Raises:
        SandboxError: there are no namespaces.
    """
    rooms = {}
    for number, contestant in enumerate(contestants):
        place = work / f"guest-{number}"
        (place / "stage").mkdir(parents=True)
        place.chmod(0o755)
        sandbox = Namespaces()
        stack.callback(sandbox.close)
        sandbox.open(contestant.subject, place)
        rooms[contestant.id] = sandbox, sandbox.new_stage(place / "stage")
    return House(rooms, deadline)


def until_ready(live: Live, deadline: float) -> float | None:
    """Let it go, and ask until it serves: after how many seconds; None if it does not."""
    network = Network(live)
    door = network.connection(USUAL)
    began = time.perf_counter()
    live.start()
    try:
        while (passed := time.perf_counter() - began) < deadline:
            network.drain()
            if door.knock(USUAL):
                if _answers(door):
                    return time.perf_counter() - began
                door.close()
                door = network.connection(USUAL)
            elif live.ended(0):
                return None
            time.sleep(max(_PAUSE, passed / 1000))
        return None
    finally:
        door.close()


def _answers(door: Connection) -> bool:
    door.send(PROBE.encoded)
    seen = door.read(PROBE.method, _WITHIN)
    return isinstance(seen, Answered) and seen.status == HTTPStatus.OK


def _case(payload: InitDirectory) -> Case:
    return Case(
        id="bench-served",
        title="a layout is served",
        why="it is measured",
        origin="made for measuring",
        requirements=("LIFE-1",),
        init=lambda: payload,
        expect=(Serves(),),
        conditions=_CONDITIONS,
    )


def _reason(run: Run, deadline: float) -> str:
    said = (run.stderr or run.stdout)[-_LAST_WORDS:].decode(errors="replace")
    told = " / ".join(said.split("\n")).strip(" /")
    how = f"did not serve within {deadline:g} s, or ended"
    return how + (f": {told}" if told else "")
