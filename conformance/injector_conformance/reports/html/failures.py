"""Cases that were not as they should be, explained at bounded length."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from injector_conformance.reports import findings
from injector_conformance.reports.document import Document
from injector_conformance.reports.html.marks import KEPT, STALE, Mark, of_case
from injector_conformance.reports.html.runs import Run

_MOST_EXPLAINED: Final = 5
"""Failed cases of a requirement that a page explains, all runs together; one of each at least."""

_LONGEST: Final = 1200
_SHORTEST: Final = 160
"""Characters of each text that a subject has a say in; the JSON report has more of them."""

_TOTAL: Final = 195_000
"""Characters that such texts share when many cases fail, so that a page can be opened at all."""


@dataclass(frozen=True, slots=True)
class Failure:
    """One case in one run.

    Attributes:
        anchor: its place on the page.
        most: characters to which what was observed and printed is cut.
    """

    anchor: str
    run: Run
    mark: Mark
    case: Document
    most: int

    @property
    def observed(self) -> str:
        """What was seen, or why nothing was."""
        if self.mark is STALE:
            return "passes, but the baseline expects it to fail: take its entry out"
        return shortened(str(self.case.get("observed", self.case["message"])), self.most)

    @property
    def besides(self) -> list[str]:
        """The other promises that the case broke."""
        return [shortened(one, self.most) for one in findings.besides(self.case)]

    @property
    def output(self) -> list[tuple[str, str]]:
        """Name and text of the streams that the subject has written to."""
        streams = (("standard error", "stderr"), ("standard output", "stdout"))
        return [
            (name, shortened(self.case[key].rstrip("\n"), self.most))
            for name, key in streams
            if self.case.get(key, "").strip()
        ]


def longest(runs: Sequence[Run]) -> int:
    """Characters that each text may have on a page of these runs."""
    bad = sum(
        bool(case["status"] != "passed")
        for run in runs
        for requirement in run.document["requirements"]
        for case in requirement["cases"]
    )
    return min(_LONGEST, max(_SHORTEST, _TOTAL // max(1, bad)))


def explained(runs: Sequence[Run]) -> int:
    """Failed cases of a requirement that are explained for each run; the table has the others."""
    return max(1, _MOST_EXPLAINED // len(runs))


def failures(run: Run, requirement: Document, most: int) -> list[Failure]:
    """The cases of a requirement that were not simply passed, in order."""
    return [
        Failure(anchor(run.key, requirement["id"], case["id"]), run, mark, case, most)
        for case in requirement["cases"]
        if (mark := of_case(case, requirement)) is not KEPT
    ]


def shortened(text: str, most: int) -> str:
    """Text of at most about ``most`` characters: its beginning and its end."""
    if len(text) <= most:
        return text
    half = most // 2
    return f"{text[:half]}\n… {len(text) - 2 * half:,} characters left out …\n{text[-half:]}"


def anchor(*parts: str) -> str:
    """Parts as the id of an element: no spaces, nothing that an address would have to escape."""
    return "--".join(re.sub(r"[^A-Za-z0-9._-]+", "-", part) for part in parts)
