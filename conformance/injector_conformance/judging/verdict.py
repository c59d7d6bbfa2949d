"""The judge: from a case and an observation to the promises that were broken.

Judging is a pure function. Some promises hold for every run, whatever the case is about; breaking
one of them counts against its own requirement, and against the case's only if its words are broken
by the same (:mod:`injector_conformance.judging.cause`).
"""

from __future__ import annotations

import stat
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from injector_conformance.cases.case import Case, Completes, Fails
from injector_conformance.judging import describe
from injector_conformance.judging.cause import Broken, Cause, breaks
from injector_conformance.judging.expectation import ENDINGS, expectations
from injector_conformance.observations.observation import Observation
from injector_conformance.observations.outcome import Outcome
from injector_fixtures.tree import (
    FINAL_MODE,
    Directory,
    Regular,
    Special,
    Tree,
)

__all__ = ("UNIVERSAL", "Broken", "doubt", "judge")

OUTSIDE: Final = "BOX-1"
NOT_SHARED: Final = "BOX-2"
OUTPUT_STANDS: Final = "BOX-7"
ENDS_BY_ITSELF: Final = "RUN-2"
MODEST: Final = "BOX-8"
SPEAKS: Final = "RUN-3"
SHOWS: Final = "RUN-3a"
INIT_IS_LEFT: Final = "PAY-8"
NO_DEVICES: Final = "TAR-10"
MODES: Final = "MODE-1"
ODD_NAMES: Final = "MODE-3"
OWN_MODE: Final = "MODE-5"
OWNERS: Final = "TAR-15"
_ABOUT_MODES: Final = "MODE-"

UNIVERSAL: Final = (
    *(INIT_IS_LEFT, NO_DEVICES, OUTSIDE, NOT_SHARED, OUTPUT_STANDS, MODES, OWN_MODE),
    *(ENDS_BY_ITSELF, SPEAKS),
)
"""Requirements that every run is held to."""


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
            what it is about; promises that hold for every run were made all the same. And who
            wrote what is never to be written did so, whatever else it cannot do.
    """
    own = case.requirements if is_conclusive else ()
    watched = (*_confinement(own, seen), *_ends(own, seen), *_modes(case, own, seen))
    if not is_conclusive:
        return (*watched, *_wrote(case, seen))
    causes = {one.cause for one in watched}
    explained = any(
        not causes.isdisjoint(kinds) and any(one.startswith(about) for one in own)
        for kinds, about in _EXPLAINS
    )
    return (
        *(() if explained else expectations(case, seen, control, digest)),
        *_hand_over(case, seen),
        *_ownership(case, seen),
        *watched,
        *_speaks(case, seen),
        *_shows(case, seen),
    )


def doubt(case: Case, control: Observation) -> str:
    """Why a case is inconclusive, from its positive control; empty if it is not.

    The control must complete with its tree, and for a case about modes with the right ones.
    Other promises that hold for every run are left aside: whoever breaks one of them in the
    control breaks it in the case, too, and is told so by the control's own verdict.
    """
    positive = case.positive()
    complaint = next((one.observed for one in expectations(positive, control, None, "")), "")
    if not complaint and any(one.startswith(_ABOUT_MODES) for one in case.requirements):
        complaint = next((one.observed for one in _wrong_modes(positive, (), control)), "")
    return complaint


_EXPLAINS: Final = (
    ((Cause.CRASH, Cause.HANG, Cause.EXCESS), ""),
    ((Cause.OUTSIDE, Cause.SHARED), "BOX-"),
    ((Cause.DEVICE,), "TAR-10"),
)
"""What leaves nothing to say about what a case expects, if it is about that kind of
requirement: who gets out of the output directory has not got to an end that anybody expected."""


def _confinement(own: Sequence[str], seen: Observation) -> Iterator[Broken]:
    # Another name in the tree changes the file outside, too: that is one flaw and not two.
    theirs = {seen.output.prints[name].inode for name in seen.shared}
    outside = [
        one for one in seen.outside_changes if one.after is None or one.after.inode not in theirs
    ]
    if outside:
        text = describe.changes(outside)
        wanted = "nothing outside the output directory changes"
        for requirement in (OUTSIDE, *(one for one in own if one != OUTSIDE)):
            if breaks(requirement, Cause.OUTSIDE):
                yield Broken(requirement, wanted, text, Cause.OUTSIDE)
    if seen.shared:
        text = "in the tree: " + ", ".join(map(describe.name, seen.shared))
        wanted = "no file from outside becomes part of the tree"
        yield Broken(NOT_SHARED, wanted, text, Cause.SHARED)
    init = [one for one in seen.init_changes if one.after is None or one.after.inode not in theirs]
    if init:
        text = describe.changes(init)
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


def _ends(own: Sequence[str], seen: Observation) -> Iterator[Broken]:
    """Crashes and hangs: the case's, if its words speak of them, and RUN-2's otherwise."""
    if seen.outcome in ENDINGS:
        cause = ENDINGS[seen.outcome]
        wanted = "it ends by itself, never crashes, and leaves what can be looked at"
        usual = MODEST if cause is Cause.EXCESS else ENDS_BY_ITSELF
        speaks = next((one for one in own if breaks(one, cause)), usual)
        yield Broken(speaks, wanted, describe.ending(seen), cause)


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


def _shows(case: Case, seen: Observation) -> Iterator[Broken]:
    """What must not be printed as it is, wherever it was printed."""
    printed = seen.run.stdout + seen.run.stderr
    found = [one for one in case.unsaid if one in printed]
    if found:
        text = "it printed " + describe.listed(map(describe.name, found))
        yield Broken(SHOWS, "no control character of a name is printed", text, Cause.MESSAGE)


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
        usual = ODD_NAMES if _only_odd_names(wrong, seen.tree) else MODES
        about = (one for one in own if one.startswith(_ABOUT_MODES) and breaks(one, Cause.MODE))
        wanted = f"mode {FINAL_MODE:04o} throughout"
        yield Broken(next(about, usual), wanted, text, Cause.MODE)


def _only_odd_names(wrong: Mapping[bytes, int], tree: Tree) -> bool:
    """Whether modes are wrong at names that some programs do not see, and right at others."""
    return all(map(_is_odd, wrong)) and any(
        isinstance(entry, Regular | Directory) and entry.mode == FINAL_MODE
        for name, entry in tree.items()
        if not _is_odd(name)
    )


def _is_odd(name: bytes) -> bool:
    try:
        return not name.decode().isprintable()
    except UnicodeDecodeError:
        return True


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


def _wrote(case: Case, seen: Observation) -> Iterator[Broken]:
    """What was written by a run that may only fail and leave the output as it was (SUM-2)."""
    may_not_write = all(isinstance(one, Fails) and one.untouched for one in case.expect)
    if may_not_write and seen.outcome.is_failure and not seen.output_is_untouched:
        yield from expectations(case, seen, None, "")


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
