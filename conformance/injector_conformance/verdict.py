"""The judge: from a case and an observation to the promises that were broken.

Judging is a pure function. Some promises hold for every run, whatever the case is about; breaking
one of them counts against its own requirement, and against the case's only if its words are broken
by the same (:mod:`injector_conformance.cause`).
"""

from __future__ import annotations

import stat
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from injector_conformance import describe
from injector_conformance.case import SMUGGLED, Argument, Case, Completes, Fails
from injector_conformance.cause import Cause, breaks, charged
from injector_conformance.observation import Observation
from injector_conformance.outcome import Outcome
from injector_conformance.stumbling import has_link_to_nowhere
from injector_fixtures.tree import (
    FINAL_MODE,
    Difference,
    Directory,
    Regular,
    Special,
    Tree,
    differences,
)

OUTSIDE: Final = "BOX-1"
NOT_SHARED: Final = "BOX-2"
OUTPUT_STANDS: Final = "BOX-7"
ENDS_BY_ITSELF: Final = "RUN-2"
SPEAKS: Final = "RUN-3"
INIT_IS_LEFT: Final = "PAY-8"
NO_DEVICES: Final = "TAR-10"
MODES: Final = "MODE-1"
OWN_MODE: Final = "MODE-5"
OWNERS: Final = "TAR-15"
_ABOUT_MODES: Final = "MODE-"

UNIVERSAL: Final = (
    *(INIT_IS_LEFT, NO_DEVICES, OUTSIDE, NOT_SHARED, OUTPUT_STANDS, MODES, OWN_MODE),
    *(ENDS_BY_ITSELF, SPEAKS),
)
"""Requirements that every run is held to."""


@dataclass(frozen=True, slots=True)
class Broken:
    """A broken promise: whose it is, what was promised, what was seen, in words and in kind."""

    requirement: str
    expected: str
    observed: str
    cause: Cause


def judge(
    case: Case,
    seen: Observation,
    control: Observation | None = None,
    digest: str = "",
    *,
    is_conclusive: bool = True,
) -> tuple[Broken, ...]:
    """Every promise that ``seen`` breaks; empty when the subject kept them all.

    Args:
        case: what was run.
        seen: what came of it.
        control: what came of the case's positive control.
        digest: the SHA-256 of the case's payload, for messages that must name it (SUM-5).
        is_conclusive: whether the positive control completed. If not, the case says nothing about
            what it is about; promises that hold for every run were made all the same.
    """
    own = case.requirements if is_conclusive else ()
    case_promises = (
        *_case_promises(case, seen, control, digest),
        *_hand_over(case, seen),
        *_ownership(case, seen),
    )
    every = (
        *(case_promises if is_conclusive else ()),
        *_confinement(own, seen),
        *_ends(seen),
        *(_speaks(case, seen) if is_conclusive else ()),
        *_modes(case, own, seen),
    )
    # A case that is about a promise of every run says what it expects better than every run does.
    return tuple({(one.requirement, one.cause): one for one in reversed(every)}.values())[::-1]


def doubt(case: Case, control: Observation) -> str:
    """Why a case is inconclusive, from its positive control; empty if it is not.

    The control must complete with its tree, and for a case about modes with the right ones.
    Other promises that hold for every run are left aside: whoever breaks one of them in the
    control breaks it in the case, too, and is told so by the control's own verdict.
    """
    positive = case.positive()
    complaint = next((one.observed for one in _case_promises(positive, control, None, "")), "")
    if not complaint and control.outcome in _ENDINGS:
        complaint = describe.ending(control)
    if not complaint and any(one.startswith(_ABOUT_MODES) for one in case.requirements):
        complaint = next((one.observed for one in _wrong_modes(positive, (), control)), "")
    return complaint


_ENDINGS: Final = {Outcome.CRASHED: Cause.CRASH, Outcome.HUNG: Cause.HANG}


def _case_promises(
    case: Case, seen: Observation, control: Observation | None, digest: str
) -> Iterator[Broken]:
    """What the case itself expects: one of its alternatives must hold."""
    complaints = []
    for expected in case.expect:
        complaint = (
            _against_completes(expected, seen, control)
            if isinstance(expected, Completes)
            else _against_fails(expected, case, seen, digest)
        )
        if complaint is None:
            return
        complaints.append(complaint)
    # What comes nearest to what was seen tells best what is wrong.
    completed = seen.outcome is Outcome.COMPLETED
    nearest = min(complaints, key=lambda one: (one.completed != completed, one.distance))
    wanted = " or ".join(describe.expectation(one) for one in case.expect)
    if seen.outcome in _ENDINGS:
        nearest = replace(nearest, causes=frozenset((_ENDINGS[seen.outcome],)))
    for requirement, cause in charged(case.requirements, nearest.causes):
        yield Broken(requirement, wanted, nearest.text, cause)


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
    if seen.outcome is not Outcome.COMPLETED:
        cause = Cause.REFUSED if _wrong(expected, seen) else _late(seen)
        return _Complaint(True, frozenset((cause,)), describe.ending(seen))
    wrong = _wrong(expected, seen)
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


def _wrong(expected: Completes, seen: Observation) -> list[Difference]:
    return [one for one in _judged(expected.tree, seen.tree) if not one.is_mode_only]


def _late(seen: Observation) -> Cause:
    """What a failure is when everything is in its place."""
    return Cause.STUMBLED if has_link_to_nowhere(seen.tree) else Cause.LATE


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
            text += f", tree: {describe.tree(seen.tree)}"
        return _Complaint(False, frozenset((Cause.ACCEPTED,)), text)
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


def _confinement(own: Sequence[str], seen: Observation) -> Iterator[Broken]:
    if seen.outside_changes:
        text = describe.changes(seen.outside_changes)
        for requirement in _with_own(OUTSIDE, own, Cause.OUTSIDE):
            wanted = "nothing outside the output directory changes"
            yield Broken(requirement, wanted, text, Cause.OUTSIDE)
    if seen.shared:
        text = "in the tree: " + ", ".join(map(describe.name, seen.shared))
        for requirement in _with_own(NOT_SHARED, own, Cause.SHARED):
            wanted = "no file from outside becomes part of the tree"
            yield Broken(requirement, wanted, text, Cause.SHARED)
    if seen.init_changes:
        text = describe.changes(seen.init_changes)
        wanted = "the init directory is left as it was"
        yield Broken(INIT_IS_LEFT, wanted, text, Cause.INIT)
    devices = [
        name
        for name, entry in seen.tree.items()
        if isinstance(entry, Special) and name not in seen.output_before.prints
    ]
    if devices:
        text = "in the tree: " + ", ".join(map(describe.name, devices))
        yield Broken(NO_DEVICES, "no device, FIFO or socket is created", text, Cause.DEVICE)


def _with_own(universal: str, own: Sequence[str], cause: Cause) -> Iterable[str]:
    """The promise of every run, and those of the case whose words the cause breaks as well."""
    return dict.fromkeys((universal, *(one for one in own if breaks(one, cause))))


def _ends(seen: Observation) -> Iterator[Broken]:
    if seen.outcome in _ENDINGS:
        cause = _ENDINGS[seen.outcome]
        wanted = "it ends by itself and never crashes"
        yield Broken(ENDS_BY_ITSELF, wanted, describe.ending(seen), cause)


def _speaks(case: Case, seen: Observation) -> Iterator[Broken]:
    """How it fails, where it is right to fail: elsewhere its fault is another one."""
    if not any(isinstance(one, Fails) for one in case.expect):
        return
    if seen.outcome is Outcome.ABORTED:
        observed = describe.ending(seen)
    elif seen.outcome is Outcome.REJECTED and _is_silent(case, seen):
        observed = "rejected without a message"
    else:
        return
    yield Broken(SPEAKS, "it rejects with a message", observed, Cause.MESSAGE)


def _is_silent(case: Case, seen: Observation) -> bool:
    return case.conditions.stderr == "captured" and not seen.run.stderr


def _modes(case: Case, own: Sequence[str], seen: Observation) -> Iterator[Broken]:
    root = seen.output.prints.get(b".")
    if seen.is_observed and (root is None or not isinstance(root.entry, Directory)):
        wanted = "the output directory stays"
        yield Broken(OUTPUT_STANDS, wanted, "it is gone or replaced", Cause.OUTPUT)
        return
    if root is not None and isinstance(root.entry, Directory):
        yield from _root_mode(case, seen, root.entry.mode)
    yield from _wrong_modes(case, own, seen)


def _wrong_modes(case: Case, own: Sequence[str], seen: Observation) -> Iterator[Broken]:
    """Entries that are not as MODE-1 wants them, charged to the case if it is about modes."""
    if seen.outcome is not Outcome.COMPLETED:
        return
    expected = [one.tree for one in case.expect if isinstance(one, Completes)]
    wrong = {
        name: entry.mode
        for name, entry in seen.tree.items()
        if isinstance(entry, Directory | Regular)
        and entry.mode not in _allowed_modes(name, expected, entry.mode)
    }
    if wrong:
        text = describe.listed(f"{describe.name(name)} {mode:04o}" for name, mode in wrong.items())
        about = [one for one in own if one.startswith(_ABOUT_MODES) and breaks(one, Cause.MODE)]
        for requirement in about or (MODES,):
            yield Broken(requirement, f"mode {FINAL_MODE:04o} throughout", text, Cause.MODE)


def _allowed_modes(name: bytes, trees: list[Tree], found: int) -> set[int]:
    """The modes that an entry may have; one that is in no tree may have any."""
    entries = [tree[name] for tree in trees if name in tree]
    if not entries:
        return {found}
    own = {entry.mode for entry in entries if isinstance(entry, Directory | Regular)}
    return {FINAL_MODE, *own}


def _root_mode(case: Case, seen: Observation, mode: int) -> Iterator[Broken]:
    """What the output directory's own mode must be."""
    if mode & stat.S_IRWXU != stat.S_IRWXU:
        wanted = "the output directory stays accessible"
        yield Broken(OUTPUT_STANDS, wanted, f"mode {mode:04o}", Cause.OUTPUT)
    is_own = case.conditions.user == "root" and case.conditions.output == "directory"
    if seen.outcome is Outcome.COMPLETED and is_own and mode != FINAL_MODE:
        wanted = f"the output directory ends as {FINAL_MODE:04o}"
        yield Broken(OWN_MODE, wanted, f"mode {mode:04o}", Cause.MODE)


def _ownership(case: Case, seen: Observation) -> Iterator[Broken]:
    """Owners and attributes, in the cases whose archives have any to apply.

    Who runs the subject is the driver's business, so no owner is expected by number: whatever one
    process makes without the archive's help has one owner.
    """
    if OWNERS not in case.requirements:
        return
    before = seen.output_before.prints
    made = {name: one for name, one in seen.output.prints.items() if name not in before}
    owners = {(one.user, one.group) for one in made.values()}
    if len(owners) > 1:
        text = ", ".join(
            f"{describe.name(name)} {one.user}:{one.group}" for name, one in sorted(made.items())
        )
        wanted = "everything has the owner and group of the injector"
        yield Broken(OWNERS, wanted, text, Cause.OWNER)
    inherited = before[b"."].attributes if b"." in before else ()
    given = {name: one.attributes for name, one in made.items() if one.attributes}
    if given and not inherited:
        text = ", ".join(
            f"{describe.name(name)} {' '.join(found)}" for name, found in given.items()
        )
        wanted = "no extended attributes and no access control lists"
        yield Broken(OWNERS, wanted, text, Cause.OWNER)


def _hand_over(case: Case, seen: Observation) -> Iterator[Broken]:
    """What is executed next, from what was extracted, must complete (CTR-4)."""
    after = seen.run.after
    if not case.conditions.then or (after is not None and not after.stopped and after.status == 0):
        return
    if after is None:
        observed = "it was not executed: " + describe.ending(seen)
    else:
        said = (after.stderr or after.stdout).decode(errors="replace").strip()
        observed = f"status {after.status}: {said}"
    for requirement in case.requirements:
        wanted = f"{case.conditions.then[0]} completes as next process"
        yield Broken(requirement, wanted, observed, Cause.NEXT)
