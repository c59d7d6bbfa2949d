"""Judging a mutant, as any injector is judged."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Final

from injector_conformance.cases.case import Case
from injector_conformance.cases.premises import EVERY
from injector_conformance.observations.outcome import Outcome
from injector_conformance.profiles import PROFILES
from injector_conformance.run import catalogue
from injector_conformance.sandbox import SandboxError
from injector_conformance.sandbox.namespaces import Namespaces
from injector_conformance.sessions.session import CaseStatus, Session, opened
from injector_conformance.specification import spec
from injector_conformance.specification.requirement import Level
from injector_conformance.subjects.subject import Subject, resolve
from kill_matrix.row import Row, row_of
from kill_matrix.selection import Selection
from mutants.registry import Mutant


@dataclass(frozen=True, slots=True)
class Effort:
    """How many cases a mutant is judged by.

    Attributes:
        own: of the requirement that it breaks; more, if none of these has killed it.
        also: of each requirement that it breaks beside; more, if none of these was broken.
        others: of all others.
    """

    own: int
    also: int
    others: int


QUICK: Final = Effort(own=2, also=1, others=2)
"""For the test suite, with the cases in front that are known to kill."""

_DEADLINE: Final = 6.0
"""Seconds, fewer than a user's injector gets: a machine may be so quick that a mutant without any
bound is through with a case before those are over."""

STANDARD: Final = Effort(own=25, also=3, others=10)
EVERYTHING: Final = Effort(own=10**6, also=10**6, others=10**6)


@cache
def _command(profile: str) -> Subject:
    return resolve([sys.executable, "-m", "mutants"], profile=PROFILES[profile])


@cache
def _optional() -> frozenset[str]:
    """Requirements that nobody has to meet, so that it says nothing to break one."""
    every = spec.load().requirements.values()
    return frozenset(one.id for one in every if one.level is Level.MAY)


@cache
def _witnesses(profile: str) -> Mapping[str, Case]:
    judged = catalogue.under_profile(catalogue.load(), spec.load(), profile)
    return {one: judged[one] for one in EVERY if one in judged}


@contextmanager
def session(mutant: Mutant) -> Iterator[Session]:
    """An open session for a mutant.

    Raises:
        SandboxError: there is no sandbox here.
    """
    base = _command(mutant.profile)
    subject = replace(base, command=(*base.command, mutant.name), argv=(*base.argv, mutant.name))
    with opened(
        Namespaces(), subject, deadline=_DEADLINE, witnesses=_witnesses(mutant.profile)
    ) as one:
        yield one


@dataclass(slots=True)
class _Judgement:
    """What has been seen of a mutant so far."""

    mutant: Mutant
    session: Session
    optional: frozenset[str]
    judged: set[str] = field(default_factory=set)
    broken: dict[str, set[str]] = field(default_factory=dict)
    has_hung: bool = False

    def judge(self, case: Case) -> None:
        """Judge by one case.

        Raises:
            SandboxError: the case could not be judged, so that nothing is known.
        """
        if case.id in self.judged:
            return
        result = self.session.judge(case)
        if result.status is CaseStatus.ERROR:
            # Mounts of the host come and go while a sandbox is being made; that does not last.
            result = self.session.judge(case)
        if result.status in (CaseStatus.ERROR, CaseStatus.SKIPPED):
            raise SandboxError(f"{self.mutant.name}, case {case.id}: {result.reason}")
        self.judged.add(case.id)
        self.has_hung = self.has_hung or result.outcome is Outcome.HUNG
        for one in result.broken:
            if one.requirement not in self.optional or one.requirement == self.mutant.breaks:
                self.broken.setdefault(one.requirement, set()).add(case.id)

    def is_broken(self, requirement: str) -> bool:
        """Whether a requirement was broken; if not the mutant's own, then in a case of its own."""
        own = self.broken.get(self.mutant.breaks, set())
        if requirement == self.mutant.breaks:
            return bool(own)
        return bool(self.broken.get(requirement, set()) - own)

    def judge_for(self, requirement: str, cases: Sequence[Case], least: int) -> None:
        """Judge by the first ``least`` cases, and by more until the requirement is broken.

        Who waits for ever need not be waited for again and again.
        """
        for number, case in enumerate(cases):
            if self.is_broken(requirement) and (number >= least or self.has_hung):
                return
            self.judge(case)


def judge(mutant: Mutant, selection: Selection, effort: Effort) -> Row:
    """Judge a mutant by what was selected for it.

    Raises:
        SandboxError: a case could not be judged.
    """
    with session(mutant) as one:
        seen = _Judgement(mutant, one, _optional())
        seen.judge_for(mutant.breaks, selection.own, effort.own)
        for requirement, cases in selection.also.items():
            seen.judge_for(requirement, cases, effort.also)
        for case in selection.others[: 0 if seen.has_hung else effort.others]:
            seen.judge(case)
    return row_of(mutant, len(seen.judged), seen.broken)
