"""Subjects that serve are judged from one declaration, by what they answer and by their tree."""

from __future__ import annotations

import sys
from typing import Final

import pytest

from injector_conformance.run import suite
from injector_conformance.sessions.session import CaseResult

REFERENCE: Final = (sys.executable, "-m", "zarf_injector.unified")
NOTHING: Final = ("sh", "-c", "exit 0")


def judged(command: tuple[str, ...], *ids: str) -> dict[str, CaseResult]:
    planned = suite.plan(command, ids=ids, profile="unified", sandbox="namespaces")
    with planned.opened() as session:
        return {one.case.id: one for one in session.judge_all(list(planned.cases.values()))}


@pytest.mark.parametrize(
    "case_id",
    [
        *("names-golden", "names-default-tag", "names-broken-cut-short", "names-json-escaped"),
        *("names-reference-passwd", "gz-members-split-at-record", "sum-mismatch-in-last-digit"),
        *("http-tls-hello", "http-range-suffix", "http-body-post-length", "http-sixteen-pulls"),
        *("arg-ipv6", "arg-missing", "ext-over-layer-folder", "ext-chunk-fifo-last"),
        *("life-early-crc", "life-descriptors-idle", "life-term-idle-process-1"),
        *("life-port-taken-everywhere", "life-port-left-ipv4", "life-both-unread"),
    ],
)
def test_the_reference_serves_as_it_must(case_id: str) -> None:
    found = judged(REFERENCE, case_id)
    assert {one.status.value for one in found.values()} == {"passed"}, found


def test_to_end_well_without_having_served_is_a_failure_of_its_own() -> None:
    found = judged(NOTHING, "names-golden")["names-golden"]
    assert "LIFE-2" in {one.requirement for one in found.broken}
    assert found.outcome is not None
    assert found.outcome.value == "quit"


def test_what_is_not_promised_is_not_judged() -> None:
    planned = suite.plan(NOTHING, profile="unified", sandbox="namespaces")
    promises = {one for case in planned.cases.values() for one in case.requirements}
    chapters = {one.partition("-")[0] for one in promises}
    assert "MODE" not in chapters
    assert {"PAY", "SUM", "GZ", "TAR", "BOX", "NAMES", "LIFE"} <= chapters
    assert not promises & {"RUN-2", "PAY-1", "SUM-4"}
