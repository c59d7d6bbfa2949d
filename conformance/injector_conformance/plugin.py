"""The pytest plugin: the same cases and the same judge behind pytest's options and reports.

``pytest --pyargs injector_conformance --injector './zarf-injector'``

Every pytest run in an environment that has the plugin loads it, so it imports next to nothing
until ``--injector`` is given.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest

if TYPE_CHECKING:
    from injector_conformance.run.suite import Suite

_SUITE: Final[pytest.StashKey[Suite]] = pytest.StashKey()
_ACCEPTED: Final = "accepted-requirement"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options of the suite; they mean what they mean to ``injector-conformance check``."""
    group = parser.getgroup("injector", "zarf-injector conformance")
    group.addoption("--injector", metavar="COMMAND", help="the injector to judge, as shell words")
    group.addoption(
        "--profile",
        default="stage1",
        help="profile of SPEC.md; unified in the sandbox namespaces only",
    )
    group.addoption(
        "--level",
        type=str.upper,
        choices=("MUST", "SHOULD", "MAY"),
        default="MUST",
        help="failures down to this level count",
    )
    group.addoption("--requirement", action="append", default=[], help="only this requirement")
    group.addoption("--case", action="append", default=[], help="only this case or pattern")
    group.addoption(
        "--skip", action="append", default=[], help="none of this requirement, chapter or case"
    )
    group.addoption("--sandbox", default="auto", help="where the injector runs")
    group.addoption("--image", metavar="NAME", help="for containers: alpine, empty, or any image")
    group.addoption("--platform", metavar="OS/ARCH", help="for containers: linux/arm64, say")
    group.addoption("--expose", action="append", default=[], help="host path to show, read-only")
    group.addoption("--baseline", metavar="FILE", help="accepted deviations (TOML)")
    group.addoption("--payload-seed", metavar="HEX", help="make an earlier run's payloads again")
    group.addoption("--deadline", type=float, help="seconds that one run may take")


def pytest_configure(config: pytest.Config) -> None:
    """Plan the run if an injector is given.

    Raises:
        pytest.UsageError: the options cannot be used; one line says why.
    """
    line = config.getoption("injector")
    if line is None:
        return
    from injector_conformance.run import suite  # noqa: PLC0415 - only if there is something to judge

    baseline = config.getoption("baseline")
    try:
        config.stash[_SUITE] = suite.plan(
            _split(line),
            ids=config.getoption("case"),
            requirements=config.getoption("requirement"),
            skip=config.getoption("skip"),
            profile=config.getoption("profile"),
            level=config.getoption("level"),
            sandbox=config.getoption("sandbox"),
            image=config.getoption("image"),
            platform=config.getoption("platform"),
            expose=[Path(path) for path in config.getoption("expose")],
            baseline_path=Path(baseline) if baseline else None,
            deadline=config.getoption("deadline"),
            seed=config.getoption("payload_seed"),
        )
    except suite.USAGE_ERRORS as error:
        raise pytest.UsageError(str(error)) from error
    if not hasattr(config, "workerinput"):
        config.pluginmanager.register(_Ledger())


def _split(line: str) -> list[str]:
    """The words of a shell line.

    Raises:
        pytest.UsageError: there are none, or a quotation has no end.
    """
    try:
        words = shlex.split(line)
    except ValueError as error:
        raise pytest.UsageError(
            f"--injector {line}: cannot be split into words: {error}"
        ) from error
    if not words:
        raise pytest.UsageError("--injector is empty: is the variable that should name it set?")
    return words


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Give the tests of the suite their requirements and cases."""
    names = metafunc.fixturenames
    if "injector" not in names or "case_id" not in names:
        return
    suite = metafunc.config.stash.get(_SUITE, None)
    if "requirement_id" in names:
        pairs = suite.pairs() if suite else []
        ids = [f"{requirement}-{case}" for requirement, case in pairs]
        metafunc.parametrize(("requirement_id", "case_id"), pairs, ids=ids)
    else:
        metafunc.parametrize("case_id", list(suite.cases) if suite else [])


def pytest_collection_modifyitems(config: pytest.Config, items: Sequence[pytest.Item]) -> None:
    """Refuse a run without anything to judge: tests that all pass by judging nothing.

    Raises:
        pytest.UsageError: tests of the suite were collected without ``--injector``.
    """
    asked = any("injector" in getattr(item, "fixturenames", ()) for item in items)
    if asked and _SUITE not in config.stash:
        raise pytest.UsageError("--injector COMMAND names the injector to judge")


@pytest.fixture(scope="session")
def injector(request: pytest.FixtureRequest) -> Iterator[Suite]:
    """The subject, ready to be judged."""
    suite = request.config.stash[_SUITE]
    with suite.opened():
        yield suite


def hold(
    injector: Suite, requirements: Sequence[str], case_id: str, request: pytest.FixtureRequest
) -> None:
    """Fail, skip or expect to fail the running test, as the judge says of these requirements."""
    from injector_conformance.run.result import Status  # noqa: PLC0415 - as above

    result = injector.result(case_id)
    tolerated = []
    for requirement in requirements:
        status = injector.status(requirement, case_id)
        broken = [one for one in result.broken if one.requirement == requirement]
        told = "; ".join(f"expected {one.expected}; observed {one.observed}" for one in broken)
        text = f"{requirement}: {told or result.reason}"
        is_whole = injector.baseline.whole(requirement) is not None
        if is_whole and requirement not in injector.partly:
            request.node.user_properties.append((_ACCEPTED, (requirement, bool(broken))))
        if status is Status.UNEXPECTED_PASS:
            stale = f"{requirement} is kept in {case_id}: the baseline's entry is stale"
            pytest.fail(stale, pytrace=False)
        if status in (Status.SKIPPED, Status.INCONCLUSIVE):
            pytest.skip(result.reason)
        if status is Status.EXPECTED_FAILURE or (broken and not injector.counts(requirement)):
            tolerated.append(text)
        elif status is not Status.PASSED:
            pytest.fail(text, pytrace=False)
    if tolerated:
        pytest.xfail("; ".join(tolerated))


class _Ledger:
    """Which accepted requirements were broken at least once, across all worker processes."""

    def __init__(self) -> None:
        self._broken: dict[str, bool] = {}

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        for name, value in report.user_properties if report.when == "call" else ():
            if name == _ACCEPTED and isinstance(value, list | tuple):
                requirement, is_broken = value
                self._broken[requirement] = self._broken.get(requirement, False) or is_broken

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        if self._stale() and session.exitstatus == pytest.ExitCode.OK:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        for requirement in self._stale():
            text = f"{requirement} passes: the baseline's entry is stale"
            terminalreporter.write_line(text, red=True)

    def _stale(self) -> list[str]:
        return [requirement for requirement, broken in self._broken.items() if not broken]
