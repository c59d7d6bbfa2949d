"""The judge: from a case and an observation to the promises that were broken.

Judging is a pure function. Some promises hold for every run, whatever the case is about; breaking
one of them counts against its own requirement and not against the case's.
"""

from __future__ import annotations

import stat
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from injector_conformance import describe
from injector_conformance.case import Argument, Case, Completes, Fails
from injector_conformance.observation import Observation
from injector_conformance.outcome import Outcome
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
LINKS_STAY: Final = "MODE-4"
OWNERS: Final = "TAR-15"

UNIVERSAL: Final = (
    *(INIT_IS_LEFT, NO_DEVICES, OUTSIDE, NOT_SHARED, OUTPUT_STANDS, MODES, OWN_MODE),
    *(ENDS_BY_ITSELF, SPEAKS),
)
"""Requirements that every run is held to."""


@dataclass(frozen=True, slots=True)
class Broken:
    """A broken promise: whose it is, what was promised, what was seen, in words."""

    requirement: str
    expected: str
    observed: str


def judge(
    case: Case, seen: Observation, control: Observation | None = None, digest: str = ""
) -> tuple[Broken, ...]:
    """Every promise that ``seen`` breaks; empty when the subject kept them all.

    Args:
        case: what was run.
        seen: what came of it.
        control: what came of the case's positive control, which has completed.
        digest: the SHA-256 of the case's payload, for messages that must name it (SUM-5).
    """
    return (
        *_case_promises(case, seen, control, digest),
        *_confinement(case, seen),
        *_conduct(case, seen),
        *_modes(case, seen),
        *_hand_over(case, seen),
        *_ownership(case, seen),
    )


def unexpected(case: Case, seen: Observation) -> str:
    """What a case did not expect to see, in words; empty if it expected it.

    This is about the case itself. Promises that hold for every run are left aside: whoever breaks
    one of them in a positive control breaks it in the case, too.
    """
    return next((one.observed for one in _case_promises(case, seen, None, "")), "")


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
    wanted = " or ".join(describe.expectation(one) for one in case.expect)
    relevant = [one for one in complaints if one.concerns(seen.outcome)] or complaints
    for requirement in case.requirements:
        yield Broken(requirement, wanted, "; ".join(one.text for one in relevant))


@dataclass(frozen=True, slots=True)
class _Complaint:
    """Why one alternative does not hold; ``outcome`` is the one that it asked for."""

    completed: bool
    text: str

    def concerns(self, outcome: Outcome) -> bool:
        return self.completed == (outcome is Outcome.COMPLETED)


def _against_completes(
    expected: Completes, seen: Observation, control: Observation | None
) -> _Complaint | None:
    if seen.outcome is not Outcome.COMPLETED:
        return _Complaint(True, describe.ending(seen))
    wrong = [one for one in _judged(expected.tree, seen.tree) if not one.is_mode_only]
    if wrong:
        return _Complaint(True, f"completed, but {describe.tree_differences(wrong)}")
    if expected.memory_growth is not None and control is not None:
        peak, base = seen.run.peak_memory, control.run.peak_memory
        if peak is not None and base is not None and peak - base > expected.memory_growth:
            return _Complaint(
                True,
                f"completed, with a peak of {describe.size(peak)} of memory"
                f" against {describe.size(base)} for the small payload",
            )
    return None


def _against_fails(
    expected: Fails, case: Case, seen: Observation, digest: str
) -> _Complaint | None:
    if not seen.outcome.is_failure:
        text = describe.ending(seen)
        if seen.outcome is Outcome.COMPLETED:
            text += f", tree: {describe.tree(seen.tree)}"
        return _Complaint(False, text)
    if expected.untouched and not seen.output_is_untouched:
        change = describe.output_changes(seen)
        return _Complaint(False, f"{describe.ending(seen)}, but {change}")
    given = case.argument if not isinstance(case.argument, Argument) else digest
    for phrase in expected.says:
        words = phrase.replace(b"{expected}", given.encode()).replace(b"{actual}", digest.encode())
        if words not in seen.run.stderr:
            text = f"{describe.ending(seen)}, without {describe.name(words)} in its message"
            return _Complaint(False, text)
    return None


def _judged(expected: Tree, observed: Tree) -> Iterable[Difference]:
    """Differences that the case is judged by: special files have a requirement of their own."""
    return (
        one
        for one in differences(expected, observed)
        if not (one.expected is None and isinstance(one.observed, Special))
    )


def _confinement(case: Case, seen: Observation) -> Iterator[Broken]:
    own = [one for one in case.requirements if one.startswith("BOX-") or one == LINKS_STAY]
    if seen.outside_changes:
        text = describe.changes(seen.outside_changes)
        for requirement in dict.fromkeys((OUTSIDE, *own)):
            yield Broken(requirement, "nothing outside the output directory changes", text)
    if seen.shared:
        text = "in the tree: " + ", ".join(map(describe.name, seen.shared))
        for requirement in dict.fromkeys((NOT_SHARED, *own)):
            yield Broken(requirement, "no file from outside becomes part of the tree", text)
    if seen.init_changes:
        text = describe.changes(seen.init_changes)
        yield Broken(INIT_IS_LEFT, "the init directory is left as it was", text)
    devices = [
        name
        for name, entry in seen.tree.items()
        if isinstance(entry, Special) and name not in seen.output_before.prints
    ]
    if devices:
        text = "in the tree: " + ", ".join(map(describe.name, devices))
        yield Broken(NO_DEVICES, "no device, FIFO or socket is created", text)


def _conduct(case: Case, seen: Observation) -> Iterator[Broken]:
    if seen.outcome in (Outcome.HUNG, Outcome.CRASHED):
        yield Broken(ENDS_BY_ITSELF, "it ends by itself and never crashes", describe.ending(seen))
    if seen.outcome is Outcome.ABORTED:
        yield Broken(SPEAKS, "it rejects with a message", describe.ending(seen))
    elif seen.outcome is Outcome.REJECTED and _is_silent(case, seen):
        yield Broken(SPEAKS, "it rejects with a message", "rejected without a message")


def _is_silent(case: Case, seen: Observation) -> bool:
    return case.conditions.stderr == "captured" and not seen.run.stderr


def _modes(case: Case, seen: Observation) -> Iterator[Broken]:
    root = seen.output.prints.get(b".")
    if seen.is_observed and (root is None or not isinstance(root.entry, Directory)):
        yield Broken(OUTPUT_STANDS, "the output directory stays", "it is gone or replaced")
        return
    if root is not None and isinstance(root.entry, Directory):
        yield from _root_mode(case, seen, root.entry.mode)
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
        own = [one for one in case.requirements if one.startswith("MODE-")]
        text = ", ".join(f"{describe.name(name)} {mode:04o}" for name, mode in wrong.items())
        for requirement in own or (MODES,):
            yield Broken(requirement, f"mode {FINAL_MODE:04o} throughout", text)


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
        yield Broken(OUTPUT_STANDS, "the output directory stays accessible", f"mode {mode:04o}")
    is_own = case.conditions.user == "root" and case.conditions.output == "directory"
    if seen.outcome is Outcome.COMPLETED and is_own and mode != FINAL_MODE:
        wanted = f"the output directory ends as {FINAL_MODE:04o}"
        yield Broken(OWN_MODE, wanted, f"mode {mode:04o}")


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
        yield Broken(OWNERS, "everything has the owner and group of the injector", text)
    inherited = before[b"."].attributes if b"." in before else ()
    given = {name: one.attributes for name, one in made.items() if one.attributes}
    if given and not inherited:
        text = ", ".join(
            f"{describe.name(name)} {' '.join(found)}" for name, found in given.items()
        )
        yield Broken(OWNERS, "no extended attributes and no access control lists", text)


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
        yield Broken(requirement, f"{case.conditions.then[0]} completes as next process", observed)
