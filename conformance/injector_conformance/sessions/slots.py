"""Slots: the stages of a session that are free, in memory and on a disk."""

from __future__ import annotations

import queue
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from injector_conformance.cases.case import Case, Conditions
from injector_conformance.host.filesystem import described, kind_of, lies_on_disk
from injector_conformance.sandbox import Sandbox
from injector_conformance.sandbox.place import Place, path_of
from injector_conformance.sessions.trial import Slot, new_slot, renew

NO_DISK: Final = (
    "there is no file system on a disk for it: set TMPDIR to a directory on one, with programs"
    " allowed"
)

Opener = Callable[[], Path | Place | None]
"""Opens a place on a disk, if there is one, in which the sandbox can run."""


class Slots:
    """As many stages as there are jobs, in one place or in two."""

    def __init__(self, sandbox: Sandbox, work: Path | Place, jobs: int, on_disk: Opener) -> None:
        """Make the usual ones; those on a disk are made when they are asked for."""
        self._sandbox = sandbox
        self._jobs = jobs
        self._on_disk = on_disk
        self._usual = self._made(work)
        self._disk = self._usual if lies_on_disk(path_of(work)) else None
        self._has_tried = self._disk is not None
        sandbox.details["filesystem"] = kind_of(path_of(work))

    def prepare(self, cases: Iterable[Case]) -> None:
        """Make what these cases need; afterwards the process may be copied."""
        if any(case.conditions.filesystem == "disk" for case in cases):
            self._try_disk()

    def missing(self, conditions: Conditions) -> str | None:
        """Why there is no stage for such conditions; None if there is."""
        if conditions.filesystem == "disk" and self._try_disk() is None:
            return NO_DISK
        return None

    @contextmanager
    def taken(self, conditions: Conditions) -> Iterator[Slot]:
        """A stage that nobody else uses meanwhile.

        Raises:
            OSError: there is none for such conditions.
        """
        free = self._usual if conditions.filesystem == "any" else self._try_disk()
        if free is None:
            raise OSError(NO_DISK)
        slot = free.get()
        try:
            yield slot
        finally:
            free.put(slot)

    def keep(self, number: int) -> None:
        """Leave all but one stage of each kind to other copies of the process."""
        for free in self._kinds():
            slots = [free.get() for _ in range(self._jobs)]
            free.put(slots[number])

    def renew(self) -> None:
        """Make the outside of every stage anew: copies of the process have used them."""
        for free in self._kinds():
            for _ in range(self._jobs):
                slot = free.get()
                renew(slot)
                free.put(slot)

    def _kinds(self) -> Iterable[queue.SimpleQueue[Slot]]:
        return {id(one): one for one in (self._usual, self._disk) if one}.values()

    def _try_disk(self) -> queue.SimpleQueue[Slot] | None:
        if not self._has_tried:
            self._has_tried = True
            work = self._on_disk()
            if work is not None:
                self._disk = self._made(work)
                kind = kind_of(path_of(work))
                told = self._sandbox.details
                told["filesystem"] = described(told["filesystem"], kind)
        return self._disk

    def _made(self, work: Path | Place) -> queue.SimpleQueue[Slot]:
        slots: queue.SimpleQueue[Slot] = queue.SimpleQueue()
        for number in range(self._jobs):
            slots.put(new_slot(self._sandbox, work / f"stage-{number}"))
        return slots
