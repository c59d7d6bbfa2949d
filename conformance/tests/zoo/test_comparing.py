"""The zoo notices what is new, gone or moved, and keeps what was explained."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from injector_conformance.run import catalogue
from zookeeper import expectation
from zookeeper.comparing import compare, renewed
from zookeeper.expectation import Expectation, ExpectationError, Flaw
from zookeeper.judging import Seen

KEEPS_DEVICES = Flaw(
    "keeps-devices", "It makes devices.", "The specification.", "", {"TAR-10": ("tar-a", "tar-b")}
)
KNOWN = Expectation("some-tar", ("1.0",), (KEEPS_DEVICES,))


IS_SLOW = Flaw(
    "is-slow",
    "It takes its time.",
    "The specification.",
    depends="On the machine: it takes about as long as the deadline.",
    sometimes={"BOX-8": ("tar-c",)},
)
MAYBE_SLOW = Expectation("some-tar", ("1.0",), (KEEPS_DEVICES, IS_SLOW))


def seen(*accused: tuple[str, str], cases: str = "tar-a tar-b tar-c") -> Seen:
    return Seen(frozenset(cases.split()), dict.fromkeys(accused, "what was seen"))


def test_what_is_expected_is_no_difference() -> None:
    found = compare(KNOWN, seen(("TAR-10", "tar-a"), ("TAR-10", "tar-b")))

    assert list(found.lines()) == []


def test_an_accusation_that_nobody_expects_is_new() -> None:
    found = compare(KNOWN, seen(("TAR-10", "tar-a"), ("TAR-10", "tar-b"), ("BOX-1", "tar-c")))

    assert list(found.lines()) == ["new       BOX-1    tar-c: what was seen"]


def test_an_accusation_that_is_gone_has_vanished() -> None:
    found = compare(KNOWN, seen(("TAR-10", "tar-a")))

    assert list(found.lines()) == ["vanished  TAR-10   tar-b (flaw keeps-devices)"]


def test_a_case_that_blames_another_requirement_has_moved() -> None:
    found = compare(KNOWN, seen(("TAR-10", "tar-a"), ("BOX-1", "tar-b")))

    assert list(found.lines()) == ["moved     tar-b: from TAR-10 to BOX-1"]


def test_cases_that_were_not_judged_say_nothing() -> None:
    found = compare(KNOWN, seen(("TAR-10", "tar-a"), cases="tar-a"))

    assert list(found.lines()) == []


@pytest.mark.parametrize("slow", [(), (("BOX-8", "tar-c"),)], ids=["fast", "slow"])
def test_what_is_expected_sometimes_is_as_expected_either_way(
    slow: tuple[tuple[str, str], ...],
) -> None:
    now = seen(("TAR-10", "tar-a"), ("TAR-10", "tar-b"), *slow)

    assert list(compare(MAYBE_SLOW, now).lines()) == []
    assert renewed(MAYBE_SLOW, now) == MAYBE_SLOW


def test_what_is_expected_sometimes_is_expected_of_one_requirement() -> None:
    now = seen(("TAR-10", "tar-a"), ("TAR-10", "tar-b"), ("RUN-2", "tar-c"))

    assert list(compare(MAYBE_SLOW, now).lines()) == ["new       RUN-2    tar-c: what was seen"]


def test_what_is_seen_sometimes_wants_a_reason() -> None:
    silent = replace(IS_SLOW, depends="")

    assert list(replace(MAYBE_SLOW, flaws=(silent,)).problems()) == [
        "flaw is-slow: what is seen sometimes has a reason (depends), and no other"
    ]


def test_what_a_slow_control_silences_is_as_expected() -> None:
    cases = catalogue.load()
    about = next(one for one in cases.values() if one.control is not None)
    control = about.positive().id
    flaw = replace(IS_SLOW, sometimes={"BOX-8": (control,)})
    now = replace(
        seen(("BOX-8", control), cases=f"{control} {about.id}"),
        inconclusive=frozenset((about.id,)),
    )

    assert list(compare(Expectation("some-tar", ("1.0",), (flaw,)), now).lines()) == []


def test_what_moved_stays_with_its_flaw() -> None:
    again = renewed(KNOWN, seen(("TAR-10", "tar-a"), ("BOX-1", "tar-b")))

    assert again.flaws[0].accuses == {"TAR-10": ("tar-a",), "BOX-1": ("tar-b",)}
    assert list(again.problems()) == [
        "flaw keeps-devices: say why it is charged to TAR-10, BOX-1 (because)"
    ]


def test_what_is_new_wants_words() -> None:
    again = renewed(KNOWN, seen(("TAR-10", "tar-a"), ("BOX-1", "tar-c")))

    assert [flaw.name for flaw in again.flaws] == ["keeps-devices", "unexplained"]
    assert again.flaws[0].says == KEEPS_DEVICES.says
    assert list(again.problems()) == [
        "flaw unexplained: say what it is (says) and who is right (right)"
    ]


def test_a_flaw_that_accuses_of_nothing_goes() -> None:
    assert renewed(KNOWN, seen()).flaws == ()


def test_what_stands_twice_is_a_problem() -> None:
    twice = Expectation("some-tar", ("1.0",), (KEEPS_DEVICES, KEEPS_DEVICES))

    assert "flaw keeps-devices: stands twice" in list(twice.problems())
    assert "flaw keeps-devices: TAR-10 tar-a has a flaw already" in list(twice.problems())


def test_what_is_written_can_be_read(tmp_path: Path) -> None:
    path = tmp_path / "some-tar.toml"
    expectation.write(path, MAYBE_SLOW)

    assert expectation.read(path) == MAYBE_SLOW


def test_a_file_that_is_no_expectation_is_named(tmp_path: Path) -> None:
    path = tmp_path / "some-tar.toml"
    path.write_text("flaw = 1\n")

    with pytest.raises(ExpectationError, match=r"some-tar\.toml: is no expectation"):
        expectation.read(path)
