"""Chapter CTR: judged in containers only, and able to fail."""

from __future__ import annotations

import platform
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from injector_conformance.cases.case import Conditions
from injector_conformance.run.catalogue import SelectionError
from injector_conformance.run.result import Status
from injector_conformance.run.suite import Suite, plan
from injector_conformance.sandbox.container.shape import Shape

NATIVE = Path(__file__).parents[3] / "reference" / "native" / "bin"
CHAPTER = ("CTR-1", "CTR-2", "CTR-3", "CTR-4", "CTR-5")


def judged(command: Sequence[str], *requirements: str) -> dict[str, set[Status]]:
    """The statuses of each of the chapter's requirements over its cases."""
    suite: Suite = plan(command, requirements=requirements, sandbox="container")
    with suite.opened(2):
        statuses: dict[str, set[Status]] = {}
        own = [(one, case_id) for one, case_id in suite.pairs() if one in CHAPTER]
        for requirement, case_id in own:
            statuses.setdefault(requirement, set()).add(suite.status(requirement, case_id))
    return statuses


@pytest.mark.needs("container", "root")
@pytest.mark.parametrize(
    ("machine", "own"),
    [("x86_64", "CTR-1"), pytest.param("aarch64", "CTR-2", marks=pytest.mark.needs("arm64"))],
)
def test_the_native_injector_keeps_the_chapter(machine: str, own: str) -> None:
    found = judged([str(NATIVE / f"zarf-injector-{machine}")], "CTR")

    assert found == {one: {Status.PASSED} for one in (own, "CTR-3", "CTR-4", "CTR-5")}


@pytest.mark.needs("container", "root")
def test_the_reference_keeps_what_is_about_it() -> None:
    own = {"x86_64": "CTR-1", "aarch64": "CTR-2"}[platform.machine()]
    found = judged([sys.executable, "-m", "zarf_injector"], "CTR")

    assert found == {one: {Status.PASSED} for one in (own, "CTR-3", "CTR-4")}


@pytest.mark.needs("container", "root")
def test_modes_that_are_left_break_the_hand_over(script: Callable[[str], Path], good: str) -> None:
    as_any_user = good.replace("chmod -R 755 /zarf-stage2", "chmod 755 /zarf-stage2/*")
    careful, careless = script(as_any_user), script(as_any_user.replace("chmod", ": chmod"))

    assert judged([str(careful)], "CTR-4") == {"CTR-4": {Status.PASSED}}
    assert judged([str(careless)], "CTR-4") == {"CTR-4": {Status.FAILED}}


def test_elsewhere_the_chapter_is_refused_in_one_line() -> None:
    with pytest.raises(SelectionError, match="only in containers: --sandbox container"):
        plan([sys.executable, "-m", "zarf_injector"], requirements=["CTR"], sandbox="auto")


def test_the_pod_has_all_of_its_restrictions_at_once() -> None:
    options = Shape.of(Conditions(user="pod", root="read-only")).options()

    assert options["read_only"] is True
    assert options["cap_drop"] == ["ALL"]
    assert options["security_opt"] == ["no-new-privileges"]
    assert options["network_mode"] == "none"
    assert options["mem_limit"] == 256 * 1024 * 1024
    assert Shape.of(Conditions(user="pod")).user_words == "1000:2000"
