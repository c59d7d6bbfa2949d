"""What was seen beside the cases: real clients and a real cluster, the evidence of chapter CTR."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from injector_conformance.reports.document import Document
from injector_conformance.reports.html.marks import Mark
from injector_conformance.reports.html.pulls import Pulls
from injector_conformance.reports.html.runs import Run
from injector_conformance.reports.html.stories import Story


@dataclass(frozen=True, slots=True)
class Said:
    """What one piece of evidence says of a requirement.

    Attributes:
        source: that piece.
        where: in words: real clients, or a cluster.
    """

    source: Pulls | Story
    where: str
    mark: Mark
    text: str


@dataclass(frozen=True, slots=True)
class Evidence:
    """All of it, in the order in which it was named."""

    pulls: tuple[Pulls, ...]
    stories: tuple[Story, ...]

    def of(self, requirement: str) -> list[Said]:
        """What is said of a requirement."""
        sources: list[tuple[Pulls | Story, str]] = [
            *((one, "real clients") for one in self.pulls),
            *((one, "a cluster") for one in self.stories),
        ]
        return [
            Said(source, where, *said)
            for source, where in sources
            if (said := source.said(requirement)) is not None
        ]


def evidence(
    clients: Sequence[Document], clusters: Sequence[Document], runs: Sequence[Run]
) -> Evidence | None:
    """The section; None if there is nothing to show.

    Args:
        clients: outputs of ``clients --json``.
        clusters: outputs of ``cluster --json``.
        runs: the columns of the page.
    """
    if not clients and not clusters:
        return None
    return Evidence(
        tuple(
            Pulls(f"clients-{number}", _same(one["subject"]["sha256"], runs), one)
            for number, one in enumerate(clients, 1)
        ),
        tuple(
            Story(f"cluster-{number}", _same(one["injector"]["sha256"], runs), one)
            for number, one in enumerate(clusters, 1)
        ),
    )


def _same(sha256: str, runs: Sequence[Run]) -> tuple[Run, ...]:
    """The runs that judged the very same file."""
    return tuple(run for run in runs if run.document["subject"]["sha256"] == sha256)
