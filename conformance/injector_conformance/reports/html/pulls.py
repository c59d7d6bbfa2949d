"""What real clients did with an injector, as ``clients --json`` tells it: a table."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePath
from typing import Final

from injector_conformance.reports.document import Document
from injector_conformance.reports.html.marks import BROKEN, KEPT, OPEN, Mark
from injector_conformance.reports.html.runs import Run

_DONE: Final = Mark("kept", "✓", "done")
_FAILED: Final = Mark("broken", "✗", "not done, though done with the control")
_UNABLE: Final = Mark("noted", "△", "not done with the control either")
_UNCERTAIN: Final = Mark("skipped", "?", "not done, and there is no control to tell why")
_NONE: Final = Mark("absent", "·", "the client has no such thing")

LEGEND: Final = (_DONE, _FAILED, _UNABLE, _UNCERTAIN, _NONE)

_BY_OUTCOME: Final = {
    "passed": _DONE,
    "failed": _FAILED,
    "unable": _UNABLE,
    "uncertain": _UNCERTAIN,
    "none": _NONE,
}

_VERDICTS: Final = {
    "all pulled": Mark("kept", "✓", "no client failed by the injector"),
    "failed": Mark("broken", "✗", "clients failed by the injector"),
    "uncertain": Mark("skipped", "?", "uncertain: clients failed, and there was no control"),
}


@dataclass(frozen=True, slots=True)
class Cell:
    """What a client did in one trial; ``text`` says how it went on after a cut, or nothing."""

    mark: Mark
    text: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """A client, with a cell for each trial."""

    client: str
    version: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Pulls:
    """One run of the command.

    Attributes:
        anchor: its place on the page.
        runs: the columns of the page that judged the same file.
        document: what was read.
    """

    anchor: str
    runs: tuple[Run, ...]
    document: Document

    @property
    def name(self) -> str:
        """The injector, shortly."""
        command = self.document["subject"]["command"][0]
        return PurePath(command).name or command

    @property
    def verdict(self) -> Mark:
        """The verdict, as a mark."""
        return _VERDICTS[self.document["verdict"]]

    @property
    def control(self) -> str:
        """With whom failures were tried again; may be empty."""
        return self.document["control"]["title"] if self.document["control"] else ""

    @property
    def rows(self) -> list[Row]:
        """The table."""
        return [
            Row(client["id"], client["version"], tuple(self._cells(client)))
            for client in self.document["clients"]
        ]

    @property
    def failures(self) -> list[tuple[str, str, Mark, str]]:
        """Client, trial, mark and what the client said, for all that was not done."""
        titles = {one["id"]: one["title"] for one in self.document["trials"]}
        return [
            (client["id"], titles[one["trial"]], _BY_OUTCOME[one["outcome"]], one["failure"])
            for client in self.document["clients"]
            for one in client["results"]
            if "failure" in one and one["trial"] in titles
        ]

    def said(self, requirement: str) -> tuple[Mark, str] | None:
        """What the trials of a requirement came to; None if it had none that was tried."""
        told, outcomes = [], set()
        for trial in self.document["trials"]:
            if trial["requirement"] != requirement:
                continue
            found = [one for one in self._outcomes(trial["id"]) if one != "none"]
            outcomes |= set(found)
            if found:
                told.append(f"{trial['title']}: {found.count('passed')} of {len(found)} clients")
        if not told:
            return None
        if "failed" in outcomes:
            return BROKEN, ", ".join(told)
        # What a client does with nobody tells nothing of the injector.
        return (KEPT if outcomes <= {"passed", "unable"} else OPEN), ", ".join(told)

    def _outcomes(self, trial: str) -> Iterator[str]:
        for client in self.document["clients"]:
            yield from (one["outcome"] for one in client["results"] if one["trial"] == trial)

    def _cells(self, client: Document) -> Iterator[Cell]:
        found = {one["trial"]: one for one in client["results"]}
        for trial in self.document["trials"]:
            one = found.get(trial["id"], {"outcome": "none"})
            how = one.get("resumed", "") if one["outcome"] == "passed" else ""
            yield Cell(_BY_OUTCOME[one["outcome"]], how)
