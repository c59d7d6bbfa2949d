"""Words for people: what is told of a run is true of it, and told once."""

from __future__ import annotations

from dataclasses import replace

from injector_conformance.cases.case import Case, Fails
from injector_conformance.chapters.recipes import completes, tree
from injector_conformance.judging import describe
from injector_conformance.judging.verdict import judge
from injector_conformance.observations.observation import Change
from injector_conformance.run import catalogue
from injector_conformance.stages.snapshot import Print
from injector_fixtures.tree import Difference, Directory, regular
from tests.observed import COMPLETES, case, seen


def observed(one: Case, **changes: object) -> str:
    (broken,) = judge(one, replace(seen(), **changes))  # type: ignore[arg-type]
    return broken.observed


class TestATreeThatNobodyLookedAt:
    def test_is_not_called_empty(self) -> None:
        assert observed(case(Fails())) == "completed, tree: empty"
        assert observed(case(Fails()), is_observed=False) == (
            "completed, tree: not looked at, as its file system is gone"
        )

    def test_lacks_nothing(self) -> None:
        assert judge(case(COMPLETES), replace(seen(), is_observed=False)) == ()

    def test_is_any_tree_on_a_full_disk(self) -> None:
        """Whoever writes a case for a full disk cannot ask for a tree, nor for none."""
        full = [one for one in catalogue.load().values() if one.conditions.output == "full"]

        assert full
        assert all(one.expect == (Fails(),) for one in full)


class TestNamesOfOneFile:
    LINKED = tree({b"f": regular(b"1", first_name=b"f"), b"h": regular(b"1", first_name=b"f")})

    def test_are_told_to_the_others_only(self) -> None:
        assert describe.tree(self.LINKED) == "f (1 byte), h (1 byte, the same file as f)"

    def test_are_told_in_no_difference_and_no_change_to_itself(self) -> None:
        first = self.LINKED[b"f"]
        wrong = [Difference(b"f", None, first), Difference(b"f", regular(b"12"), first)]
        before = Print(Directory(0o755), 0, 0, 2, 0, (1, 1))
        change = Change(b"f", before, replace(before, entry=first, links=2))

        assert describe.tree_differences(wrong) == (
            "unexpected f (1 byte); wrong f: 1 byte instead of 2 bytes"
        )
        assert describe.changes([change]) == "f is now a file of 1 byte"


class TestAlternatives:
    def test_that_no_word_tells_apart_are_told_once(self) -> None:
        same = completes({b"a": b"1"}, {b"a": b"2"}, {})

        assert describe.alternatives(same) == [
            "completed, tree: a (1 byte)",
            "completed, tree: empty",
        ]

    def test_stand_once_in_what_is_expected(self) -> None:
        either = case(*completes({b"a": b"1"}, {b"a": b"2"}))
        (broken,) = judge(either, seen(status=1))

        assert broken.expected == "completed, tree: a (1 byte)"


class TestWhoRefuses:
    def test_a_valid_payload_is_not_told_of_its_message(self) -> None:
        """What is wrong is that it refuses: RUN-3 is about how it does so where it has to."""
        for refusal in (seen(status=134), seen(status=1, stderr=b"")):
            assert [one.requirement for one in judge(case(COMPLETES), refusal)] == ["TAR-2"]
