"""Cases in company: one run answers many, and accuses nobody."""

from __future__ import annotations

import sys
from dataclasses import replace
from typing import Final

import pytest

from injector_conformance.cases.case import Case
from injector_conformance.chapters.serving import NAME, TAG, asks, case, manifest_path
from injector_conformance.exchange.expected import Answer
from injector_conformance.exchange.requests import Request, get
from injector_conformance.exchange.steps import Again, Ask, Send, Signal, Wait
from injector_conformance.run import catalogue, suite
from injector_conformance.sessions import company
from injector_conformance.sessions.session import CaseStatus
from injector_conformance.specification import spec

REFERENCE: Final = (sys.executable, "-m", "zarf_injector.unified")


def asking(identifier: str, status: int = 200) -> Case:
    step = asks(get(manifest_path(TAG, NAME)), Answer((status,)))
    return case(f"test-{identifier}", "a question", "NAMES-1", "why", "a test", step)


def test_who_only_asks_is_sociable() -> None:
    one = asking("one")
    steps = one.exchange.steps
    waiting = replace(one, exchange=replace(one.exchange, steps=(*steps, Wait(1.0))))
    ending = replace(one, exchange=replace(one.exchange, steps=(*steps, Signal())))
    elsewhere = replace(one, conditions=replace(one.conditions, as_pid_1=True))

    assert company.is_sociable(one)
    assert not any(map(company.is_sociable, (waiting, ending, elsewhere)))
    assert not company.is_sociable(replace(one, argument="0" * 64))


@pytest.mark.parametrize("method", ["DELETE", "PATCH", "POST", "PUT", "FROBNICATE", "get"])
def test_who_asks_for_a_change_is_alone_with_the_subject(method: str) -> None:
    one = asking("one")
    request = Request(method.encode(), manifest_path(TAG, NAME).encode())
    asked = Ask(request, (Answer((405,)),))
    exchanges = [
        replace(one.exchange, steps=(*one.exchange.steps, step))
        for step in (asked, Again((asked,), 2))
    ]
    if method in {"DELETE", "PATCH", "POST", "PUT"}:
        exchanges.append(replace(one.exchange, steps=(Send(request.encoded),)))

    assert not any(company.is_sociable(replace(one, exchange=each)) for each in exchanges)


def test_every_case_is_in_one_unit_and_no_unit_is_large() -> None:
    judged = catalogue.under_profile(catalogue.load(), spec.load(), "unified")
    cases = list(judged.values())
    found = company.units(cases)

    assert sorted(place for unit in found for place in unit) == list(range(len(cases)))
    assert max(map(len, found)) == company.MOST
    assert [unit[0] for unit in found] == sorted(unit[0] for unit in found)


@pytest.mark.needs("namespaces")
def test_a_complaint_in_company_is_made_again_alone_and_the_others_pass() -> None:
    cases = [asking("first"), asking("second", 404), asking("third")]
    planned = suite.plan(REFERENCE, ids=["names-one-image"], profile="unified", sandbox="auto")
    with planned.opened(2) as session:
        found = session.judge_all(cases)

    status = [one.status for one in found]
    assert status == [CaseStatus.PASSED, CaseStatus.FAILED, CaseStatus.PASSED]
    assert [one.requirement for one in found[1].broken] == ["NAMES-1"]


@pytest.mark.needs("namespaces")
def test_who_ends_at_the_first_question_is_asked_each_alone() -> None:
    command = (sys.executable, "-m", "mutants", "serve-dies-at-the-first-request")
    planned = suite.plan(command, ids=["names-one-image"], profile="unified", sandbox="auto")
    with planned.opened(2) as session:
        found = session.judge_all([asking("first"), asking("second")])

    assert [one.status for one in found] == [CaseStatus.FAILED, CaseStatus.FAILED]
    assert all("LIFE-3" in {one.requirement for one in result.broken} for result in found)
