"""The zoo notices what is new, gone or moved, and keeps what was explained."""

from __future__ import annotations

from pathlib import Path

import pytest

from zookeeper import expectation
from zookeeper.comparing import compare, renewed
from zookeeper.expectation import Expectation, ExpectationError, Flaw
from zookeeper.judging import Seen

KEEPS_DEVICES = Flaw(
    "keeps-devices", "It makes devices.", "The specification.", "", {"TAR-10": ("tar-a", "tar-b")}
)
KNOWN = Expectation("some-tar", ("1.0",), (KEEPS_DEVICES,))


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
    expectation.write(path, KNOWN)

    assert expectation.read(path) == KNOWN


def test_a_file_that_is_no_expectation_is_named(tmp_path: Path) -> None:
    path = tmp_path / "some-tar.toml"
    path.write_text("flaw = 1\n")

    with pytest.raises(ExpectationError, match=r"some-tar\.toml: is no expectation"):
        expectation.read(path)
