"""The catalogue: every case of every chapter, and how to select among them."""

from __future__ import annotations

import difflib
import fnmatch
import importlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache
from types import MappingProxyType
from typing import Final

from injector_conformance.cases import contents
from injector_conformance.cases.case import Case, Check
from injector_conformance.judging.promises import under
from injector_conformance.profiles import PROFILES
from injector_conformance.specification.spec import Specification

MODULES: Final = (
    "payload",
    "checksum",
    "gzip",
    "tar",
    "confinement",
    "modes",
    "running",
    "arguments",
    "extraction",
    "names",
    "http",
    "life",
    "container",
)
"""Chapter packages below :mod:`injector_conformance.chapters`, in the order of SPEC.md; each has
a sequence ``CASES``."""


class SelectionError(Exception):
    """Nothing, or something unknown, was selected; the message says what."""


@cache
def load() -> Mapping[str, Case]:
    """All cases by id, in the order of the chapters.

    Raises:
        ValueError: two cases have the same id.
    """
    cases: dict[str, Case] = {}
    for module in MODULES:
        chapter = importlib.import_module(f"injector_conformance.chapters.{module}")
        for case in chapter.CASES:
            if case.id in cases:
                raise ValueError(f"two cases have the id {case.id}")
            cases[case.id] = case
    return MappingProxyType({case.id: case for case in _with_controls(cases.values())})


def _with_controls(cases: Iterable[Case]) -> Iterator[Case]:
    """The cases, each positive control as a case of its own in front of the first that has it.

    Controls of the same payload under the same conditions are one, whatever they are written like.
    """
    known: dict[object, Case] = {}

    def named(case: Case) -> Iterator[Case]:
        if case.control is None:
            yield case
            return
        positive = case.positive()
        init = positive.init()
        entries = frozenset(init.entries.items())
        key = (entries, repr(positive.conditions), positive.argument, positive.is_measured)
        if key not in known:
            about = case.control.requirements or contents.needs(init.payload)
            *before, known[key] = named(replace(positive, requirements=about))
            yield from (*before, known[key])
        one = known[key]
        yield replace(case, control=replace(case.control, id=one.id, control=one.control))

    for case in cases:
        yield from named(case)


def select(
    cases: Mapping[str, Case],
    specification: Specification,
    *,
    ids: Sequence[str] = (),
    requirements: Sequence[str] = (),
    skip: Sequence[str] = (),
    profile: str = "stage1",
) -> tuple[Case, ...]:
    """The cases that the user asked for.

    Args:
        cases: from :func:`load`.
        specification: what the requirement ids mean.
        ids: case ids or shell patterns of them; all cases if none is given.
        requirements: only cases of these requirements, or of these chapters (``TAR``).
        skip: none of these requirements, chapters, case ids or patterns. A case that others are
            held against stays with them.
        profile: only cases with a requirement of this profile.

    Raises:
        SelectionError: an id or a requirement is unknown, or nothing is left.
    """
    requirements = [spelled(one, specification) for one in requirements]
    chosen = list(under_profile(cases, specification, profile).values())
    if ids:
        wanted = {case.id for pattern in ids for case in matching(cases, pattern)}
        chosen = [case for case in chosen if case.id in wanted]
    chosen = [
        case
        for case in chosen
        if is_wanted(case, requirements) and not is_skipped(case, skip, specification)
    ]
    if not chosen:
        raise SelectionError(
            "no case is left by this selection; injector-conformance list"
            " shows the cases and their requirements"
        )
    return tuple(chosen)


def under_profile(
    cases: Mapping[str, Case], specification: Specification, profile: str
) -> Mapping[str, Case]:
    """The cases that a profile judges, each with the requirements that it is about there."""
    value, known = PROFILES[profile], specification.requirements
    every = (under(case, value, known) for case in cases.values())
    judged = {case.id: case for case in every if case is not None}
    # Controls are judged for the sake of cases, and go with them.
    kept = with_controls((case for case in judged.values() if not case.is_control), judged)
    return {case.id: case for case in kept}


def with_controls(chosen: Iterable[Case], cases: Mapping[str, Case]) -> tuple[Case, ...]:
    """The chosen cases and their positive controls, in the order of ``cases``."""
    wanted: set[str] = set()
    for case in chosen:
        one: Case | None = case
        while one is not None and one.id not in wanted:
            wanted.add(one.id)
            one = cases[one.control.id] if one.control is not None else None
    return tuple(case for case in cases.values() if case.id in wanted)


def is_wanted(check: Check, requirements: Sequence[str]) -> bool:
    """Whether a check is about one of these requirements or chapters; no list means all."""
    wanted = set(requirements)
    return not wanted or any(
        one in wanted or one.partition("-")[0] in wanted for one in check.requirements
    )


def spelled(word: str, specification: Specification) -> str:
    """A requirement or a chapter as SPEC.md spells it, however the user did: TAR-3 for tar-3.

    Raises:
        SelectionError: there is none.
    """
    found = _known(specification).get(word.lower())
    if found is None:
        hint = suggestion(word, _known(specification).values())
        raise SelectionError(f"no requirement {word} in SPEC.md{hint}")
    return found


def _known(specification: Specification) -> Mapping[str, str]:
    """Requirements and chapters by what they are in lower case."""
    return {one.lower(): one for one in (*specification.requirements, *specification.chapters)}


def is_skipped(check: Check, skip: Sequence[str], specification: Specification) -> bool:
    """Whether a check is left out: by its id, or by a requirement or chapter that it is about."""
    known = _known(specification)
    about = [known[one.lower()] for one in skip if one.lower() in known]
    return bool(about and is_wanted(check, about)) or any(
        fnmatch.fnmatchcase(check.id, one.lower()) for one in skip
    )


def check_skips(skip: Iterable[str], checks: Iterable[str], specification: Specification) -> None:
    """Refuse a word that leaves nothing out: it was meant for something.

    Raises:
        SelectionError: there is no such requirement, chapter or check.
    """
    ids, known = list(checks), _known(specification)
    for one in skip:
        if one.lower() not in known and not fnmatch.filter(ids, one.lower()):
            hint = suggestion(one, [*known.values(), *ids])
            raise SelectionError(f"--skip {one}: no requirement, chapter or case{hint}")


def matching(cases: Mapping[str, Case], pattern: str) -> tuple[Case, ...]:
    """The cases whose id is, or matches, ``pattern``.

    Raises:
        SelectionError: there is none.
    """
    found = tuple(cases[name] for name in fnmatch.filter(cases, pattern.lower()))
    if not found:
        raise SelectionError(f"no case {pattern}{suggestion(pattern, cases)}")
    return found


def suggestion(word: str, known: Iterable[str]) -> str:
    """Half a sentence that names the known word most like ``word``, if any is like it."""
    by_lower = {one.lower(): one for one in known}
    close = difflib.get_close_matches(word.lower(), list(by_lower), n=1)
    return f"; did you mean {by_lower[close[0]]}?" if close else ""
