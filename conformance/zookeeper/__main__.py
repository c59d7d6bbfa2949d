"""``python -m zookeeper``: build the zoo's programs, judge them, compare with what is expected."""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Sequence
from enum import IntEnum
from typing import Final

from injector_conformance.run.suite import USAGE_ERRORS
from injector_conformance.sandbox import SandboxError
from injector_conformance.specification import spec
from zookeeper import baselines, comparing, expectation, judging, page, screen
from zookeeper.building import BuildError
from zookeeper.expectation import Expectation, ExpectationError
from zookeeper.programs import EVERY, SOURCES, TOP, Program

EXPECTED: Final = SOURCES / "expected"
WORK: Final = TOP / "build" / "zoo"
PAGE: Final = TOP / "docs" / "zoo.md"
BASELINES: Final = TOP / "fixtures" / "baselines"


class Status(IntEnum):
    """Exit statuses; of several programs the highest counts."""

    AS_EXPECTED = 0
    DIFFERENT = 1
    USAGE = 2
    UNJUDGED = 3


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command.

    Returns:
        0 if every program that is here is as expected, 1 if one is not, 2 for wrong usage, 3 if
        one could not be judged, or is missing although it is required.
    """
    options = _options(argv)
    names = options.programs or list(EVERY)
    if unknown := [one for one in names if one not in EVERY]:
        sys.stderr.write(f"zoo: there is no {unknown[0]}; there are: {', '.join(EVERY)}\n")
        return Status.USAGE
    if options.documents:
        write_documents()
        return Status.AS_EXPECTED
    statuses = [_visit(EVERY[name], options) for name in names]
    return max(statuses)


def expectations() -> list[Expectation]:
    """What is expected of every program.

    Raises:
        ExpectationError: a file is missing or malformed.
    """
    return [expectation.read(EXPECTED / f"{name}.toml") for name in EVERY]


def write_documents() -> None:
    """Write what is made of the expectations: the page, and the baselines of historic builds."""
    known = expectations()
    PAGE.write_text(page.render(known, spec.load()), encoding="utf-8")
    for one in known:
        if EVERY[one.program].is_historic:
            baselines.write(BASELINES / f"{one.program}.toml", one)


def _options(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="zookeeper", description=__doc__)
    parser.add_argument("programs", nargs="*", metavar="PROGRAM", help=", ".join(EVERY))
    parser.add_argument("--requirement", action="append", default=[], metavar="ID")
    parser.add_argument("--case", action="append", default=[], metavar="ID")
    parser.add_argument(
        "--write",
        action="store_true",
        help="write the expectations anew; what is explained stays, what is new needs words",
    )
    parser.add_argument(
        "--documents",
        action="store_true",
        help="judge nothing; write docs/zoo.md and the baselines of historic builds",
    )
    parser.add_argument(
        "--require-all",
        action="store_true",
        help="a program that is missing, or of another version, is a failure",
    )
    parser.add_argument("--jobs", type=int, default=2 * len(os.sched_getaffinity(0)), metavar="N")
    return parser.parse_args(argv)


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def _visit(program: Program, options: argparse.Namespace) -> Status:
    """Build, judge and compare one program."""
    if lack := _lack(program):
        _say(f"{program.name}: skipped: {lack}")
        return Status.UNJUDGED if options.require_all else Status.AS_EXPECTED
    path = EXPECTED / f"{program.name}.toml"
    known = Expectation(program.name, (program.version(),), ())
    if path.exists() or not options.write:
        try:
            known = expectation.read(path)
        except ExpectationError as error:
            _say(f"{program.name}: {error}")
            return Status.UNJUDGED
    if program.version() not in known.versions:
        # It is another program, of which nothing is expected.
        versions = " or ".join(known.versions)
        _say(f"{program.name}: skipped: expected is {versions}, here is {program.version()}")
        return Status.UNJUDGED if options.require_all else Status.AS_EXPECTED
    started = time.perf_counter()
    work = WORK / program.name
    try:
        command = program.make(work)
        seen = judging.judge(
            command,
            program.shows(work),
            options.jobs,
            options.case,
            options.requirement,
            expected=known.accused().keys() | known.sometimes(),
        )
    except (BuildError, SandboxError, *USAGE_ERRORS) as error:
        _say(f"{program.name}: could not be judged: {error}")
        return Status.UNJUDGED
    if options.write:
        known = comparing.renewed(known, seen)
        expectation.write(path, known)
    return _report(program, known, seen, options, time.perf_counter() - started)


def _lack(program: Program) -> str:
    """Why a program cannot be judged here; empty if it can."""
    return program.missing() or ("expectations are root's" if os.geteuid() else "")


def _report(
    program: Program,
    known: Expectation,
    seen: judging.Seen,
    options: argparse.Namespace,
    seconds: float,
) -> Status:
    head = f"{program.name} {program.version()}"
    tail = f"{len(seen.accused)} accusations in {len(seen.cases)} cases, {seconds:.0f} s"
    lines = [*comparing.compare(known, seen).lines(), *known.problems()]
    if program.is_historic:
        lines += baselines.problems(
            known, seen.results, is_narrowed=bool(options.case or options.requirement)
        )
        lines += screen.problems(seen.document) if seen.document else ()
    status = Status.DIFFERENT if lines else Status.AS_EXPECTED
    for case, reason in sorted(seen.unjudged.items()):
        lines.append(f"unjudged  {case}: {reason}")
        status = Status.UNJUDGED
    _say(f"{head}: {'not as expected' if lines else 'as expected'}, {tail}")
    for line in lines:
        _say(f"  {line}")
    return status


if __name__ == "__main__":
    sys.exit(main())
