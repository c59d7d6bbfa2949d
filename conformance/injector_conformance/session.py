"""A session: one subject in one sandbox, judged by many cases, several at a time."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import closing, contextmanager
from dataclasses import dataclass, fields
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

from injector_conformance import workers, workplace
from injector_conformance.case import Case, Check
from injector_conformance.observation import Observation
from injector_conformance.outcome import Outcome
from injector_conformance.sandbox import Sandbox, SandboxError
from injector_conformance.sandbox.place import Place
from injector_conformance.sandbox.process import DISK_LIMIT
from injector_conformance.subject import Subject
from injector_conformance.trial import Slot, new_slot, observe
from injector_conformance.verdict import Broken, doubt, judge
from injector_fixtures.layout import InitDirectory

DEADLINE: Final = 10.0
"""Seconds that a run may take unless the user says otherwise."""

EMULATED_DEADLINE: Final = 40.0
"""The same for emulated subjects, whose speed says nothing about the real machine's."""


class CaseStatus(StrEnum):
    """What became of a case."""

    PASSED = "passed"
    FAILED = "failed"
    INCONCLUSIVE = "inconclusive"
    SKIPPED = "skipped"
    ERROR = "harness-error"


@dataclass(frozen=True, slots=True)
class CaseResult:
    """One judged case.

    Attributes:
        case: what was judged.
        status: passed, failed, inconclusive, skipped, or a harness error.
        broken: the promises that were broken, none unless it failed.
        outcome: how the subject's run ended; None if there was none.
        reason: why it was skipped, is inconclusive or could not be judged.
        is_conclusive: whether it says anything about the requirements that it is about: its
            positive control completed. A failed case that is inconclusive broke promises that
            hold for every run.
        stdout: the subject's output, bounded.
        stderr: likewise.
        seconds: wall time of the subject's run.
    """

    case: Check
    status: CaseStatus
    broken: tuple[Broken, ...] = ()
    outcome: Outcome | None = None
    reason: str = ""
    is_conclusive: bool = True
    stdout: bytes = b""
    stderr: bytes = b""
    seconds: float = 0.0


_FIELDS: Final = tuple(one.name for one in fields(CaseResult) if one.name != "case")
"""What a copy of the process sends back: everything but the case, which cannot be pickled."""


class Session:
    """Judges cases in one opened sandbox. Use :func:`opened`."""

    def __init__(self, sandbox: Sandbox, work: Path | Place, deadline: float, jobs: int) -> None:
        """Take an opened sandbox; ``work`` is where stages go."""
        self._sandbox = sandbox
        self._deadline = deadline
        self._jobs = jobs
        self._slots: queue.SimpleQueue[Slot] = queue.SimpleQueue()
        for number in range(jobs):
            self._slots.put(new_slot(sandbox, work / f"stage-{number}"))
        self._controls: dict[str, _Control] = {}
        self._lock = threading.Lock()

    def judge_all(
        self, cases: Sequence[Case], progress: Callable[[CaseResult], None] = lambda _: None
    ) -> list[CaseResult]:
        """Judge the cases; the results come in the order of the cases, progress as it happens."""
        # The last chapters have the largest payloads: begun first, they hold up no end.
        backwards = cases[::-1]
        if self._jobs > 1 and self._sandbox.may_fork and workers.may_fork():
            results = self._in_processes(backwards)
        else:
            results = self._in_threads(backwards)
        done = {}
        with closing(results):
            for place, result in results:
                progress(result)
                done[place] = result
        return [done[place] for place in reversed(range(len(cases)))]

    def _in_processes(self, cases: Sequence[Case]) -> Generator[tuple[int, CaseResult]]:
        """Judge in copies of this process, each on a stage of its own."""

        def enter(number: int) -> None:
            slots = [self._slots.get() for _ in range(self._jobs)]
            self._slots.put(slots[number])

        def do(place: int) -> tuple[Any, ...]:
            result = self.judge(cases[place])
            return tuple(getattr(result, name) for name in _FIELDS)

        work = workers.Work(enter, do, self._sandbox.close)
        try:
            for place, values in workers.spread(len(cases), self._jobs, work):
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

    def judge(self, case: Case) -> CaseResult:
        """Judge one case, its positive control first."""
        missing = self._sandbox.missing(case.conditions)
        if missing is not None:
            return CaseResult(case, CaseStatus.SKIPPED, reason=missing)
        try:
            return self._judge(case)
        except (SandboxError, OSError) as error:
            return CaseResult(case, CaseStatus.ERROR, reason=str(error))

    def _judge(self, case: Case) -> CaseResult:
        control, reason = None, ""
        if case.control is not None:
            positive = case.positive()
            control = self._control(positive)
            complaint = doubt(case, control)
            if complaint:
                reason = f"its positive control {positive.id} does not complete: {complaint}"
            if control.outcome is Outcome.HUNG:
                # Who hangs on what is valid is not waited for again and again.
                status = CaseStatus.INCONCLUSIVE
                return CaseResult(case, status, reason=reason, is_conclusive=False)
        init = case.init()
        seen = self._control(case) if case.is_control else self._observe(case, init)
        broken = judge(case, seen, control, init.sha256, is_conclusive=not reason)
        return _judged(case, broken, seen, reason)

    def _control(self, positive: Case) -> Observation:
        """What comes of a positive control, run once for all cases that share it."""
        with self._lock:
            control = self._controls.setdefault(positive.id, _Control())
        with control.lock:
            if control.seen is None:
                control.seen = self._observe(positive, positive.init())
            return control.seen

    def _observe(self, case: Case, init: InitDirectory) -> Observation:
        slot = self._slots.get()
        watch = case.watches_memory
        try:
            return observe(self._sandbox, slot, case, init, deadline=self._deadline, watch=watch)
        finally:
            self._slots.put(slot)


class _Control:
    """A positive control and what came of it."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.seen: Observation | None = None


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
    with workplace.opened(
        in_memory=sandbox.may_lie_in_memory, most=DISK_LIMIT, is_private=sandbox.is_private
    ) as work:
        sandbox.open(subject, work)
        try:
            yield Session(sandbox, work, deadline, jobs)
        finally:
            sandbox.close()
