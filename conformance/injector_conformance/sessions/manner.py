"""Manners: what SPEC.md leaves to a subject that serves, and what its cases have to go along with.

Two things are free that nearly every payload would stumble over. An injector may fail at the start
if what it has extracted is no layout (NAMES-9); most payloads are none. And it may leave no tree
(EXT-4), where most cases look. Both are found out once, by two runs before the first case.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from injector_conformance.cases.case import Case
from injector_conformance.chapters import serving
from injector_conformance.chapters.recipes import archived
from injector_conformance.judging.answers import complaints
from injector_conformance.observations.observation import Observation
from injector_conformance.observations.outcome import Outcome
from injector_fixtures import tar

_ORIGIN: Final = "SPEC.md, NAMES-9 and EXT-4"


@dataclass(frozen=True, slots=True)
class Manner:
    """How a subject uses its freedom.

    Attributes:
        needs_layout: it fails at the start where a layout is missing.
        leaves_no_tree: what it serves does not lie in the output directory.
    """

    needs_layout: bool = False
    leaves_no_tree: bool = False


USUAL: Final = Manner()

LAYOUT: Final = serving.case(
    "manner-layout",
    "a layout, pulled whole",
    "NAMES-1",
    "who does not serve a layout has no manner that anybody need go along with",
    _ORIGIN,
    *serving.pulls(serving.plain(), f"{serving.NAME}:{serving.TAG}"),
)

NO_LAYOUT: Final = serving.case(
    "manner-no-layout",
    "the plainest of all payloads that are no layout: one file",
    "NAMES-9",
    "who serves a layout, and fails here, wants to see one",
    _ORIGIN,
    init=archived(tar.file(b"a", b"1")),
)


def found(see: Callable[[Case], Observation]) -> Manner:
    """The manner of a subject, from what is seen of it in :data:`LAYOUT` and :data:`NO_LAYOUT`."""
    served = see(LAYOUT)
    if served.outcome is not Outcome.COMPLETED or served.service is None:
        return USUAL
    if any(complaints(LAYOUT.exchange, served.service)):
        return USUAL
    return Manner(
        needs_layout=see(NO_LAYOUT).outcome.is_failure,
        leaves_no_tree=not served.tree,
    )
