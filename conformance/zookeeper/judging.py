"""Judging a program of the zoo, as any injector is judged."""

from __future__ import annotations

from collections.abc import Container, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from injector_conformance.reports.document import Document, Settings, build
from injector_conformance.run.result import summarize
from injector_conformance.run.suite import plan
from injector_conformance.sandbox.drivers import AUTOMATIC
from injector_conformance.sessions.session import CaseResult, CaseStatus
from injector_conformance.specification import spec
from injector_conformance.specification.requirement import Level
from zookeeper.expectation import Accusation


@dataclass(slots=True)
class Seen:
    """What was seen of a program.

    Attributes:
        cases: ids of those that it was judged by.
        accused: what was seen, in words, by requirement and case; what is optional is left out.
        inconclusive: ids of cases that say nothing, because their positive control failed.
        unjudged: by case, why it could not be judged.
        results: all of it.
        document: the report, where it was judged by all cases.
    """

    cases: frozenset[str]
    accused: dict[tuple[str, str], str] = field(default_factory=dict)
    inconclusive: frozenset[str] = frozenset()
    unjudged: dict[str, str] = field(default_factory=dict)
    results: tuple[CaseResult, ...] = ()
    document: Document | None = None


@cache
def _optional() -> frozenset[str]:
    """Requirements that nobody has to meet, so that it is no accusation to break one."""
    every = spec.load().requirements.values()
    return frozenset(one.id for one in every if one.level is Level.MAY)


def judge(
    command: Sequence[str],
    shows: Sequence[Path],
    jobs: int,
    ids: Sequence[str] = (),
    requirements: Sequence[str] = (),
    *,
    expected: Container[Accusation] = (),
) -> Seen:
    """Judge a command by all cases that need no container, or by a selection of them.

    A hang that is expected is waited for once. One that is not is seen again before it counts.

    Raises:
        SandboxError: there is no sandbox here.
        SubjectError, SelectionError: the command or the selection is wrong.
    """
    suite = plan(
        command, ids=ids, requirements=requirements, sandbox=AUTOMATIC, expose=tuple(shows)
    )

    def is_expected(one: CaseResult) -> bool:
        return bool(one.broken) and all(
            (b.requirement, one.case.id) in expected for b in one.broken
        )

    with suite.opened(jobs) as session:
        results = session.judge_all(list(suite.cases.values()), is_expected=is_expected)
    seen = Seen(frozenset(suite.cases), results=tuple(results))
    if not ids and not requirements:
        result = summarize(results, suite.specification)
        settings = Settings(suite.subject.profile.id, suite.deadline, suite.seed)
        seen.document = build(result, suite.specification, suite.subject, suite.sandbox, settings)
    seen.inconclusive = frozenset(one.case.id for one in results if not one.is_conclusive)
    for one in results:
        if one.status in (CaseStatus.ERROR, CaseStatus.SKIPPED):
            seen.unjudged[one.case.id] = f"{one.status.value}: {one.reason}"
        for broken in one.broken:
            if broken.requirement not in _optional():
                seen.accused.setdefault((broken.requirement, one.case.id), broken.observed)
    return seen
