"""A report of many flaws: what is grave stands on one screen, and all of it is no book."""

from __future__ import annotations

from itertools import cycle

import pytest

from injector_conformance.specification import spec
from injector_conformance.specification.requirement import Level
from tests.reported import Document, case, report
from zookeeper import screen

CASES = 17
CAUSES = ("outside", "hang", "lost", "accepted", "refused", "mode", "message")


def everything_broken() -> Document:
    """A report of a program that breaks every promise, one in one way and one in another."""
    known = [
        one
        for one in spec.load().requirements.values()
        if one.level is not Level.MAY and "stage1" in one.profiles
    ]
    cases = {
        one.id: [case(f"{one.id.lower()}-case-{number}", cause) for number in range(CASES)]
        for one, cause in zip(known, cycle(CAUSES), strict=False)
    }
    return report(**cases)


def test_a_program_that_keeps_nothing_has_a_report_that_can_be_read() -> None:
    document = everything_broken()

    assert len(screen.rendered(document)) <= screen.MOST
    assert not [one for one in screen.problems(document) if "lines, more than" in one]


def test_what_is_grave_is_on_the_first_screen() -> None:
    grave = report(
        BOX_1=[case(f"box-out-{number}", "outside") for number in range(20)],
        RUN_2=[case("run-crashes", "crash"), case("run-hangs", "hang")],
        TAR_2=[case(f"tar-file-{number}", "lost") for number in range(90)],
        GZ_3=[case(f"gz-members-{number}", "refused") for number in range(31)],
    )

    assert list(screen.problems(grave)) == []


@pytest.mark.parametrize("lines", [4, 12])
def test_what_is_not_on_it_is_a_problem(lines: int, monkeypatch: pytest.MonkeyPatch) -> None:
    document = everything_broken()
    monkeypatch.setattr(screen, "SCREEN", lines)

    found = list(screen.problems(document))

    assert any(f"the first {lines} lines of its report do not name" in one for one in found)


def test_a_report_that_is_too_long_is_a_problem(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(screen, "MOST", 5)

    assert any("more than 5" in one for one in screen.problems(everything_broken()))
