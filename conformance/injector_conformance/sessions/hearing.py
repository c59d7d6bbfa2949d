"""Hearings: one case after the other, each after its positive controls, in one opened sandbox."""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Final

from injector_conformance.cases.case import Argument, Case
from injector_conformance.cases.premises import PLAIN, taken_for_granted
from injector_conformance.judging.cause import EXPLICABLE, Broken
from injector_conformance.judging.expectation import expectations
from injector_conformance.judging.promises import service_promises, translated
from injector_conformance.judging.verdict import doubt, judge
from injector_conformance.observations.observation import Observation
from injector_conformance.observations.outcome import Outcome
from injector_conformance.profiles import Profile
from injector_conformance.sandbox import Sandbox, SandboxError
from injector_conformance.sessions import company, manner
from injector_conformance.sessions.fitting import NO_TREE, fitted
from injector_conformance.sessions.judged import CaseResult, CaseStatus
from injector_conformance.sessions.keeping import Keeper
from injector_conformance.sessions.manner import Manner
from injector_conformance.sessions.slots import Slots
from injector_conformance.sessions.trial import observe
from injector_conformance.specification import spec
from injector_conformance.stages.stage import Stage
from injector_fixtures.layout import InitDirectory

_TRIES: Final = {False: 2, True: 3}
"""How often a case of a subject that serves is run before what it breaks is charged, by whether
time decides."""


class Hearings:
    """What one subject shows in each case; its controls, and its manner, are found out once."""

    def __init__(
        self,
        sandbox: Sandbox,
        slots: Slots,
        deadline: float,
        profile: Profile,
        *,
        witnesses: Mapping[str, Case],
        keeper: Keeper | None = None,
    ) -> None:
        """Take an opened sandbox, stages that may be shared with others, and witnesses by id.

        What runs that break something left goes to the keeper, if there is one.
        """
        self._sandbox = sandbox
        self._slots = slots
        self._deadline = deadline
        self._profile = profile
        self._witnesses = witnesses
        self._keeper = keeper
        self._controls: dict[str, _Control] = {}
        self._lock = threading.Lock()
        self._manner: Manner | None = None

    def find_manner(self) -> None:
        """Find the subject's manner out beforehand; if that fails, the cases will tell."""
        with suppress(SandboxError, OSError):
            self._known_manner()

    def forget_controls(self) -> None:
        """Have the controls run again for the cases that follow."""
        self._controls.clear()

    def judge_together(self, cases: Sequence[Case]) -> list[CaseResult]:
        """Judge cases that one run can answer; each alone for which that was not in order."""
        passed: dict[str, CaseResult] = {}
        if len(cases) > 1:
            with suppress(SandboxError, OSError):
                passed = dict(self._passed_in_company(cases))
        return [passed.get(one.id) or self.judge(one) for one in cases]

    def _passed_in_company(self, cases: Sequence[Case]) -> Iterator[tuple[str, CaseResult]]:
        """The cases that have nothing to complain of when they are run together."""
        init = cases[0].init()
        together = self._observe(company.joined(cases), init)
        for case, seen in company.parted(cases, together):
            if not self._verdict(case, judge(case, seen, None, init.sha256), seen):
                yield case.id, _judged(case, (), seen)

    def judge(self, case: Case) -> CaseResult:
        """Judge one case, its positive control first."""
        conditions = case.conditions
        missing = self._sandbox.missing(conditions) or self._slots.missing(conditions)
        if missing:
            return CaseResult(case, CaseStatus.SKIPPED, reason=missing)
        try:
            fit = fitted(case, self._known_manner()) if self._profile.serves else case
            if fit is None:
                return CaseResult(case, CaseStatus.NOT_APPLICABLE, reason=NO_TREE)
            return replace(self._judge(fit), case=case)
        except (SandboxError, OSError) as error:
            return CaseResult(case, CaseStatus.ERROR, reason=str(error))

    def _known_manner(self) -> Manner:
        """What the subject does with what SPEC.md leaves to it, found out once."""
        if self._manner is None:
            serves = self._profile.serves
            self._manner = manner.found(self._probed) if serves else manner.USUAL
        return self._manner

    def _probed(self, case: Case) -> Observation:
        return self._observe(case, case.init())

    def _judge(self, case: Case) -> CaseResult:
        control = self._control(case.positive()) if case.control is not None else None
        reason = self._doubt(case)
        # Who hangs on what is valid is not waited for again and again.
        if control is not None and control.outcome is Outcome.HUNG:
            return CaseResult(case, CaseStatus.INCONCLUSIVE, reason=reason, is_conclusive=False)
        init = case.init()

        def breaks(seen: Observation) -> tuple[Broken, ...]:
            broken = judge(case, seen, control, init.sha256, is_conclusive=not reason)
            return self._verdict(case, broken, seen)

        for _ in range(_TRIES[case.exchange.is_timed] if self._profile.serves else 1):
            seen = self._control(case) if case.is_control else self._observe(case, init, breaks)
            if control is not None and not _memory_was_seen(case, seen, control):
                return CaseResult(case, CaseStatus.SKIPPED, reason=_NO_PEAK, outcome=seen.outcome)
            broken = breaks(seen)
            if not broken or seen.outcome is Outcome.HUNG:
                break
        if not reason:
            reason, broken = self._without_what_is_explained(case, init, seen, broken)
        return _judged(case, broken, seen, reason)

    def _without_what_is_explained(
        self, case: Case, init: InitDirectory, seen: Observation, broken: tuple[Broken, ...]
    ) -> tuple[str, tuple[Broken, ...]]:
        """Leave out what is no wonder after what the subject does in another, plainer case.

        Returns:
            Which case that is, and what it shows; nothing if everything stands. What is left.
        """
        may_be_explained = isinstance(case.argument, Argument)
        if not (may_be_explained and any(one.cause in EXPLICABLE for one in broken)):
            return "", broken
        unconditional = judge(case, seen, None, init.sha256, is_conclusive=False)
        always = self._verdict(case, unconditional, seen)
        for witness in self._witnesses_of(case, init):
            left = tuple(
                one
                for one in broken
                if one.cause not in EXPLICABLE
                or one in always
                or one.requirement in witness.requirements
            )
            told = self._told_by(witness) if len(left) < len(broken) else ""
            if told:
                return f"{witness.id} tells why: {told}", left
        return "", broken

    def _witnesses_of(self, case: Case, init: InitDirectory) -> Iterator[Case]:
        """The witnesses of what a case takes for granted, if the subject can do anything."""
        plain = self._witness(PLAIN)
        if plain is None or self._told_by(plain):
            return
        for one in taken_for_granted(case.id, init.payload):
            witness = self._witness(one)
            if witness is not None and one != case.id:
                yield witness

    def _witness(self, case_id: str) -> Case | None:
        """A witness as this subject would have it; None if there is none for it."""
        witness = self._witnesses.get(case_id)
        if witness is None or not self._profile.serves:
            return witness
        return fitted(witness, self._known_manner())

    def _told_by(self, witness: Case) -> str:
        """What the subject does wrong in a witness; nothing if it keeps it."""
        complaints = expectations(witness, self._control(witness), None, "")
        return next((one.observed for one in complaints), "")

    def _doubt(self, case: Case) -> str:
        """Why a case is inconclusive, from its controls: its own, and those of that one."""
        above = case
        while above.control is not None:
            positive = above.positive()
            complaint = doubt(replace(case, control=above.control), self._control(positive))
            if complaint:
                return f"its positive control {positive.id} does not complete: {complaint}"
            above = positive
        return ""

    def _verdict(
        self, case: Case, broken: Iterable[Broken], seen: Observation
    ) -> tuple[Broken, ...]:
        """What was broken in the terms of the profile, and of what only it promises."""
        known = spec.load().requirements
        every = (*translated(broken, self._profile, known), *service_promises(case, seen))
        return tuple({(one.requirement, one.cause): one for one in every}.values())

    def _control(self, positive: Case) -> Observation:
        """What comes of a positive control, run once for all cases that share it."""
        with self._lock:
            control = self._controls.setdefault(positive.id, _Control())
        with control.lock:
            if control.seen is None:
                init = positive.init()

                def breaks(seen: Observation) -> tuple[Broken, ...]:
                    return self._verdict(positive, judge(positive, seen, None, init.sha256), seen)

                control.seen = self._observe(positive, init, breaks)
            return control.seen

    def _observe(
        self,
        case: Case,
        init: InitDirectory,
        breaks: Callable[[Observation], Collection[Broken]] = lambda _: (),
    ) -> Observation:
        """Run a case; what it left is kept if it breaks something, and if somebody keeps it."""
        conditions = case.conditions

        def look(seen: Observation, stage: Stage) -> None:
            if self._keeper is not None and breaks(seen):
                self._keeper.keep(case.id, seen, stage)

        with self._slots.taken(conditions) as slot:

            def run(one: Case) -> Observation:
                watch = one.watches_memory
                return observe(
                    self._sandbox,
                    slot,
                    one,
                    init,
                    deadline=self._deadline * one.conditions.patience,
                    watch=watch,
                    look=look,
                )

            seen = run(case)
            if conditions.as_pid_1 and seen.faulted:
                elsewhere = run(replace(case, conditions=replace(conditions, as_pid_1=False)))
                if elsewhere.outcome is Outcome.ABORTED:
                    return replace(seen, aborts_elsewhere=True)
            return seen


class _Control:
    """A positive control and what came of it."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.seen: Observation | None = None


_NO_PEAK: Final = "the peak of memory was not seen: the kernel does not tell it here"


def _memory_was_seen(case: Case, seen: Observation, control: Observation) -> bool:
    """Whether a case about peak memory can be judged; any other can."""
    if case.is_control or not case.watches_memory or seen.outcome is not Outcome.COMPLETED:
        return True
    return None not in (seen.run.peak_memory, control.run.peak_memory)


def _judged(
    case: Case, broken: tuple[Broken, ...], seen: Observation, doubtful: str = ""
) -> CaseResult:
    """The result of a case that ran; ``doubtful`` tells why it is inconclusive, if it is."""
    status = CaseStatus.INCONCLUSIVE if doubtful else CaseStatus.PASSED
    return CaseResult(
        case=case,
        status=CaseStatus.FAILED if broken else status,
        broken=broken,
        outcome=seen.outcome,
        reason=doubtful,
        is_conclusive=not doubtful,
        stdout=seen.run.stdout,
        stderr=seen.run.stderr,
        seconds=seen.run.seconds,
    )
