"""The suite as a library: plan a run, open its sandbox, ask for promise after promise.

The command line judges all cases at once; the pytest plugin asks for them one by one. Both go
through here, so that they cannot disagree.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from injector_conformance.cases import salt
from injector_conformance.cases.case import Case
from injector_conformance.cases.premises import EVERY
from injector_conformance.host import surroundings
from injector_conformance.judging.verdict import UNIVERSAL
from injector_conformance.profiles import DEFAULT, JUDGEABLE, PROFILES
from injector_conformance.run import baseline, binary, catalogue
from injector_conformance.run.baseline import Baseline, BaselineError
from injector_conformance.run.catalogue import SelectionError
from injector_conformance.run.result import Status, case_status
from injector_conformance.sandbox import Sandbox, SandboxError
from injector_conformance.sandbox.drivers import CONTAINER, create
from injector_conformance.sandbox.live import NO_NETWORK
from injector_conformance.sandbox.namespaces import Namespaces
from injector_conformance.sessions.keeping import Keeper
from injector_conformance.sessions.session import (
    DEADLINE,
    EMULATED_DEADLINE,
    CaseResult,
    Session,
    opened,
)
from injector_conformance.specification import spec
from injector_conformance.specification.requirement import Level
from injector_conformance.specification.spec import Specification
from injector_conformance.subjects.subject import Subject, SubjectError, resolve

USAGE_ERRORS: Final = (BaselineError, SelectionError, SubjectError)
"""What a user can mend on the command line."""


@dataclass(slots=True)
class Suite:
    """A planned run: what to judge, by what, where.

    ``left_out`` tells, by case id, why a selected case is not about this run; ``seed`` is what its
    payloads were made of (:mod:`injector_conformance.cases.salt`); ``partly`` are the
    requirements of which the selection has not all cases; ``witnesses`` tell what other cases take
    for granted, whether they were selected or not.
    """

    specification: Specification
    cases: Mapping[str, Case]
    subject: Subject
    sandbox: Sandbox
    baseline: Baseline
    level: Level
    deadline: float = DEADLINE
    left_out: Mapping[str, str] = field(default_factory=dict)
    seed: str = ""
    partly: frozenset[str] = frozenset()
    witnesses: Mapping[str, Case] = field(default_factory=dict)
    _session: Session | None = None
    _results: dict[str, CaseResult] = field(default_factory=dict)

    @contextmanager
    def opened(self, jobs: int = 1, keeper: Keeper | None = None) -> Iterator[Session]:
        """Open the sandbox for as long as the block runs."""
        with (
            surroundings.settled(),
            opened(
                self.sandbox,
                self.subject,
                jobs=jobs,
                deadline=self.deadline,
                witnesses=self.witnesses,
                keeper=keeper,
            ) as session,
        ):
            self._session = session
            try:
                yield session
            finally:
                self._session = None

    def pairs(self) -> list[tuple[str, str]]:
        """Every requirement with every selected case that is about it."""
        return [
            (requirement, case.id)
            for case in self.cases.values()
            for requirement in case.requirements
        ]

    def result(self, case_id: str) -> CaseResult:
        """What came of a case; it runs once."""
        if self._session is None:
            raise RuntimeError("the suite is not open")
        if case_id not in self._results:
            self._results[case_id] = self._session.settled(
                self._session.judge(self.cases[case_id])
            )
        return self._results[case_id]

    def status(self, requirement: str, case_id: str) -> Status:
        """What became of a requirement in a case, in the light of the baseline."""
        return case_status(self.result(case_id), requirement, self.baseline)

    def counts_against(self, result: CaseResult) -> bool:
        """Whether one case is enough to make the subject nonconformant."""
        concerned = {*result.case.requirements, *(one.requirement for one in result.broken)}
        by_status = {one: case_status(result, one, self.baseline) for one in concerned}
        return any(
            status is Status.UNEXPECTED_PASS or (status is Status.FAILED and self.counts(one))
            for one, status in by_status.items()
        )

    def counts(self, requirement: str) -> bool:
        """Whether the requirement is of the judged level or above."""
        return self.specification.requirements[requirement].level.is_at_least(self.level)


def plan(
    command: Sequence[str],
    *,
    ids: Sequence[str] = (),
    requirements: Sequence[str] = (),
    skip: Sequence[str] = (),
    profile: str = DEFAULT.id,
    level: str = Level.MUST.value,
    sandbox: str,
    image: str | None = None,
    platform: str | None = None,
    expose: Sequence[Path] = (),
    baseline_path: Path | None = None,
    deadline: float | None = None,
    seed: str | None = None,
) -> Suite:
    """Check everything that a user may have got wrong, before anything runs.

    A ``deadline`` of None is :data:`DEADLINE`, or more for emulated subjects; a ``seed`` of None
    is one that nobody has had before.

    Raises:
        SubjectError: the command cannot be judged here.
        SelectionError: the selection is empty or names something unknown, or the seed is none.
        BaselineError: the baseline cannot be used.
        SandboxError: the sandbox is not to be had.
    """
    specification = spec.load()
    if profile not in specification.profiles:
        known = ", ".join(specification.profiles)
        raise SelectionError(f"no profile {profile} in SPEC.md; there are {known}")
    if profile not in JUDGEABLE:
        able = ", ".join(sorted(JUDGEABLE))
        raise SelectionError(f"profile {profile} cannot be judged yet; this suite judges {able}")
    if seed is not None and not salt.is_seed(seed):
        raise SelectionError(f"{seed!r} is no seed: {salt.SEED_DIGITS} hexadecimal digits, a to f")
    seed = seed or salt.new_seed()
    driver = create(sandbox, image, platform)
    if PROFILES[profile].serves and driver.name != Namespaces.name:
        raise SandboxError(NO_NETWORK)
    every_case = catalogue.load()
    names = [*every_case, *(one.id for one in binary.CHECKS.values())]
    catalogue.check_skips(skip, names, specification)
    selected = catalogue.select(
        every_case, specification, ids=ids, requirements=requirements, skip=skip, profile=profile
    )
    subject = resolve(command, expose, PROFILES[profile])
    reasons = {case.id: _out_of_place(case, subject, sandbox) for case in selected}
    possible = [case for case in selected if not reasons[case.id]]
    judged = catalogue.under_profile(every_case, specification, profile)
    cases = catalogue.with_controls(possible, judged)
    if not cases:
        raise SelectionError(f"no case is left by this selection: {min(reasons.values())}")
    accepted = baseline.EMPTY
    if baseline_path is not None:
        accepted = read_baseline(baseline_path, specification)
    usual = EMULATED_DEADLINE if subject.is_emulated else DEADLINE
    return Suite(
        specification=specification,
        cases={case.id: salt.renewed(case, seed) for case in cases},
        subject=subject,
        sandbox=driver,
        left_out={case_id: reason for case_id, reason in reasons.items() if reason},
        partly=_partly(specification, cases, reasons)
        if ids or requirements or skip
        else frozenset(),
        witnesses={one: salt.renewed(judged[one], seed) for one in EVERY if one in judged},
        baseline=accepted,
        level=Level(level),
        deadline=usual if deadline is None else deadline,
        seed=seed,
    )


def read_baseline(path: Path, specification: Specification, *, is_draft: bool = False) -> Baseline:
    """A baseline of this suite's cases; in a draft, reasons may be missing.

    Raises:
        BaselineError: it cannot be used.
    """
    known = {*catalogue.load(), *(one.id for one in binary.CHECKS.values())}
    return baseline.read(path, specification.requirements, known, is_draft=is_draft)


def _partly(
    specification: Specification, cases: Sequence[Case], left_out: Mapping[str, str]
) -> frozenset[str]:
    """The requirements that could be broken in cases that were not selected."""
    selected = {case.id for case in cases} | left_out.keys()
    about = {one for case in cases for one in case.requirements}
    elsewhere = {
        one
        for case in catalogue.load().values()
        if case.id not in selected
        for one in case.requirements
    }
    known = specification.requirements.keys()
    return frozenset((known - about) | elsewhere | set(UNIVERSAL))


def _out_of_place(case: Case, subject: Subject, sandbox: str) -> str:
    """Why a case cannot be about this run; empty if it can."""
    if case.conditions.needs_container and sandbox != CONTAINER:
        return f"only in containers: --sandbox {CONTAINER}"
    if case.machine not in ("", subject.target or subject.machine):
        return f"only for a subject of {case.machine}"
    if case.conditions.image == "empty" and subject.is_interpreted:
        return "only for a subject that needs nothing of its image"
    return ""
