"""The judge: which promise counts as broken, and against which requirement."""

from __future__ import annotations

import signal
from dataclasses import replace

import pytest

from injector_conformance.cases.case import Case, Completes, Conditions, Control, Fails
from injector_conformance.chapters.recipes import completes, fails_or
from injector_conformance.judging.cause import Cause
from injector_conformance.judging.verdict import doubt, judge
from injector_conformance.observations.observation import Observation
from injector_conformance.observations.outcome import Outcome
from injector_conformance.sandbox import Stop
from injector_conformance.stages.snapshot import Snapshot
from injector_fixtures.tree import Directory, Entry, Symlink, regular
from tests.observed import CHANGED_OUTSIDE, COMPLETES, ONE_FILE, RECIPE, ROOT, broken, case, seen


class TestCompletes:
    def test_the_right_tree(self) -> None:
        assert judge(case(COMPLETES), seen({b"a": regular(b"1")})) == ()

    @pytest.mark.parametrize(
        "entries",
        [
            {},
            {b"a": regular(b"2")},
            {b"a": regular(b"12")},
            {b"b": regular(b"1")},
            {b"a": regular(b"1"), b"b": regular(b"")},
            {b"a": Directory()},
            {b"a": Symlink(b"b")},
        ],
    )
    def test_any_other_tree(self, entries: dict[bytes, Entry]) -> None:
        assert broken(judge(case(COMPLETES), seen(entries))) == {"TAR-2"}

    def test_failure_is_not_completion(self) -> None:
        assert broken(judge(case(COMPLETES), seen({b"a": regular(b"1")}, status=1))) == {"TAR-2"}

    def test_of_those_that_speak_of_it_the_first_one_is_charged(self) -> None:
        both = case(COMPLETES, requirements=("GZ-3", "TAR-2"))
        assert broken(judge(both, seen())) == {"GZ-3"}

    def test_one_alternative_is_enough(self) -> None:
        either = case(*completes({b"a": b"1"}, {b"a": b"2"}))
        assert judge(either, seen({b"a": regular(b"2")})) == ()

    def test_memory_may_not_grow_beyond_its_bound(self) -> None:
        bounded = case(Completes(ONE_FILE, memory_growth=100), requirements=("RUN-10a",))
        control = seen(peak=1000)

        assert judge(bounded, seen({b"a": regular(b"1")}, peak=1100), control) == ()
        large = judge(bounded, seen({b"a": regular(b"1")}, peak=1101), control)
        assert broken(large) == {"RUN-10a"}


class TestFails:
    @pytest.mark.parametrize("status", [1, 101, 125])
    def test_rejected(self, status: int) -> None:
        assert judge(case(Fails()), seen(status=status)) == ()

    def test_aborted_is_a_failure_without_a_message(self) -> None:
        assert broken(judge(case(Fails()), seen(status=128 + signal.SIGABRT))) == {"RUN-3"}

    def test_silence_breaks_the_promise_of_a_message_only(self) -> None:
        assert broken(judge(case(Fails()), seen(status=1, stderr=b""))) == {"RUN-3"}

    def test_silence_is_no_wonder_where_standard_error_is_closed(self) -> None:
        closed = replace(case(Fails()), conditions=Conditions(stderr="closed"))
        assert judge(closed, seen(status=1, stderr=b"")) == ()

    def test_completed(self) -> None:
        assert broken(judge(case(Fails()), seen())) == {"TAR-2"}

    @pytest.mark.parametrize(
        "observation",
        [
            seen(status=128 + signal.SIGSEGV),
            seen(status=-signal.SIGKILL),
            seen(stopped=Stop.DEADLINE),
        ],
    )
    def test_crashed_and_hung_are_no_failures(self, observation: Observation) -> None:
        assert broken(judge(case(Fails()), observation)) == {"RUN-2"}

    @pytest.mark.parametrize("requirement", ["PAY-6", "TAR-12", "BOX-8", "RUN-8", "RUN-9"])
    def test_a_hang_breaks_the_words_of_those_that_speak_of_waiting(
        self, requirement: str
    ) -> None:
        about = case(Fails(), requirements=(requirement,))
        assert broken(judge(about, seen(stopped=Stop.DEADLINE))) == {requirement}

    def test_untouched(self) -> None:
        clean = case(Fails(untouched=True))

        assert judge(clean, seen(status=1)) == ()
        assert broken(judge(clean, seen({b"a": regular(b"1")}, status=1))) == {"TAR-2"}

    def test_untouched_holds_for_the_directory_itself(self) -> None:
        touched = replace(ROOT, modified=1)
        clean = case(Fails(untouched=True))
        assert broken(judge(clean, seen(status=1, root=touched))) == {"TAR-2"}

    def test_the_message_names_what_it_must(self) -> None:
        says = Fails(says=(b"{expected}", b"{actual}"))
        telling = replace(case(says, requirements=("SUM-5",)), argument="e" * 64)

        assert judge(telling, seen(status=1, stderr=b"e" * 64 + b" d0"), None, "d0") == ()
        assert broken(judge(telling, seen(status=1, stderr=b"d0"), None, "d0")) == {"SUM-5"}

    def test_failing_or_completing(self) -> None:
        either = case(*fails_or({b"a": b"1"}))

        assert judge(either, seen(status=1)) == ()
        assert judge(either, seen({b"a": regular(b"1")})) == ()
        assert broken(judge(either, seen())) == {"TAR-2"}


class TestOutcomes:
    def test_a_fault_as_process_1_is_an_abort_where_the_same_run_aborts_elsewhere(self) -> None:
        faulted = seen(status=128 + signal.SIGSEGV)
        assert (faulted.faulted, faulted.outcome) == (True, Outcome.CRASHED)

        aborted = replace(faulted, aborts_elsewhere=True)
        assert aborted.outcome is Outcome.ABORTED
        (found,) = judge(case(Fails()), aborted)
        assert (found.requirement, found.observed) == (
            "RUN-3",
            "aborted (SIGSEGV as process 1, aborted elsewhere)",
        )

    def test_what_is_too_large_to_look_at_is_no_tree(self) -> None:
        heap = replace(seen(), output=Snapshot({b".": ROOT}, excess="more than 9 entries"))
        assert heap.outcome is Outcome.OVERSIZED
        (found,) = judge(case(COMPLETES), heap)
        assert (found.requirement, found.cause) == ("BOX-8", Cause.EXCESS)
        assert found.observed == "left more than can be looked at: more than 9 entries"


class TestWhoseWords:
    """The requirements of a case are what it can show; what was seen says which it did."""

    RIGHT = seen({b"a": regular(b"1")})

    def causes(self, one: Case, observation: Observation) -> dict[str, Cause]:
        return {found.requirement: found.cause for found in judge(one, observation)}

    def test_the_kind_of_what_is_wrong_with_the_tree(self) -> None:
        whole = case(*completes({b"a": b"1", b"b": b"2"}))
        first, second = regular(b"1"), regular(b"2")
        smuggled = {b"a": first, b"b": second, b"smuggled": first}

        assert self.causes(whole, seen({b"a": first})) == {"TAR-2": Cause.LOST}
        assert self.causes(whole, seen({b"a": first, b"b": first})) == {"TAR-2": Cause.DATA}
        assert self.causes(whole, seen({**smuggled, b"c": first})) == {"TAR-2": Cause.SMUGGLED}
        assert self.causes(whole, seen(status=1)) == {"TAR-2": Cause.REFUSED}
        assert self.causes(case(Fails()), self.RIGHT) == {"TAR-2": Cause.ACCEPTED}

    def test_the_nearest_alternative_tells_what_is_wrong(self) -> None:
        either = case(*fails_or({b"a": b"1", b"b": b""}, {b"x": b"", b"y": b"", b"z": b""}))
        (found,) = judge(either, self.RIGHT)
        assert found.observed == "completed, but missing b (0 bytes)"

    def test_completion_in_time_is_not_what_asks_for_too_much_is_about(self) -> None:
        about = case(Fails(), requirements=("BOX-8", "TAR-14"))
        assert self.causes(about, self.RIGHT) == {"TAR-14": Cause.ACCEPTED}

    def test_if_nobody_in_the_list_spoke_of_it_somebody_else_did(self) -> None:
        about = case(COMPLETES, requirements=("BOX-8",))
        assert self.causes(about, seen()) == {"TAR-2": Cause.LOST}
        assert self.causes(about, seen(status=1)) == {"RUN-1": Cause.REFUSED}
        assert self.causes(case(Fails(), requirements=("RUN-2",)), seen()) == {
            "RUN-1": Cause.ACCEPTED
        }

    def test_an_ignored_dot_dot_is_not_a_link_that_was_followed(self) -> None:
        escaped = replace(seen(status=1), outside_changes=CHANGED_OUTSIDE)
        about = case(Fails(), requirements=("BOX-5", "BOX-7", "TAR-6"))
        assert self.causes(about, escaped) == {"BOX-1": Cause.OUTSIDE, "BOX-5": Cause.OUTSIDE}

    def test_how_a_valid_payload_was_refused_is_not_the_point(self) -> None:
        aborted = seen(status=128 + signal.SIGABRT)
        assert self.causes(case(COMPLETES), aborted) == {"TAR-2": Cause.REFUSED}

    def test_inconclusive_cases_show_what_every_run_shows(self) -> None:
        escaped = replace(self.RIGHT, outside_changes=CHANGED_OUTSIDE)
        about = case(Fails(), requirements=("BOX-3",))
        assert broken(judge(about, escaped, is_conclusive=False)) == {"BOX-1"}
        assert judge(about, seen(status=1, stderr=b""), is_conclusive=False) == ()


class TestLate:
    """Failures with everything in its place."""

    def test_it_is_no_loss(self) -> None:
        late = seen({b"a": regular(b"1")}, status=1)
        (found,) = judge(case(COMPLETES, requirements=("TAR-7",)), late)
        assert (found.requirement, found.cause) == ("RUN-1", Cause.LATE)

    def test_among_links_that_lead_nowhere_it_is_about_modes(self) -> None:
        entries: dict[bytes, Entry] = {b"a": regular(b"1"), b"l": Symlink(b"missing")}
        late = seen(entries, status=134)
        (found,) = judge(case(Completes(entries), requirements=("TAR-4",)), late)
        assert (found.requirement, found.cause) == ("MODE-4", Cause.STUMBLED)

    def test_among_links_that_have_stopped_nothing_before_it_is_not(self) -> None:
        entries: dict[bytes, Entry] = {b"a": regular(b"1"), b"l": Symlink(b"missing")}
        about = case(Completes(entries), requirements=("RUN-7",))
        (found,) = judge(about, seen(entries, status=1), seen(entries))
        assert (found.requirement, found.cause) == ("RUN-7", Cause.LATE)


class TestDoubt:
    def test_a_control_that_completes_with_its_tree(self) -> None:
        assert doubt(case(Fails()), seen()) == ""

    @pytest.mark.parametrize(
        ("control", "reason"),
        [
            (seen(status=1), "rejected (status 1)"),
            (seen({b"a": regular(b"1")}), "completed, but unexpected a (1 byte)"),
            (seen(status=139), "crashed (SIGSEGV)"),
            (seen(stopped=Stop.DEADLINE), "hung: stopped after 0.1 s (deadline)"),
        ],
    )
    def test_any_other(self, control: Observation, reason: str) -> None:
        assert doubt(case(Fails()), control) == reason

    def test_modes_matter_to_cases_about_modes(self) -> None:
        wrong = seen({b"a": replace(regular(b"1"), mode=0o644)})
        of_one = replace(case(COMPLETES), control=Control(RECIPE, ONE_FILE))
        about_modes = replace(of_one, requirements=("MODE-2",))

        assert doubt(of_one, wrong) == ""
        assert doubt(about_modes, wrong) == "a 0644"


def test_what_is_left_open_is_broken_by_nothing_but_the_words_of_others() -> None:
    open_case = case(COMPLETES, Fails(), requirements=("TAR-18",))

    assert broken(judge(open_case, seen({}))) == {"TAR-2"}
    assert judge(open_case, seen(status=1)) == ()


def test_every_broken_promise_says_what_was_expected_and_seen() -> None:
    for one in judge(case(COMPLETES), seen({b"b": regular(b"")}, status=0)):
        assert one.expected
        assert one.observed
    assert judge(case(COMPLETES), seen({b"b": regular(b"")}))[0].observed == (
        "completed, but missing a (1 byte); unexpected b (0 bytes)"
    )
