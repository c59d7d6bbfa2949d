"""The judge: promises that hold for every run, whatever its case is about."""

from __future__ import annotations

from dataclasses import replace

import pytest

from injector_conformance.cases.case import Completes, Conditions, Fails
from injector_conformance.chapters.recipes import completes
from injector_conformance.judging.cause import Cause
from injector_conformance.judging.verdict import judge
from injector_conformance.observations.observation import Change
from injector_conformance.stages.snapshot import Snapshot
from injector_fixtures.tree import Directory, Entry, Special, regular
from tests.observed import CHANGED_OUTSIDE, COMPLETES, ROOT, broken, case, seen


class TestEveryRun:
    def test_a_change_outside(self) -> None:
        escaped = replace(seen({b"a": regular(b"1")}), outside_changes=CHANGED_OUTSIDE)
        assert broken(judge(case(COMPLETES), escaped)) == {"BOX-1"}

    def test_a_change_outside_breaks_the_cases_own_confinement_too(self) -> None:
        escaped = replace(seen(status=1), outside_changes=CHANGED_OUTSIDE)
        found = judge(case(Fails(), requirements=("BOX-3",)), escaped)
        assert broken(found) == {"BOX-1", "BOX-3"}

    def test_a_shared_inode(self) -> None:
        stolen = replace(seen({b"a": regular(b"1")}), shared=(b"a",))
        assert broken(judge(case(COMPLETES), stolen)) == {"BOX-2"}

    def test_a_shared_inode_is_one_flaw_though_it_changes_the_file_outside(self) -> None:
        stolen = seen({b"a": regular(b"1")})
        linked = Change(b"canary/file", ROOT, stolen.output.prints[b"a"])
        about = case(Fails(), requirements=("BOX-3", "BOX-4"))
        both = replace(stolen, shared=(b"a",), outside_changes=(linked,))
        assert broken(judge(about, both)) == {"BOX-2"}

    def test_whoever_gets_out_is_not_told_of_the_tree_as_well(self) -> None:
        escaped = replace(seen(), outside_changes=CHANGED_OUTSIDE)
        about = case(COMPLETES, requirements=("BOX-5", "TAR-6"))
        assert broken(judge(about, escaped)) == {"BOX-1", "BOX-5"}
        assert broken(judge(case(COMPLETES), escaped)) == {"BOX-1", "TAR-2"}

    def test_a_change_in_the_init_directory(self) -> None:
        changed = replace(seen({b"a": regular(b"1")}), init_changes=CHANGED_OUTSIDE)
        assert broken(judge(case(COMPLETES), changed)) == {"PAY-8"}

    def test_a_device_counts_against_its_own_requirement(self) -> None:
        device = seen({b"a": regular(b"1"), b"p": Special("fifo", 0o644)})
        assert broken(judge(case(COMPLETES), device)) == {"TAR-10"}

    def test_an_output_directory_that_is_gone(self) -> None:
        gone = replace(seen(status=1), output=Snapshot({}))
        assert broken(judge(case(Fails()), gone)) == {"BOX-7"}

    def test_an_output_directory_that_is_closed(self) -> None:
        closed = replace(ROOT, entry=Directory(0))
        assert broken(judge(case(Fails()), seen(status=1, root=closed))) == {"BOX-7"}


class TestModes:
    def test_a_wrong_mode_is_no_wrong_tree(self) -> None:
        wrong = replace(regular(b"1"), mode=0o644)
        assert broken(judge(case(COMPLETES), seen({b"a": wrong}))) == {"MODE-1"}

    def test_a_case_about_modes_takes_it_upon_itself(self) -> None:
        about = case(COMPLETES, requirements=("MODE-2",))
        wrong = replace(regular(b"1"), mode=0o4755)
        assert broken(judge(about, seen({b"a": wrong}))) == {"MODE-2"}

    def test_wrong_modes_at_odd_names_only(self) -> None:
        wrong = replace(regular(b"1"), mode=0o644)
        both = case(*completes({b"a": b"1", b"\xff": b"1"}))
        assert broken(judge(both, seen({b"a": regular(b"1"), b"\xff": wrong}))) == {"MODE-3"}
        assert broken(judge(both, seen({b"a": wrong, b"\xff": wrong}))) == {"MODE-1"}

    def test_what_was_there_before_may_keep_its_mode_or_get_the_final_one(self) -> None:
        old = replace(regular(b"1"), mode=0o600)
        both = [
            judge(case(Completes({b"a": old})), seen({b"a": one})) for one in (old, regular(b"1"))
        ]
        assert both == [(), ()]
        other = replace(regular(b"1"), mode=0o640)
        assert broken(judge(case(Completes({b"a": old})), seen({b"a": other}))) == {"MODE-1"}

    def test_modes_after_failure_are_nobodys_promise(self) -> None:
        wrong = replace(regular(b"1"), mode=0o644)
        assert judge(case(Fails()), seen({b"a": wrong}, status=1)) == ()

    def test_the_output_directory_ends_open_where_it_is_the_injectors_own(self) -> None:
        root = replace(ROOT, entry=Directory(0o777))
        right = seen({b"a": regular(b"1")}, root=root)

        assert broken(judge(case(COMPLETES), right)) == {"MODE-5"}
        pod = replace(case(COMPLETES), conditions=Conditions(user="pod"))
        assert judge(pod, right) == ()


@pytest.mark.parametrize("status", [0, 1])
@pytest.mark.parametrize(("stdout", "stderr"), [(b"a\nforged", b"why"), (b"", b"why a\nforged")])
def test_what_is_not_to_be_printed(status: int, stdout: bytes, stderr: bytes) -> None:
    quiet = replace(case(COMPLETES, Fails(), requirements=("RUN-3a",)), unsaid=(b"\nforged",))
    tree_of_it: dict[bytes, Entry] = {b"a": regular(b"1")}

    shown = judge(quiet, seen(tree_of_it, status=status, stdout=stdout, stderr=stderr))
    hidden = judge(quiet, seen(tree_of_it, status=status, stderr=rb"why a\nforged"))

    assert [(one.requirement, one.cause) for one in shown] == [("RUN-3a", Cause.MESSAGE)]
    assert hidden == ()
