"""What changed between two reports: newly broken, newly kept, no longer judged.

Requirements and cases are told apart by their ids, which are never used again. What only one of
two reports asked (another selection, another version of the specification) is no change of the
subject's, and is told as what it is.
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Final

from injector_conformance.reports.document import Document
from injector_conformance.run.result import Status


class Kept(Enum):
    """What is known of a requirement, or of one of its cases; a baseline changes nothing of it."""

    YES = "kept"
    NO = "broken"
    UNKNOWN = "not judged"


_KEPT: Final = {
    Status.PASSED: Kept.YES,
    Status.UNEXPECTED_PASS: Kept.YES,
    Status.FAILED: Kept.NO,
    Status.EXPECTED_FAILURE: Kept.NO,
}


class ChangesError(Exception):
    """Two reports cannot be compared; the message says why, and what to do."""


@dataclass(frozen=True, slots=True)
class Change:
    """One requirement of which two reports say different things.

    Attributes:
        requirement: its id.
        level: its level in the later report, or in the one that has it.
        before: what the earlier report says; None if it did not ask.
        after: what the later one says; None if it did not ask.
        broken: cases that fail now and did not before, each with what was seen.
        kept: ids of cases that failed before and pass now.
        binds: whether the later report was asked to judge this level.
    """

    requirement: str
    level: str
    before: Kept | None
    after: Kept | None
    broken: tuple[tuple[str, str], ...] = ()
    kept: tuple[str, ...] = ()
    binds: bool = True

    @property
    def is_worse(self) -> bool:
        """Whether it is broken anew, or in more cases than before."""
        return self.after is Kept.NO and (self.before is not Kept.NO or bool(self.broken))

    @property
    def breaks(self) -> bool:
        """Whether it is worse, and binds."""
        return self.is_worse and self.binds


def changes(before: Document, after: Document) -> list[Change]:
    """All changes, in the order of the specification.

    Raises:
        ChangesError: the reports are of two profiles.
    """
    if before["profile"] != after["profile"]:
        raise ChangesError(
            f"the first report is of profile {before['profile']}, the second of"
            f" {after['profile']}: what they ask is not the same"
        )
    earlier = {one["id"]: one for one in before["requirements"]}
    later = {one["id"]: one for one in after["requirements"]}
    binding = ("MUST", after["level"])
    found = (
        _change(earlier.get(name), later.get(name), binding) for name in _joined(earlier, later)
    )
    return [one for one in found if one.before is not one.after or one.broken or one.kept]


def named(path: Path, document: Document) -> str:
    """A line about what was judged: file, verdict, size, duration."""
    size = document["subject"]["size"]
    return (
        f"{path}: {document['verdict']}, profile {document['profile']}, level {document['level']},"
        f" {document['cases']:,} cases in {document['run']['seconds']:.1f} s"
        + (f", {size:,} bytes" if size is not None else "")
    )


def _joined(earlier: Mapping[str, Document], later: Mapping[str, Document]) -> Iterator[str]:
    yield from later
    yield from (name for name in earlier if name not in later)


def _change(before: Document | None, after: Document | None, binding: Container[str]) -> Change:
    one = before if after is None else after
    if one is None:
        raise ValueError("one of the two reports has to know it")
    earlier = {} if before is None else {case["id"]: case for case in before["cases"]}
    later = {} if after is None else {case["id"]: case for case in after["cases"]}
    return Change(
        requirement=one["id"],
        level=one["level"],
        binds=one["level"] in binding,
        before=None if before is None else _known(before),
        after=None if after is None else _known(after),
        broken=tuple(
            (name, case["message"])
            for name, case in later.items()
            if _known(case) is Kept.NO
            and (name not in earlier or _known(earlier[name]) is not Kept.NO)
        ),
        kept=tuple(
            name
            for name, case in later.items()
            if _known(case) is Kept.YES and name in earlier and _known(earlier[name]) is Kept.NO
        ),
    )


def _known(one: Document) -> Kept:
    return _KEPT.get(Status(one["status"]), Kept.UNKNOWN)
