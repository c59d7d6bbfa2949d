"""Observations: what one case's run left behind, before anybody judges it."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from dataclasses import dataclass

from injector_conformance.exchange.events import Service
from injector_conformance.observations.outcome import Outcome, outcome_of, signal_of
from injector_conformance.sandbox import Run
from injector_conformance.stages.snapshot import Print, Snapshot
from injector_fixtures.tree import Tree


@dataclass(frozen=True, slots=True)
class Change:
    """One object that is not as it was; None stands for the moment at which it was missing."""

    name: bytes
    before: Print | None
    after: Print | None


@dataclass(frozen=True, slots=True)
class Observation:
    """All that the judge may look at.

    Attributes:
        run: what the driver saw.
        output_before: the output directory before the run.
        output: the output directory after it.
        init_changes: what is not as it was in the init directory (PAY-8).
        outside_changes: the same for everything else beside the output directory (BOX-1).
        shared: names in the tree that are the same inode as something outside (BOX-2).
        is_observed: whether the output can be looked at; a full file system cannot.
        aborts_elsewhere: whether the same run that is not process 1 is aborted.
        service: how it served, under a profile in which to complete is to serve.
    """

    run: Run
    output_before: Snapshot
    output: Snapshot
    init_changes: tuple[Change, ...]
    outside_changes: tuple[Change, ...]
    shared: tuple[bytes, ...]
    is_observed: bool = True
    aborts_elsewhere: bool = False
    service: Service | None = None

    @property
    def outcome(self) -> Outcome:
        """How the run ended, or that it served."""
        if self.run.stopped or (self.service is not None and self.service.hangs):
            return Outcome.HUNG
        if self.output.excess:
            return Outcome.OVERSIZED
        if self.service is not None and self.service.ready is not None:
            return Outcome.COMPLETED
        if self.service is not None and self.run.status == 0:
            return Outcome.QUIT
        return Outcome.ABORTED if self.aborts_elsewhere else outcome_of(self.run.status)

    @property
    def faulted(self) -> bool:
        """Whether it ended by SIGSEGV, as abort() does as process 1."""
        return self.run.stopped is None and signal_of(self.run.status) == signal.SIGSEGV

    @property
    def tree(self) -> Tree:
        """What lies below the output directory."""
        return self.output.tree()

    @property
    def output_is_untouched(self) -> bool:
        """Whether nothing below or about the output directory has changed (SUM-2)."""
        return self.output == self.output_before


def changes(before: Snapshot, after: Snapshot) -> Iterator[Change]:
    """What differs between two snapshots of one directory, by name."""
    for name in sorted(before.prints.keys() | after.prints.keys()):
        old, new = before.prints.get(name), after.prints.get(name)
        if old != new:
            yield Change(name, old, new)
