"""A session: one subject in one sandbox, judged by many cases, several at a time."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import ExitStack, closing, contextmanager
from dataclasses import fields
from pathlib import Path
from typing import Any, Final

from injector_conformance.cases.case import Case
from injector_conformance.host import workers
from injector_conformance.profiles import DEFAULT as USUAL
from injector_conformance.profiles import Profile
from injector_conformance.sandbox import Sandbox, SandboxError
from injector_conformance.sandbox.place import Place
from injector_conformance.sandbox.process import DISK_LIMIT
from injector_conformance.sessions import company, workplace
from injector_conformance.sessions.hearing import Hearings
from injector_conformance.sessions.judged import (
    CERTAIN,
    CaseResult,
    CaseStatus,
    Recurrence,
    is_chancy,
)
from injector_conformance.sessions.keeping import Keeper
from injector_conformance.sessions.slots import Slots
from injector_conformance.subjects.subject import Subject

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

NOBODY: Final[Mapping[str, Case]] = {}

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
        *,
        witnesses: Mapping[str, Case] = NOBODY,
        keeper: Keeper | None = None,
    ) -> None:
        """Take an opened sandbox, its stages, and witnesses by id."""
        self._profile = profile
        self._sandbox = sandbox
        self._jobs = jobs
        self._slots = slots
        self._hearings = Hearings(
            sandbox, slots, deadline, profile, witnesses=witnesses, keeper=keeper
        )

    def judge_all(
        self,
        cases: Sequence[Case],
        progress: Callable[[CaseResult], None] = lambda _: None,
        is_expected: Callable[[CaseResult], bool] = lambda _: False,
        is_enough: Callable[[CaseResult], bool] = lambda _: False,
    ) -> list[CaseResult]:
        """Judge the cases; the results come in the order of the cases, progress as it happens.

        What is expected of the subject is believed at once, where it hangs as well. What is enough
        ends it: the other cases have no result.
        """
        self._slots.prepare(cases)
        self._hearings.find_manner()
        # The patient cases, and the last chapters, take longest: begun first, they hold up no end.
        places = sorted(
            range(len(cases)), key=lambda one: (cases[one].conditions.patience, one), reverse=True
        )
        backwards = [cases[one] for one in places]
        if self._jobs > 1 and self._sandbox.may_fork and workers.may_fork():
            results = self._in_processes(backwards)
        else:
            results = self._in_threads(backwards)
        done: dict[int, CaseResult] = {}
        seen_once: dict[int, CaseResult] = {}
        with closing(self._certain(results, seen_once, is_expected)) as certain:
            for place, result in certain:
                progress(result)
                done[place] = result
                if is_enough(result):
                    break
        return [result for _, result in sorted((places[at], done[at]) for at in done)]

    def _certain(
        self,
        results: Generator[tuple[int, CaseResult]],
        seen_once: dict[int, CaseResult],
        is_expected: Callable[[CaseResult], bool],
    ) -> Generator[tuple[int, CaseResult]]:
        """Results that count, as they come; those that once is not enough for come last."""
        with closing(results):
            for place, result in results:
                if is_chancy(result) and not is_expected(result):
                    seen_once[place] = result
                else:
                    yield place, result
        if seen_once:
            self._slots.renew()
        yield from self._settled(seen_once)

    def _settled(self, seen_once: Mapping[int, CaseResult]) -> Iterator[tuple[int, CaseResult]]:
        """Judge again, alone, what may have been the machine's fault."""
        came_back = Recurrence()
        for place, first in sorted(seen_once.items()):
            yield place, came_back.settled(first, self.settled)

    def settled(self, first: CaseResult) -> CaseResult:
        """What counts of a result: a second one, if the first may have been a matter of chance."""
        if not is_chancy(first) or not isinstance(first.case, Case):
            return first
        self._hearings.forget_controls()
        return self.judge(first.case)

    def _in_processes(self, cases: Sequence[Case]) -> Generator[tuple[int, CaseResult]]:
        """Judge in copies of this process, each on a stage of its own."""

        def enter(number: int) -> None:
            self._slots.keep(number)

        units = company.units(cases) if self._profile.serves else [[n] for n in range(len(cases))]

        def do(number: int) -> list[tuple[Any, ...]]:
            found = self._hearings.judge_together([cases[place] for place in units[number]])
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

    def judge(self, case: Case) -> CaseResult:
        """Judge one case, its positive control first."""
        return self._hearings.judge(case)


@contextmanager
def opened(
    sandbox: Sandbox,
    subject: Subject,
    *,
    jobs: int = 1,
    deadline: float = DEADLINE,
    witnesses: Mapping[str, Case] = NOBODY,
    keeper: Keeper | None = None,
) -> Iterator[Session]:
    """A session in a sandbox opened for ``subject``; everything is removed at the end.

    Args:
        sandbox: where.
        subject: who is judged.
        jobs: runs at the same time.
        deadline: seconds that a run may take.
        witnesses: the cases that tell what other cases take for granted
            (:mod:`injector_conformance.cases.premises`), by id.
        keeper: keeps what runs left that broke something; all else is removed.

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
            yield Session(
                sandbox,
                slots,
                deadline,
                jobs,
                subject.profile,
                witnesses=witnesses,
                keeper=keeper,
            )
        finally:
            sandbox.close()
