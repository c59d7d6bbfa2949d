"""What follows for requirements from what a check has met."""

from __future__ import annotations

import pytest

from injector_conformance.cluster import faults, further
from injector_conformance.cluster.errors import ClusterError
from injector_conformance.cluster.faults import Fault, Finding
from injector_conformance.cluster.steps import BrokenError, Steps
from injector_conformance.cluster.verdicts import (
    REQUIREMENTS,
    Check,
    Verdict,
    Verdicts,
    alpine,
    judge,
)
from injector_conformance.specification import spec

FAULTS = [value for value in vars(further).values() if isinstance(value, Fault)]
CHECK = Check("restart", "started again", ("EXT-3",), "it stayed")


def judged(raised: Exception | None) -> Verdicts:
    verdicts = Verdicts("unified")

    def body() -> None:
        if raised is not None:
            raise raised

    went_well = judge(CHECK, verdicts, Steps(lambda _: None), body)
    assert went_well == (raised is None)
    return verdicts


def of(verdicts: Verdicts, requirement: str) -> Verdict:
    return next(one.verdict for one in verdicts.all() if one.requirement == requirement)


@pytest.mark.parametrize(
    ("raised", "verdict"),
    [
        (None, Verdict.KEPT),
        (BrokenError(Finding(further.NOT_AGAIN, "status 1")), Verdict.BROKEN),
        (BrokenError(Finding(faults.WRONG_BYTES, "a pull")), Verdict.SKIPPED),
        (BrokenError(Finding(faults.UNNAMED, "60 s")), Verdict.SKIPPED),
        (ClusterError("kubectl: no answer"), Verdict.SKIPPED),
    ],
)
def test_a_check_charges_what_its_fault_breaks_and_nothing_else(
    raised: Exception | None, verdict: Verdict
) -> None:
    assert of(judged(raised), "EXT-3") is verdict


def test_a_fault_of_another_requirement_is_charged_to_that_one() -> None:
    verdicts = judged(BrokenError(Finding(faults.WRONG_BYTES, "a pull")))

    assert of(verdicts, "NAMES-11") is Verdict.BROKEN
    assert verdicts.finding is not None


def test_what_no_requirement_asks_for_is_a_note_and_no_finding() -> None:
    verdicts = judged(BrokenError(Finding(further.NOT_AS_OTHER_USER, "status 1")))

    assert verdicts.finding is None
    assert "another user" in verdicts.notes[0]


def test_what_is_broken_stays_broken() -> None:
    verdicts = judged(BrokenError(Finding(further.NOT_AGAIN, "status 1")))
    verdicts.keep("later", "EXT-3")
    verdicts.skip("later still", "EXT-3")

    assert of(verdicts, "EXT-3") is Verdict.BROKEN


def test_what_was_not_reached_is_skipped_and_says_why() -> None:
    said = Verdicts("stage1").all()

    assert {one.verdict for one in said} == {Verdict.SKIPPED}
    assert all(one.why for one in said)


@pytest.mark.parametrize(
    ("image", "architecture", "kept"),
    [
        ("docker.io/library/alpine:3.23", "amd64", {"CTR-1"}),
        ("alpine", "arm64", {"CTR-2"}),
        ("alpine/socat:1.8", "amd64", set[str]()),
        ("registry.example:5000/debian", "amd64", set[str]()),
    ],
)
def test_only_an_image_of_alpine_judges_what_speaks_of_alpine(
    image: str, architecture: str, kept: set[str]
) -> None:
    verdicts = Verdicts("unified")
    alpine(verdicts, image, architecture)

    assert {one.requirement for one in verdicts.all() if one.verdict is Verdict.KEPT} == kept


def test_every_id_is_one_of_the_specification() -> None:
    known = set(spec.load().requirements)

    for ids in REQUIREMENTS.values():
        assert set(ids) <= known
    for fault in FAULTS:
        assert set(fault.breaks) <= known
        assert fault.why
    assert len({fault.id for fault in (*FAULTS, *faults.FAULTS)}) == len(FAULTS) + len(
        faults.FAULTS
    )
