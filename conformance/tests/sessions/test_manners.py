"""What SPEC.md leaves free is charged to nobody: neither to want a layout nor to leave no tree."""

from __future__ import annotations

import sys
from dataclasses import replace
from typing import Final

import pytest

from injector_conformance.cases.case import Case, Completes, Fails
from injector_conformance.chapters.recipes import archived, completes, control, whole
from injector_conformance.chapters.serving import plain
from injector_conformance.run import suite
from injector_conformance.sessions import fitting
from injector_conformance.sessions.manner import Manner
from injector_conformance.sessions.session import CaseResult, CaseStatus
from injector_fixtures import gzip, tar
from injector_fixtures.layout import File, volume

pytestmark = pytest.mark.needs("namespaces")

MANNERS: Final = ("wants-a-layout", "leaves-no-tree", "passes-over-links")
SAMPLE: Final = (
    *("pay-links-cross", "pay-init-read-only-volume", "run-bare-golden", "gz-crc-zero"),
    *(
        "sum-mismatch-in-last-digit",
        "tar-emptied-size",
        "tar-format-v7",
        "box-dotdot-overwrites",
    ),
    *("names-broken-no-index", "life-unchanged-pulls", "arg-both-roots", "ext-over-more"),
)


def judged(manner: str, *ids: str) -> dict[str, CaseResult]:
    command = (sys.executable, "-m", "manners", manner)
    planned = suite.plan(command, ids=ids, profile="unified", sandbox="namespaces")
    with planned.opened(2) as session:
        return {one.case.id: one for one in session.judge_all(list(planned.cases.values()))}


@pytest.mark.parametrize("manner", MANNERS)
def test_nobody_is_accused_of_a_manner(manner: str) -> None:
    found = judged(manner, *SAMPLE)

    accused = {one.case.id: one.broken for one in found.values() if one.broken}
    assert accused == {}
    allowed = {CaseStatus.PASSED, CaseStatus.NOT_APPLICABLE}
    assert {one.status for one in found.values()} <= allowed


def test_what_needs_a_tree_is_not_applicable_without_one() -> None:
    found = judged("leaves-no-tree", "tar-format-v7", "gz-crc-zero", "life-unchanged-pulls")

    assert found["tar-format-v7"].status is CaseStatus.NOT_APPLICABLE
    assert "EXT-4" in found["tar-format-v7"].reason
    assert found["gz-crc-zero"].status is CaseStatus.PASSED
    assert found["life-unchanged-pulls"].status is CaseStatus.PASSED


def test_who_wants_a_layout_is_judged_by_what_its_payload_is_about() -> None:
    case = replace(ordinary(), init=whole(gzip.tgz(tar.file(b"a", b"1"))))
    fit = fitting.fitted(case, Manner(needs_layout=True))

    assert fit is not None
    assert fit.init().payload.endswith(case.init().payload)
    assert [one.tree for one in fit.expect if isinstance(one, Completes)] == [
        {**plain().tree, **completes({b"a": b"1"})[0].tree}
    ]


def test_what_is_no_gzip_stays_what_it_is() -> None:
    init = whole(b"no gzip")()

    assert fitting.completed(init) is init


def test_an_argument_that_fits_goes_on_to_fit() -> None:
    case = ordinary()
    literal = replace(case, argument=case.init().sha256)
    fit = fitting.fitted(literal, Manner(needs_layout=True))

    assert fit is not None
    assert fit.argument == fit.init().sha256 != literal.argument


def test_chunks_that_are_links_are_plain_files_for_who_serves() -> None:
    init = volume([b"one", b"two"])

    assert fitting.unlinked(init).payload == init.payload
    assert [
        entry
        for name, entry in fitting.unlinked(init).entries.items()
        if name.startswith(b"zarf-payload-")
    ] == [File(b"one"), File(b"two")]


def test_a_refusal_is_judged_with_a_control_that_is_completed_likewise() -> None:
    member = tar.file(b"a", b"1")
    case = replace(
        ordinary(),
        init=whole(gzip.tgz(member, crc=0)),
        expect=(Fails(),),
        control=control({b"a": b"1"}, member),
    )
    fit = fitting.fitted(case, Manner(needs_layout=True))

    assert fit is not None
    assert fit.control is not None
    assert fit.control.init().payload.endswith(archived(member)().payload)
    assert b"index.json" in fit.control.tree


def ordinary() -> Case:
    """A case that completes with one file."""
    return Case(
        id="test-ordinary",
        title="a file",
        why="nothing can be extracted",
        origin="a test",
        requirements=("TAR-2",),
        init=archived(tar.file(b"a", b"1")),
        expect=completes({b"a": b"1"}),
    )
