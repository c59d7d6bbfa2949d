"""Results and baselines: statuses of requirements, and the verdict."""

from __future__ import annotations

from dataclasses import replace

import pytest

from injector_conformance.cases.case import Case
from injector_conformance.judging.cause import Cause
from injector_conformance.judging.verdict import Broken
from injector_conformance.run.baseline import Accepted, Baseline
from injector_conformance.run.result import Result, Status, Verdict, summarize
from injector_conformance.sessions.session import CaseResult, CaseStatus
from injector_conformance.specification import spec
from injector_conformance.specification.requirement import Level

SPEC = spec.load()


@pytest.fixture
def passed(ordinary: Case) -> CaseResult:
    return CaseResult(ordinary, CaseStatus.PASSED)


def failed(one: CaseResult, *requirements: str) -> CaseResult:
    broken = tuple(Broken(requirement, "this", "that", Cause.DATA) for requirement in requirements)
    return replace(one, status=CaseStatus.FAILED, broken=broken)


def inconclusive(one: CaseResult) -> CaseResult:
    reason = "its positive control does not complete"
    return replace(one, status=CaseStatus.INCONCLUSIVE, is_conclusive=False, reason=reason)


def status(result: Result, requirement: str) -> Status:
    return {one.requirement.id: one.status for one in result.requirements}[requirement]


def accepting(*entries: Accepted) -> Baseline:
    return Baseline("test.toml", entries)


class TestVerdict:
    def test_conformant(self, passed: CaseResult) -> None:
        result = summarize([passed], SPEC)

        assert status(result, "TAR-2") is Status.PASSED
        assert status(result, "RUN-2") is Status.PASSED
        assert result.verdict is Verdict.CONFORMANT
        assert result.verdict.exit_status == 0

    def test_a_broken_must(self, passed: CaseResult) -> None:
        result = summarize([failed(passed, "TAR-2")], SPEC)

        assert result.verdict is Verdict.NONCONFORMANT
        assert result.verdict.exit_status == 1

    def test_a_broken_should_counts_at_its_level_only(self, passed: CaseResult) -> None:
        silent = [failed(passed, "RUN-3")]

        assert summarize(silent, SPEC).verdict is Verdict.CONFORMANT
        assert summarize(silent, SPEC, level=Level.SHOULD).verdict is Verdict.NONCONFORMANT

    def test_a_broken_promise_of_another_case_counts(self, passed: CaseResult) -> None:
        result = summarize([failed(passed, "BOX-1")], SPEC)

        assert status(result, "TAR-2") is Status.PASSED
        assert status(result, "BOX-1") is Status.FAILED

    def test_a_skip_makes_it_partial(self, passed: CaseResult) -> None:
        skipped = replace(passed, status=CaseStatus.SKIPPED, reason="no mounts")
        result = summarize([passed, skipped], SPEC)

        assert result.verdict is Verdict.PARTIAL
        assert result.verdict.exit_status == 3

    def test_an_inconclusive_case_makes_it_partial(self, passed: CaseResult) -> None:
        open_case = inconclusive(passed)
        result = summarize([passed, open_case], SPEC)

        assert status(result, "TAR-2") is Status.INCONCLUSIVE
        assert result.verdict is Verdict.PARTIAL
        assert summarize([open_case, failed(passed, "RUN-1")], SPEC).verdict is (
            Verdict.NONCONFORMANT
        )

    def test_a_conclusive_failure_outweighs_an_inconclusive_case(self, passed: CaseResult) -> None:
        result = summarize([inconclusive(passed), failed(passed, "TAR-2")], SPEC)
        assert status(result, "TAR-2") is Status.FAILED

    def test_an_inconclusive_case_may_break_what_every_run_is_held_to(
        self, passed: CaseResult
    ) -> None:
        escaped = replace(failed(passed, "BOX-1"), is_conclusive=False, reason="its control")
        result = summarize([escaped], SPEC)

        assert status(result, "TAR-2") is Status.INCONCLUSIVE
        assert status(result, "BOX-1") is Status.FAILED

    def test_a_failure_outweighs_a_skip(self, passed: CaseResult) -> None:
        skipped = replace(passed, status=CaseStatus.SKIPPED)
        assert summarize([failed(passed, "TAR-2"), skipped], SPEC).verdict is Verdict.NONCONFORMANT

    def test_a_harness_error_is_neither_for_nor_against(self, passed: CaseResult) -> None:
        error = replace(passed, status=CaseStatus.ERROR, reason="no space")
        result = summarize([failed(passed, "TAR-2"), error], SPEC)

        assert result.verdict is Verdict.HARNESS_ERROR
        assert result.verdict.exit_status == 3


class TestNarrowed:
    def test_it_is_not_conformant(self, passed: CaseResult) -> None:
        result = summarize([passed], SPEC, is_narrowed=True)

        assert result.verdict is Verdict.SELECTED
        assert result.verdict.exit_status == 0

    def test_what_is_broken_is_broken(self, passed: CaseResult) -> None:
        result = summarize([failed(passed, "TAR-2")], SPEC, is_narrowed=True)

        assert result.verdict is Verdict.NONCONFORMANT


class TestBaseline:
    RUN_3 = Accepted("RUN-3", (), "no message with immediate-abort")
    TAR_2 = Accepted("TAR-2", (), "old reader")
    CASE = Accepted("", ("test-one-file",), "old reader")
    TAR_2_THERE = Accepted("TAR-2", ("test-one-file",), "old reader")
    BOX_1_THERE = Accepted("BOX-1", ("test-one-file",), "old reader")

    def test_an_expected_failure(self, passed: CaseResult) -> None:
        result = summarize([failed(passed, "TAR-2")], SPEC, baseline=accepting(self.TAR_2))

        assert status(result, "TAR-2") is Status.EXPECTED_FAILURE
        assert result.verdict is Verdict.DEVIATING
        assert result.verdict.exit_status == 0
        assert result.deviations == 1

    def test_what_does_not_count_is_no_deviation(self, passed: CaseResult) -> None:
        result = summarize([failed(passed, "RUN-3")], SPEC, baseline=accepting(self.RUN_3))

        assert result.verdict is Verdict.CONFORMANT
        assert result.deviations == 0

    @pytest.mark.parametrize("entry", [CASE, TAR_2_THERE])
    def test_an_expected_failure_of_a_case(self, passed: CaseResult, entry: Accepted) -> None:
        result = summarize([failed(passed, "TAR-2")], SPEC, baseline=accepting(entry))

        assert status(result, "TAR-2") is Status.EXPECTED_FAILURE
        assert result.verdict is Verdict.DEVIATING

    @pytest.mark.parametrize("entry", [TAR_2, CASE, TAR_2_THERE])
    def test_no_more_is_accepted_than_was_written(
        self, passed: CaseResult, entry: Accepted
    ) -> None:
        other = replace(passed, case=replace(passed.case, id="test-other"))
        cases = [failed(passed, "TAR-2", "BOX-1"), failed(other, "TAR-2")]
        result = summarize(cases, SPEC, baseline=accepting(entry))

        assert status(result, "BOX-1") is Status.FAILED
        assert (status(result, "TAR-2") is Status.FAILED) != entry.is_whole

    def test_a_promise_of_every_run_may_be_accepted_in_a_case(self, passed: CaseResult) -> None:
        accepted = accepting(self.BOX_1_THERE)

        broken = summarize([failed(passed, "BOX-1")], SPEC, baseline=accepted)
        kept = summarize([passed], SPEC, baseline=accepted)

        assert status(broken, "BOX-1") is Status.EXPECTED_FAILURE
        assert status(kept, "BOX-1") is Status.UNEXPECTED_PASS
        assert status(kept, "TAR-2") is Status.PASSED

    def test_a_requirement_judged_in_part_is_not_stale(self, passed: CaseResult) -> None:
        result = summarize([passed], SPEC, baseline=accepting(self.TAR_2), partly={"TAR-2"})

        assert status(result, "TAR-2") is Status.PASSED

    def test_what_is_inconclusive_is_not_stale(self, passed: CaseResult) -> None:
        for entry in (self.TAR_2, self.CASE):
            result = summarize([inconclusive(passed)], SPEC, baseline=accepting(entry))
            assert status(result, "TAR-2") is Status.EXPECTED_FAILURE

    def test_another_failure_is_unexpected(self, passed: CaseResult) -> None:
        result = summarize([failed(passed, "BOX-1")], SPEC, baseline=accepting(self.TAR_2))

        assert status(result, "BOX-1") is Status.FAILED
        assert result.verdict is Verdict.NONCONFORMANT

    def test_a_stale_entry(self, passed: CaseResult) -> None:
        for entry in (self.TAR_2, self.CASE):
            result = summarize([passed], SPEC, baseline=accepting(entry))

            assert status(result, "TAR-2") is Status.UNEXPECTED_PASS
            assert result.verdict is Verdict.NONCONFORMANT

    @pytest.mark.parametrize("entry", [TAR_2, CASE, TAR_2_THERE, BOX_1_THERE])
    def test_what_is_seen_sometimes_is_not_stale_where_it_is_not_seen(
        self, passed: CaseResult, entry: Accepted
    ) -> None:
        sometimes = accepting(replace(entry, sometimes=True))
        requirement = entry.requirement or "TAR-2"

        kept = summarize([passed], SPEC, baseline=sometimes)
        broken = summarize([failed(passed, requirement)], SPEC, baseline=sometimes)

        assert status(kept, requirement) is Status.PASSED
        assert status(broken, requirement) is Status.EXPECTED_FAILURE
        assert broken.verdict is Verdict.DEVIATING

    def test_a_stale_entry_counts_whatever_its_level(self, passed: CaseResult) -> None:
        result = summarize([passed], SPEC, baseline=accepting(self.RUN_3))
        assert result.verdict is Verdict.NONCONFORMANT

    def test_a_skip_is_not_hidden(self, passed: CaseResult) -> None:
        skipped = replace(passed, status=CaseStatus.SKIPPED)
        result = summarize([skipped], SPEC, baseline=accepting(self.TAR_2))
        assert status(result, "TAR-2") is Status.SKIPPED
