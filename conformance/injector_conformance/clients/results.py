"""What came of the trials, and whose fault it was."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum

from injector_conformance.clients.proxy import Request
from injector_conformance.clients.trials import Trial
from injector_conformance.specification.requirement import Level


@dataclass(frozen=True, slots=True)
class Attempt:
    """One client, one trial, with whoever serves.

    Attributes:
        failure: why the client failed; None if it did not.
        requests: what was asked meanwhile.
        seconds: how long it took.
    """

    failure: str | None
    requests: Sequence[Request]
    seconds: float


class Outcome(Enum):
    """What a cell of the table says."""

    PASSED = "passed"
    FAILED = "failed"
    """The client does it with the control, and not with the subject."""

    UNABLE = "unable"
    """The client does not do it with the control either."""

    UNCERTAIN = "uncertain"
    """The client failed, and there is no control to tell whose fault it is."""

    NONE = "none"
    """The client has no such ability."""


@dataclass(slots=True)
class Cell:
    """A client and a trial.

    Attributes:
        subject: what came of it with the subject; None if it was not tried.
        control: the same with the control, which is tried where the subject failed.
    """

    trial: Trial
    subject: Attempt | None = None
    control: Attempt | None = None

    @property
    def outcome(self) -> Outcome:
        """Whose fault a failure is."""
        if self.subject is None:
            return Outcome.NONE
        if self.subject.failure is None:
            return Outcome.PASSED
        if self.control is None:
            return Outcome.UNCERTAIN
        return Outcome.FAILED if self.control.failure is None else Outcome.UNABLE


@dataclass(slots=True)
class Row:
    """A client.

    Attributes:
        id: its name.
        version: of its program; may be empty.
        cells: one for each trial.
    """

    id: str
    version: str
    cells: Mapping[str, Cell]


class Verdict(Enum):
    """What all of it says about the subject."""

    PULLED = "all pulled"
    FAILED = "failed"
    UNCERTAIN = "uncertain"


@dataclass(slots=True)
class Results:
    """All rows.

    Attributes:
        rows: the clients that are there.
        missing: why others are not, by their names.
        level: what is held against the subject: every MUST, or every SHOULD too.
        control: the program that serves as control, with its version; empty without one.
        seconds: from the start of the subject to its first answer.
    """

    level: Level
    rows: list[Row] = field(default_factory=list)
    missing: dict[str, str] = field(default_factory=dict)
    control: str = ""
    seconds: float = 0.0

    @property
    def verdict(self) -> Verdict:
        """The worst that there is, of what counts."""
        outcomes = {cell.outcome for cell in self.counted()}
        if Outcome.FAILED in outcomes:
            return Verdict.FAILED
        return Verdict.UNCERTAIN if Outcome.UNCERTAIN in outcomes else Verdict.PULLED

    def counted(self) -> Iterable[Cell]:
        """The cells whose requirement is of the level that counts."""
        levels = {Level.MUST} if self.level is Level.MUST else {Level.MUST, Level.SHOULD}
        return (
            cell for row in self.rows for cell in row.cells.values() if cell.trial.level in levels
        )
