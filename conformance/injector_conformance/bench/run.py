"""A whole benchmark: payload after payload, made, raced on and removed."""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Final

from injector_conformance.bench import UsageError
from injector_conformance.bench.arena import Arena
from injector_conformance.bench.arena import opened as arena_opened
from injector_conformance.bench.contestants import Contestant, essential
from injector_conformance.bench.prepared import prepare
from injector_conformance.bench.race import Race
from injector_conformance.bench.recipes import RECIPES, WHOLE, Recipe
from injector_conformance.bench.results import Results
from injector_conformance.bench.stopwatch import RunError, time_run
from injector_conformance.host.removal import remove
from injector_conformance.sessions.workplace import MEMORY

_SPARE: Final = 500_000_000
_ATTEMPTS: Final = 50
_TICK: Final = 0.02


@dataclass(frozen=True, slots=True)
class Rounds:
    """How often to go round: at least ``least`` times, then until ``seconds`` or ``most``."""

    least: int
    most: int
    seconds: float


WHOLE_ROUNDS: Final = Rounds(5, 21, 25.0)
GRID_ROUNDS: Final = Rounds(3, 9, 8.0)
QUICK_ROUNDS: Final = Rounds(3, 5, 2.0)


@dataclass(frozen=True, slots=True)
class Place:
    """Where payloads and outputs are.

    Attributes:
        name: ``tmpfs``, ``disk``, or a directory.
        directory: in it a directory of our own is made.
        is_disk: whether what is written may have to go to a disk.
    """

    name: str
    directory: Path
    is_disk: bool

    def lacks_room(self, recipe: Recipe) -> str | None:
        """Why ``recipe`` does not fit, if it does not."""
        return self.lacks(2 * recipe.size + _SPARE)

    def lacks(self, needed: int) -> str | None:
        """Why so many bytes do not fit, if they do not."""
        free = shutil.disk_usage(self.directory).free
        if not self.is_disk:
            free = min(free, os.sysconf("SC_AVPHYS_PAGES") * os.sysconf("SC_PAGE_SIZE"))
        if free >= needed:
            return None
        return f"needs {needed / 1e9:.1f} GB of room, {free / 1e9:.1f} GB are free"


def place(name: str) -> Place:
    """The place that ``--where`` names: ``tmpfs``, ``disk``, or a directory.

    Raises:
        UsageError: there is no such place, or it cannot be written to.
    """
    known = {"tmpfs": MEMORY, "disk": Path(tempfile.gettempdir())}
    directory = known.get(name, Path(name))
    if not directory.is_dir():
        raise UsageError(f"--where {name}: there is no directory {directory}")
    if not os.access(directory, os.W_OK | os.X_OK):
        raise UsageError(f"--where {name}: {directory} is not writable")
    return Place(name, directory, is_disk=_file_system(directory) not in ("tmpfs", "ramfs"))


def _file_system(directory: Path) -> str:
    """The type of the file system that holds ``directory``, from /proc/self/mounts."""
    best = ("", "")
    real = directory.resolve()
    for line in Path("/proc/self/mounts").read_text().splitlines():
        _, mounted, kind, *_ = line.split(" ")
        if real.is_relative_to(mounted) and len(mounted) >= len(best[0]):
            best = (mounted, kind)
    return best[1]


@contextmanager
def workspace(where: Place) -> Iterator[Path]:
    """A directory for this run; removed afterwards with all that is in it."""
    work = Path(tempfile.mkdtemp(prefix="injector-bench-", dir=where.directory))
    try:
        yield work
    finally:
        # After Ctrl-C the last process of a sandbox may take a moment to go.
        for _ in range(_ATTEMPTS):
            with contextlib.suppress(OSError):
                remove(work)
                break
            time.sleep(_TICK)


@dataclass(frozen=True, slots=True)
class Plan:
    """What to run.

    Attributes:
        recipes: the payloads.
        contestants: the subject, the control and everyone else.
        rounds: how often; None for what suits each payload.
        everyone: whether all contestants run on all payloads; otherwise, on payloads that are one
            of a series, only injectors and the control do.
        seed: for the order of turns.
        deadline: seconds that one run may take.
    """

    recipes: Sequence[Recipe]
    contestants: Sequence[Contestant]
    rounds: Rounds | None = None
    everyone: bool = False
    seed: int = 0
    deadline: float = 300.0

    def rounds_for(self, recipe: Recipe) -> Rounds:
        """How often to go round on ``recipe``."""
        if self.rounds is not None:
            return self.rounds
        return WHOLE_ROUNDS if recipe.dimension in WHOLE else GRID_ROUNDS

    def contestants_for(self, recipe: Recipe) -> list[Contestant]:
        """Who runs on ``recipe``."""
        if self.everyone or recipe.dimension in WHOLE:
            return list(self.contestants)
        return essential(self.contestants)


@dataclass(slots=True)
class Outcome:
    """What came of a benchmark: results by payload, and why payloads were skipped."""

    results: list[Results] = field(default_factory=list)
    skipped: dict[str, str] = field(default_factory=dict)


Watcher = Callable[[Recipe, str], None]
"""Told what is being done: the payload, and a word or two."""


def run(
    plan: Plan,
    where: Place,
    watcher: Watcher = lambda _recipe, _step: None,
    finished: Callable[[Results], None] = lambda _results: None,
    until: Callable[[Results], bool] | None = None,
) -> Outcome:
    """Run a plan.

    Args:
        plan: what to run.
        where: where.
        watcher: told of every step.
        finished: given the results of each race.
        until: asked after each round whether the race has gone on long enough; None for the
            plan's own measure.

    Raises:
        BenchError: the subject or the control failed.
        SandboxError: there is no sandbox here.
        OSError: a payload cannot be written.
    """
    outcome = Outcome()
    with workspace(where) as work, arena_opened(work, is_disk=where.is_disk) as arena:
        _start_everyone(plan, arena, work / "first")
        for recipe in plan.recipes:
            reason = where.lacks_room(recipe)
            if reason is not None:
                outcome.skipped[recipe.id] = reason
                continue
            watcher(recipe, "making the payload")
            payload = prepare(recipe, work / recipe.id)
            race = Race(
                arena,
                payload,
                plan.contestants_for(recipe),
                seed=plan.seed,
                deadline=plan.deadline,
            )
            watcher(recipe, "warming up")
            race.warm_up()
            _go_round(race, plan.rounds_for(recipe), partial(watcher, recipe), until)
            outcome.results.append(race.results)
            remove(payload.init.parent)
            finished(race.results)
    return outcome


def _start_everyone(plan: Plan, arena: Arena, directory: Path) -> None:
    """Let every contestant run once unseen: its program is read, and compiled if it is Python's.

    Whoever fails here will fail again where it is noticed.
    """
    payload = prepare(RECIPES["start-up"], directory)
    for contestant in plan.contestants:
        arena.clear()
        with contextlib.suppress(RunError):
            time_run(arena.command(contestant, payload), plan.deadline)
    remove(directory)


def _go_round(
    race: Race,
    rounds: Rounds,
    step: Callable[[str], None],
    until: Callable[[Results], bool] | None,
) -> None:
    started = time.perf_counter()
    for number in range(1, rounds.most + 1):
        step(f"round {number}")
        race.run_round()
        if number < rounds.least:
            continue
        is_late = time.perf_counter() - started >= rounds.seconds
        if is_late or (until is not None and until(race.results)):
            break
