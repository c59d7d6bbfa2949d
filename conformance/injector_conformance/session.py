"""A session: one subject in one sandbox, judged by many cases, several at a time."""

from __future__ import annotations

import threading
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import fields, replace
from pathlib import Path
from typing import Any, Final

from injector_conformance import company, spec, workers, workplace
from injector_conformance.case import Case
from injector_conformance.cause import Broken
from injector_conformance.judged import CERTAIN, CaseResult, CaseStatus, Recurrence, is_chancy
from injector_conformance.observation import Observation
from injector_conformance.outcome import Outcome
from injector_conformance.profiles import DEFAULT as USUAL
from injector_conformance.profiles import Profile, manner
from injector_conformance.profiles.fitting import NO_TREE, fitted
from injector_conformance.profiles.judging import service_promises, translated
from injector_conformance.profiles.manner import Manner
from injector_conformance.sandbox import Sandbox, SandboxError
from injector_conformance.sandbox.place import Place
from injector_conformance.sandbox.process import DISK_LIMIT
from injector_conformance.slots import Slots
from injector_conformance.subject import Subject
from injector_conformance.trial import observe
from injector_conformance.verdict import doubt, judge
from injector_fixtures.layout import InitDirectory

__all__ = (
    "CERTAIN",
    "DEADLINE",
    "EMULATED_DEADLINE",
    "CaseResult",
    "CaseStatus",
    "Session",
    "opened",
)

DEADLINE: Final = 10.0
"""Seconds that a run may take unless the user says otherwise."""

EMULATED_DEADLINE: Final = 40.0
"""The same for emulated subjects, whose speed says nothing about the real machine's."""

_TRIES: Final = {False: 2, True: 3}
"""How often a case of a subject that serves is run before what it breaks is charged, by whether
time decides."""

_FIELDS: Final = tuple(one.name for one in fields(CaseResult) if one.name != "case")
"""What a copy of the process sends back: everything but the case, which cannot be pickled."""


class Session:
    """Judges cases in one opened sandbox. Use :func:`opened`."""

    def __init__(
        self,
        sandbox: Sandbox,
        slots: Slots,
        deadline: float,
        jobs: int,
        profile: Profile = USUAL,
    ) -> None:
        """Take an opened sandbox and its stages."""
        self._profile = profile
        self._sandbox = sandbox
        self._deadline = deadline
        self._jobs = jobs
        self._slots = slots
        self._controls: dict[str, _Control] = {}
        self._lock = threading.Lock()
        self._manner: Manner | None = None

    def judge_all(
        self,
        cases: Sequence[Case],
        progress: Callable[[CaseResult], None] = lambda _: None,
        is_expected: Callable[[CaseResult], bool] = lambda _: False,
    ) -> list[CaseResult]:
        """Judge the cases; the results come in the order of the cases, progress as it happens.

        What is expected of the subject is believed at once, where it hangs as well.
        """
        self._slots.prepare(cases)
        with suppress(SandboxError, OSError):  # the cases will tell
            self._known_manner()
        # The patient cases, and the last chapters, take longest: begun first, they hold up no end.
        places = sorted(
            range(len(cases)), key=lambda one: (cases[one].conditions.patience, one), reverse=True
        )
        backwards = [cases[one] for one in places]
        if self._jobs > 1 and self._sandbox.may_fork and workers.may_fork():
            results = self._in_processes(backwards)
        else:
            results = self._in_threads(backwards)
        done, seen_once = {}, {}
        with closing(results):
            for place, result in results:
                if is_chancy(result) and not is_expected(result):
                    seen_once[place] = result
                else:
                    progress(result)
                    done[place] = result
        if seen_once:
            self._slots.renew()
        for place, result in self._settled(seen_once):
            progress(result)
            done[place] = result
        return [result for _, result in sorted((places[at], done[at]) for at in done)]

    def _settled(self, seen_once: Mapping[int, CaseResult]) -> Iterator[tuple[int, CaseResult]]:
        """Judge again, alone, what may have been the machine's fault."""
        came_back = Recurrence()
        for place, first in sorted(seen_once.items()):
            yield place, came_back.settled(first, self.settled)

    def settled(self, first: CaseResult) -> CaseResult:
        """What counts of a result: a second one, if the first may have been a matter of chance."""
        if not is_chancy(first) or not isinstance(first.case, Case):
            return first
        self._controls.clear()
        return self.judge(first.case)

    def _in_processes(self, cases: Sequence[Case]) -> Generator[tuple[int, CaseResult]]:
        """Judge in copies of this process, each on a stage of its own."""

        def enter(number: int) -> None:
            self._slots.keep(number)

        units = company.units(cases) if self._profile.serves else [[n] for n in range(len(cases))]

        def do(number: int) -> list[tuple[Any, ...]]:
            found = self._judge_unit([cases[place] for place in units[number]])
            return [tuple(getattr(one, name) for name in _FIELDS) for one in found]

        work = workers.Work(enter, do, self._sandbox.close)
        try:
            for number, results in workers.spread(len(units), self._jobs, work):
                for place, values in zip(units[number], results, strict=True):
                    yield place, CaseResult(cases[place], *values)
        except workers.WorkerError as error:
            raise SandboxError(
                f"a process of the harness was killed ({error}); if it was for want of memory,"
                " try fewer --jobs"
            ) from error

    def _in_threads(self, cases: Sequence[Case]) -> Generator[tuple[int, CaseResult]]:
        pool = ThreadPoolExecutor(self._jobs)
        try:
            futures = {pool.submit(self.judge, case): place for place, case in enumerate(cases)}
            for future in as_completed(futures):
                yield futures[future], future.result()
        except BaseException:
            # Interrupted: what still runs is not waited for where the sandbox can end it.
            pool.shutdown(wait=False, cancel_futures=True)
            self._sandbox.close()
            raise
        finally:
            pool.shutdown(cancel_futures=True)

    def _judge_unit(self, cases: Sequence[Case]) -> list[CaseResult]:
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
        for _ in range(_TRIES[case.exchange.is_timed] if self._profile.serves else 1):
            seen = self._control(case) if case.is_control else self._observe(case, init)
            if control is not None and not _memory_was_seen(case, seen, control):
                return CaseResult(case, CaseStatus.SKIPPED, reason=_NO_PEAK, outcome=seen.outcome)
            broken = judge(case, seen, control, init.sha256, is_conclusive=not reason)
            broken = self._verdict(case, broken, seen)
            if not broken or seen.outcome is Outcome.HUNG:
                break
        return _judged(case, broken, seen, reason)

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
                control.seen = self._observe(positive, positive.init())
            return control.seen

    def _observe(self, case: Case, init: InitDirectory) -> Observation:
        conditions = case.conditions
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


@contextmanager
def opened(
    sandbox: Sandbox, subject: Subject, *, jobs: int = 1, deadline: float = DEADLINE
) -> Iterator[Session]:
    """A session in a sandbox opened for ``subject``; everything is removed at the end.

    Raises:
        SandboxError: the sandbox cannot be opened.
    """
    with ExitStack() as stack:
        work = stack.enter_context(
            workplace.opened(
                in_memory=sandbox.may_lie_in_memory, most=DISK_LIMIT, is_private=sandbox.is_private
            )
        )

        def on_disk() -> Path | Place | None:
            add_place = getattr(sandbox, "add_place", None)
            if add_place is None:
                return None
            added = stack.enter_context(workplace.on_disk(is_private=sandbox.is_private))
            return None if added is None else add_place(added)

        sandbox.open(subject, work)
        try:
            slots = Slots(sandbox, work, jobs, on_disk)
            yield Session(sandbox, slots, deadline, jobs, subject.profile)
        finally:
            sandbox.close()
