"""A trial: one run of a case on a stage, from the empty directories to the observation."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from injector_conformance.cases.case import Case
from injector_conformance.conversation.perform import Performance
from injector_conformance.exchange.events import Service
from injector_conformance.observations.observation import Observation, changes
from injector_conformance.sandbox import Run, Sandbox
from injector_conformance.sandbox.live import Live
from injector_conformance.sandbox.memory import high_water_mark
from injector_conformance.stages.snapshot import Snapshot, take
from injector_conformance.stages.stage import Stage
from injector_fixtures.layout import InitDirectory


@dataclass(slots=True)
class Slot:
    """A stage and what its outside looks like untouched; used by one trial at a time."""

    stage: Stage
    outside: Snapshot


def new_slot(sandbox: Sandbox, root: Path) -> Slot:
    """Make a stage at ``root``, which does not exist yet."""
    root.mkdir()
    stage = sandbox.new_stage(root)
    return Slot(stage, take(root, stage.not_outside))


def renew(slot: Slot) -> None:
    """Make the outside of a stage anew."""
    slot.stage.build_outside()
    slot.outside = take(slot.stage.root, slot.stage.not_outside)


def observe(
    sandbox: Sandbox,
    slot: Slot,
    case: Case,
    init: InitDirectory,
    *,
    deadline: float,
    watch: bool,
    look: Callable[[Observation, Stage], None] = lambda _seen, _stage: None,
) -> Observation:
    """Run a case on a slot and look at what it left behind; ``look`` sees it before it is gone.

    Raises:
        SandboxError: the sandbox failed.
        OSError: the stage could not be prepared or read.
    """
    stage = slot.stage
    stage.prepare(case, init)
    init_before, output_before = take(stage.init, contents=False), take(stage.output)
    words = stage.profile.arguments(case.argument, init, case.conditions.address)
    for _ in range(case.conditions.runs):
        if stage.profile.serves:
            run, service = _attended(sandbox, stage, words, case, deadline, watch=watch)
            is_good = service.ready is not None
        else:
            run, service = sandbox.run(stage, words, case.conditions, deadline, watch), None
            is_good = not run.stopped and run.status == 0
        if not is_good:
            break
    outside = take(stage.root, stage.not_outside)
    stage.unlock()
    output, init_after = take(stage.output), take(stage.init, contents=False)
    foreign = outside.inodes | slot.outside.inodes | init_before.inodes | init_after.inodes
    seen = Observation(
        run=run,
        output_before=output_before,
        output=output,
        init_changes=tuple(changes(init_before, init_after)),
        outside_changes=tuple(changes(slot.outside, outside)),
        shared=tuple(
            name for name, found in sorted(output.prints.items()) if found.inode in foreign
        ),
        is_observed=case.conditions.output != "full",
        service=service,
    )
    look(seen, stage)
    if seen.outside_changes or stage.was_touched:
        renew(slot)
    return seen


def _attended(
    sandbox: Sandbox,
    stage: Stage,
    words: Sequence[str],
    case: Case,
    deadline: float,
    *,
    watch: bool,
) -> tuple[Run, Service]:
    """Run a subject that serves, and carry out the case's exchange with it."""
    held: list[Service] = []
    peaks: list[int] = []

    def attend(live: Live) -> None:
        held.append(Performance(case.exchange, live).run(deadline))
        if watch:
            # While it serves, its peak is to be had from outside.
            peaks.append(sum(map(high_water_mark, live.process_ids())))

    run = sandbox.run(stage, words, case.conditions, deadline, attend=attend)
    return (replace(run, peak_memory=peaks[0]) if any(peaks) else run), held[0]
