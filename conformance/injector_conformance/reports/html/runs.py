"""The runs that a page shows: a column each, with a name that tells it from the others."""

from __future__ import annotations

import shlex
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import PurePath
from string import ascii_uppercase

from injector_conformance.reports import claim
from injector_conformance.reports.document import Document
from injector_conformance.reports.html.marks import KEPT, MARKS, VERDICTS, Mark, of_requirement


@dataclass(frozen=True, slots=True)
class Tally:
    """How many requirements of a level were judged, and how many of them kept."""

    level: str
    kept: int
    judged: int


@dataclass(frozen=True, slots=True)
class Run:
    """One report as a column.

    Attributes:
        key: ``A``, ``B`` …: short, and safe wherever it is put.
        name: what the user calls it.
        document: the report.
    """

    key: str
    name: str
    document: Document

    @property
    def verdict(self) -> Mark:
        """The verdict, as a mark."""
        return replace(VERDICTS[self.document["verdict"]], word=claim.brief(self.document))

    @property
    def scope(self) -> str:
        """What the verdict is about, and what narrows it."""
        return claim.scope(self.document)

    @property
    def command(self) -> str:
        """The subject's command as a shell line."""
        return shlex.join(self.document["subject"]["command"])

    @property
    def selection(self) -> str:
        """The words that narrowed the run; nothing for a whole one."""
        return shlex.join(self.document["selection"])

    @property
    def kind(self) -> str:
        """What kind of program the subject is."""
        subject = self.document["subject"]
        return "interpreted" if subject["interpreted"] else f"ELF {subject['machine']}, static"

    @property
    def sandbox(self) -> str:
        """Where it ran, with what is known of that place."""
        sandbox = self.document["sandbox"]
        details = [value for key, value in sandbox.items() if key != "driver"]
        return " ".join([sandbox["driver"], *details])

    @property
    def tallies(self) -> list[Tally]:
        """The sums by level."""
        found = self.document["requirements"]
        return [
            Tally(level, sum(one["status"] == "passed" for one in own), len(own))
            for level in ("MUST", "SHOULD", "MAY")
            if (own := [one for one in found if one["level"] == level])
        ]

    @property
    def marked(self) -> list[tuple[Mark, list[str]]]:
        """Ids of the requirements that are not simply kept, by mark."""
        marked = [(of_requirement(one), one["id"]) for one in self.document["requirements"]]
        return [
            (mark, own)
            for mark in MARKS
            if mark is not KEPT and (own := [name for found, name in marked if found is mark])
        ]


def columns(documents: Sequence[tuple[str, Document]]) -> list[Run]:
    """Runs in order; two of the same name are told apart by a number."""
    totals = Counter(name for name, _ in documents)
    seen: Counter[str] = Counter()
    runs = []
    for index, (name, document) in enumerate(documents):
        seen[name] += 1
        label = f"{name} ({seen[name]})" if totals[name] > 1 else name
        runs.append(Run(_letters(index), label, document))
    return runs


def name_of(document: Document) -> str:
    """A short name for a subject: the last part of the path of its command."""
    return PurePath(document["subject"]["command"][0]).name or document["subject"]["command"][0]


def _letters(index: int) -> str:
    """A to Z, then AA, AB …."""
    rest, letter = divmod(index, len(ascii_uppercase))
    return (_letters(rest - 1) if rest else "") + ascii_uppercase[letter]
