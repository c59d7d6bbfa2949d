"""What a case itself expects, held against what was seen (the rest holds for every run)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from injector_conformance.cases.case import SMUGGLED, Argument, Case, Completes, Fails, Serves
from injector_conformance.judging import describe
from injector_conformance.judging.cause import Broken, Cause, charged
from injector_conformance.judging.stumbling import has_stumbling_block
from injector_conformance.observations.observation import Observation
from injector_conformance.observations.outcome import Outcome
from injector_fixtures.tree import Difference, Special, Tree, differences

ENDINGS: Final = {
    Outcome.CRASHED: Cause.CRASH,
    Outcome.HUNG: Cause.HANG,
    Outcome.OVERSIZED: Cause.EXCESS,
}


def expectations(
    case: Case, seen: Observation, control: Observation | None, digest: str
) -> Iterator[Broken]:
    """What the case itself expects: one of its alternatives must hold."""
    complaints = []
    for expected in case.expect:
        complaint = (
            _against_completes(expected, seen, control)
            if isinstance(expected, Completes)
            else _against_serves(expected, seen)
            if isinstance(expected, Serves)
            else _against_fails(expected, case, seen, digest)
        )
        if complaint is None:
            return
        complaints.append(complaint)
    # What comes nearest to what was seen tells best what is wrong.
    completed = seen.outcome is Outcome.COMPLETED
    nearest = min(complaints, key=lambda one: (one.completed != completed, one.distance))
    wanted = " or ".join(describe.alternatives(case.expect))
    found = charged(case.requirements, nearest.causes)
    if found is not None:
        yield Broken(found[0], wanted, nearest.text, found[1])


@dataclass(frozen=True, slots=True)
class _Complaint:
    """Why one alternative does not hold.

    ``completed`` tells whether it asked for completion, ``distance`` how many entries of the tree
    are other than it asked for.
    """

    completed: bool
    causes: frozenset[Cause]
    text: str
    distance: int = 0


def _against_completes(
    expected: Completes, seen: Observation, control: Observation | None
) -> _Complaint | None:
    # Of a tree that nobody could look at nothing is known.
    judged = _judged(expected.tree, seen.tree) if seen.is_observed else ()
    wrong = [one for one in judged if not one.is_mode_only]
    if seen.outcome is not Outcome.COMPLETED:
        cause = Cause.REFUSED if wrong else _late(seen, control)
        return _Complaint(True, _ended(seen, cause), describe.ending(seen), len(wrong))
    if wrong:
        text = f"completed, but {describe.tree_differences(wrong)}"
        return _Complaint(True, frozenset(map(_cause, wrong)), text, len(wrong))
    if expected.memory_growth is not None and control is not None:
        peak, base = seen.run.peak_memory, control.run.peak_memory
        if peak is not None and base is not None and peak - base > expected.memory_growth:
            return _Complaint(
                True,
                frozenset((Cause.MEMORY,)),
                f"completed, with a peak of {describe.size(peak)} of memory"
                f" against {describe.size(base)} for the small payload",
            )
    return None


def _against_serves(expected: Serves, seen: Observation) -> _Complaint | None:
    if seen.outcome is not Outcome.COMPLETED:
        return _Complaint(True, _ended(seen, Cause.REFUSED), describe.ending(seen))
    for phrase in expected.says:
        if phrase not in seen.run.stdout + seen.run.stderr:
            text = f"served, without {describe.name(phrase)} in its output"
            return _Complaint(True, frozenset((Cause.ANSWER,)), text)
    return None


def _ended(seen: Observation, cause: Cause) -> frozenset[Cause]:
    """A crash or a hang, if it was one, and the cause otherwise."""
    return frozenset((ENDINGS.get(seen.outcome, cause),))


def _late(seen: Observation, control: Observation | None) -> Cause:
    """What a failure is when everything is in its place.

    Who has completed with such a link once, in the control, does not stumble over it.
    """
    has_passed = control is not None and control.outcome is Outcome.COMPLETED
    if control is not None and has_passed and has_stumbling_block(control.tree):
        return Cause.LATE
    return Cause.STUMBLED if has_stumbling_block(seen.tree) else Cause.LATE


def _cause(one: Difference) -> Cause:
    if one.observed is None:
        return Cause.LOST
    if one.expected is not None:
        return Cause.DATA
    return Cause.SMUGGLED if SMUGGLED in one.name else Cause.EXTRA


def _against_fails(
    expected: Fails, case: Case, seen: Observation, digest: str
) -> _Complaint | None:
    if not seen.outcome.is_failure:
        text = describe.ending(seen)
        if seen.outcome is Outcome.COMPLETED:
            text += f", tree: {describe.seen_tree(seen)}"
        return _Complaint(False, _ended(seen, Cause.ACCEPTED), text)
    if expected.untouched and not seen.output_is_untouched:
        text = f"{describe.ending(seen)}, but {describe.output_changes(seen)}"
        return _Complaint(False, frozenset((Cause.WRITTEN,)), text)
    given = case.argument if not isinstance(case.argument, Argument) else digest
    for phrase in expected.says:
        words = phrase.replace(b"{expected}", given.encode()).replace(b"{actual}", digest.encode())
        if words not in seen.run.stderr:
            text = f"{describe.ending(seen)}, without {describe.name(words)} in its message"
            return _Complaint(False, frozenset((Cause.MESSAGE,)), text)
    return None


def _judged(expected: Tree, observed: Tree) -> Iterable[Difference]:
    """Differences that the case is judged by: special files have a requirement of their own."""
    return (
        one
        for one in differences(expected, observed)
        if not (one.expected is None and isinstance(one.observed, Special))
    )
