"""Findings: what a report leads with. Failed cases by what went wrong, the gravest first.

A requirement says which promise is broken; whoever mends a program asks first what it does to its
users. So an escape stands before a crash, a crash before a lost file, and a lost file before a
message that is missing, whatever their requirements are.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final

from injector_conformance.judging.verdict import UNIVERSAL
from injector_conformance.reports.document import Document

MAY: Final = "MAY"


@dataclass(frozen=True, slots=True)
class Kind:
    """Causes that belong together, by their names in reports, under one heading."""

    title: str
    causes: tuple[str, ...]


KINDS: Final = (
    Kind(
        "changes outside of the output directory",
        ("outside", "shared", "output-directory", "init-directory"),
    ),
    Kind("crashes, hangs, trees without end", ("crash", "hang", "too-much", "ended")),
    Kind("lost, wrong or smuggled data", ("smuggled", "lost", "wrong-data", "unexpected")),
    Kind("completed, though it must be refused", ("accepted", "written")),
    Kind("refused, though it is valid", ("refused", "late", "stumbled")),
    Kind("answered otherwise than it must be", ("answer",)),
)
"""The gravest first; every other cause belongs to :data:`OTHER`."""

OTHER: Final = Kind("anything else", ())

GRAVE: Final = KINDS[:3]
"""Of these a report names every case before it explains any."""


@dataclass(slots=True)
class Group:
    """Cases that broke one requirement in one kind of way.

    Attributes:
        requirement: from the report.
        kind: what went wrong.
        cases: the cases, in order.
        judged: how many cases of the requirement were judged.
    """

    requirement: Document
    kind: Kind
    cases: list[Document] = field(default_factory=list)
    judged: int = 0

    @property
    def is_total(self) -> bool:
        """Whether nothing of what the requirement asks for is done, as far as is known.

        Of what holds for every run, only the cases that broke it are counted.
        """
        is_universal = self.requirement["id"] in UNIVERSAL
        return len(self.cases) == self.judged > 1 and not is_universal


def groups(document: Document) -> list[Group]:
    """All failures that no baseline accepts, the gravest first; those that count before others."""
    found: dict[tuple[str, str], Group] = {}
    for requirement in document["requirements"]:
        for case in requirement["cases"]:
            if case["status"] != "failed" or requirement["level"] == MAY:
                continue
            kind = kind_of(case["cause"])
            group = found.setdefault((requirement["id"], kind.title), Group(requirement, kind))
            group.cases.append(case)
            group.judged = len(requirement["cases"])
    order = [*KINDS, OTHER]
    return sorted(
        found.values(),
        key=lambda one: (order.index(one.kind), not one.requirement["counts"], -len(one.cases)),
    )


def kind_of(cause: str) -> Kind:
    """The heading that a cause belongs under."""
    return next((kind for kind in KINDS if cause in kind.causes), OTHER)


def besides(case: Document) -> list[str]:
    """The other promises that a case broke: ids, with what was seen where that differs."""
    seen = case.get("observed")
    return [
        one["requirement"]
        if one["observed"] == seen
        else f"{one['requirement']}: {one['observed']}"
        for one in case.get("besides", ())
    ]


def inconclusive(document: Document) -> dict[str, list[str]]:
    """Case ids that say nothing, by the reason."""
    found: dict[str, dict[str, None]] = {}
    for requirement in document["requirements"]:
        for case in requirement["cases"]:
            if case["status"] == "inconclusive":
                found.setdefault(case["message"], {})[case["id"]] = None
    return {reason: list(ids) for reason, ids in found.items()}


def braced(names: Iterable[str]) -> list[str]:
    """Names, those with the same first two words as one, as shells write it: ``a-b-{c,d}``."""
    by_head: dict[str, list[str]] = {}
    for name in names:
        head = "-".join(name.split("-")[:2])
        by_head.setdefault(head, []).append(name.removeprefix(head).removeprefix("-"))
    return [
        f"{head}-{{{','.join(tails)}}}"
        if len(tails) > 1 and all(tails)
        else ", ".join(f"{head}-{tail}" if tail else head for tail in tails)
        for head, tails in by_head.items()
    ]


def order_of(requirement: Document) -> tuple[int, int]:
    """The place of a requirement among those that are explained: gravest cause, level."""
    order = [*KINDS, OTHER]
    causes = [case["cause"] for case in requirement["cases"] if "cause" in case]
    gravest = min((order.index(kind_of(one)) for one in causes), default=len(order))
    return (not requirement["counts"], gravest)


def options_of(document: Document) -> Iterator[tuple[str, str]]:
    """What of the MAYs is done, and what not: neither is a fault."""
    for requirement in document["requirements"]:
        if requirement["level"] == MAY and requirement["status"] in ("passed", "failed"):
            yield requirement["id"], "done" if requirement["status"] == "passed" else "not done"
