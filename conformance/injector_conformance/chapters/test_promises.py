"""Every case of every chapter as a pytest test, one for each requirement that it is about."""

from __future__ import annotations

import pytest

from injector_conformance.judging.verdict import UNIVERSAL
from injector_conformance.plugin import hold
from injector_conformance.run.suite import Suite


def test_promise_is_kept(
    injector: Suite, requirement_id: str, case_id: str, request: pytest.FixtureRequest
) -> None:
    """The subject keeps the promise of a requirement in one of its cases."""
    hold(injector, [requirement_id], case_id, request)


def test_conduct(injector: Suite, case_id: str, request: pytest.FixtureRequest) -> None:
    """The subject keeps, in a case, the promises that the case is not about."""
    own = injector.cases[case_id].requirements
    broken = [one.requirement for one in injector.result(case_id).broken]
    others = [one for one in dict.fromkeys((*UNIVERSAL, *broken)) if one not in own]
    hold(injector, others, case_id, request)
