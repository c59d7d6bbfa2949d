"""Every case has the same verdict in a container as in namespaces."""

from __future__ import annotations

from pathlib import Path

import pytest

from injector_conformance.cases.case import Case
from injector_conformance.images.emulation import is_native
from injector_conformance.run import catalogue
from injector_conformance.sandbox import Sandbox
from injector_conformance.sandbox.container.driver import Container
from injector_conformance.sandbox.container.fitness import MACHINES
from injector_conformance.sandbox.namespaces import Namespaces
from injector_conformance.sessions.session import opened
from injector_conformance.specification import spec
from injector_conformance.subjects.subject import resolve

pytestmark = pytest.mark.needs("container", "root")

NATIVE = Path(__file__).parents[3] / "reference" / "native" / "bin"
DEADLINE = 60.0
CASES = catalogue.select(catalogue.load(), spec.load())
CHAPTERS = sorted({one.id.partition("-")[0] for one in CASES} - {"ctr"})

Verdicts = dict[str, tuple[str, str, tuple[str, ...]]]


def verdicts(sandbox: Sandbox, command: list[str], cases: list[Case]) -> Verdicts:
    """What came of each case: status, reason, and the requirements that were broken."""
    with opened(sandbox, resolve(command), jobs=2, deadline=DEADLINE) as session:
        return {
            one.case.id: (
                one.status.value,
                one.reason,
                tuple(sorted({broken.requirement for broken in one.broken})),
            )
            for one in session.judge_all(cases)
        }


def _is_measured(case: Case) -> bool:
    """Whether its time or its memory says something, which under emulation they do not."""
    is_slow = case.conditions.patience > 1 or case.id.startswith("box-much-")
    return is_slow or case.watches_memory


@pytest.mark.parametrize(
    "machine",
    [
        pytest.param(machine, marks=pytest.mark.needs("arm64") if machine == "aarch64" else ())
        for machine in MACHINES.values()
    ],
)
@pytest.mark.parametrize("chapter", CHAPTERS)
def test_the_native_injector_is_judged_alike(chapter: str, machine: str) -> None:
    command = [str(NATIVE / f"zarf-injector-{machine}")]
    cases = [one for one in CASES if one.id.startswith(f"{chapter}-")]
    if not is_native(machine):
        cases = [one for one in cases if not _is_measured(one)]

    in_namespaces = verdicts(Namespaces(), command, cases)

    assert verdicts(Container(), command, cases) == in_namespaces
    assert {status for status, _, _ in in_namespaces.values()} <= {"passed", "failed"}
