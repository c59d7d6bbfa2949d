"""``injector-conformance check``: judge an injector and print the report."""

from __future__ import annotations

import argparse
import os
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from injector_conformance.cli import again, keep, options, writing
from injector_conformance.profiles import DEFAULT
from injector_conformance.reports import terminal
from injector_conformance.reports.document import Settings, build
from injector_conformance.run import binary, catalogue
from injector_conformance.run.result import summarize
from injector_conformance.run.suite import Suite, plan
from injector_conformance.sessions import first_look
from injector_conformance.sessions.keeping import Keeper
from injector_conformance.sessions.session import CaseResult, CaseStatus, Session
from injector_conformance.specification.requirement import Level, Requirement, Scope


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the subcommand."""
    parser = subparsers.add_parser(
        "check",
        help="judge an injector, requirement by requirement",
        description="Judge COMMAND, requirement by requirement, and print the report."
        " Exit status: 0 conformant, 1 not conformant, 2 wrong usage, 3 not everything judged.",
    )
    options.add_selection(parser)
    options.add_skip(parser)
    parser.add_argument(
        "--rerun-failed",
        type=Path,
        metavar="FILE",
        help="only what an earlier run, in FILE as --json wrote it, did not pass",
    )
    parser.add_argument(
        "--fail-fast", action="store_true", help="stop at the first case that counts against it"
    )
    options.add_level(parser)
    options.add_sandbox(parser)
    parser.add_argument("--baseline", type=Path, metavar="FILE", help="accepted deviations (TOML)")
    parser.add_argument(
        "--write-baseline",
        type=Path,
        metavar="FILE",
        help="accept what is broken now, case by case; every new entry needs your reason",
    )
    for name, text in writing.FORMATS.items():
        parser.add_argument(f"--{name}", type=Path, metavar="FILE", help=f"write {text}")
    parser.add_argument(
        "--keep",
        type=Path,
        metavar="DIR",
        help="keep what each failed case was given and left in DIR/CASE; DIR is new or empty",
    )
    parser.add_argument(
        "-v", "--verbose", action="store_true", help="explain every failed case, not the first few"
    )
    options.add_command(parser)
    parser.set_defaults(run=run)


def defaults() -> argparse.Namespace:
    """The arguments of a run for which no option was given."""
    commands = argparse.ArgumentParser().add_subparsers()
    add_parser(commands)
    return commands.choices["check"].parse_args([])


def run(arguments: argparse.Namespace) -> int:
    """Run the subcommand; the exit status is returned."""
    started = time.perf_counter()
    writing.check_folders(arguments)
    before = arguments.rerun_failed
    failed = () if before is None else again.failed(before, arguments.profile)
    suite = plan(
        options.command_of(arguments),
        ids=(*arguments.case, *failed),
        requirements=arguments.requirement,
        skip=arguments.skip,
        profile=arguments.profile,
        level=arguments.level,
        sandbox=arguments.sandbox,
        image=arguments.image,
        platform=arguments.platform,
        expose=arguments.expose,
        baseline_path=arguments.baseline,
        deadline=arguments.timeout,
        seed=arguments.seed,
    )
    specification, subject, sandbox = suite.specification, suite.subject, suite.sandbox
    old = writing.old_baseline(arguments, suite)
    paint = terminal.Palette(enabled=sys.stdout.isatty() and "NO_COLOR" not in os.environ)
    keeper = keep.keeper(arguments.keep)
    results, is_hopeless = _judge(suite, arguments, keeper)
    has_stopped = len(results) < len(suite.cases)
    selection = (*_selection(arguments), *(("--fail-fast",) if has_stopped else ()))
    known = specification.requirements
    wanted = [catalogue.spelled(one, specification) for one in arguments.requirement]
    if not arguments.case and not failed:
        results += [
            one
            for one in binary.judge(subject)
            if catalogue.is_wanted(one.case, wanted)
            and not catalogue.is_skipped(one.case, arguments.skip, specification)
        ]
    result = summarize(
        results,
        specification,
        level=suite.level,
        profile=arguments.profile,
        baseline=suite.baseline,
        not_applicable=() if selection else _not_applicable(suite, results),
        is_narrowed=bool(selection),
        partly=frozenset(known) if has_stopped else suite.partly,
    )
    settings = Settings(
        profile=arguments.profile,
        deadline=suite.deadline,
        seed=suite.seed,
        seconds=time.perf_counter() - started,
        options=_repeated(arguments, suite),
        selection=selection,
    )
    document = build(result, specification, subject, sandbox, settings)
    writing.reports(document, suite, arguments)
    if arguments.write_baseline is not None:
        writing.accepted(result, old, arguments.write_baseline)
    for line in terminal.heading(document, paint):
        print(line)
    print()
    chapters = dict(specification.chapters)
    is_brief = is_hopeless and not arguments.verbose
    for line in (
        terminal.brief(document, paint)
        if is_brief
        else terminal.render(document, chapters, paint, is_whole=arguments.verbose)
    ):
        print(line)
    if keeper is not None:
        print(keep.finish(keeper, results))
    return result.verdict.exit_status


def _judge(
    suite: Suite, arguments: argparse.Namespace, keeper: Keeper | None
) -> tuple[list[CaseResult], bool]:
    """The results, and whether the first look said all that there is to say."""
    judged = list(suite.cases.values())

    def is_enough(result: CaseResult) -> bool:
        return arguments.fail_fast and suite.counts_against(result)

    progress = _Progress(len(suite.cases))
    with suite.opened(arguments.jobs, keeper) as session:
        is_hopeless = _look_first(suite, session)
        try:
            return session.judge_all(judged, progress, is_enough=is_enough), is_hopeless
        finally:
            progress.finish()


def _look_first(suite: Suite, session: Session) -> bool:
    """Tell at once of a subject that extracts nothing at all; whether it is one."""
    case = first_look.wanted(suite.cases)
    if case is None:
        return False
    result = session.judge(case)
    if not first_look.is_hopeless(result):
        return False
    for line in first_look.complaint(result, suite.subject):
        print(line)
    print(flush=True)
    return True


class _Progress:
    """A line on standard error that says how far the run is; silent where nobody watches."""

    def __init__(self, total: int) -> None:
        self._total = total
        self._done = 0
        self._failed = 0
        self._lock = threading.Lock()
        self._watched = sys.stderr.isatty()

    def __call__(self, result: CaseResult) -> None:
        with self._lock:
            self._done += 1
            self._failed += bool(result.broken)
            if self._watched:
                text = f"\r{self._done}/{self._total} cases, {self._failed} failed"
                print(text, end="", file=sys.stderr, flush=True)

    def finish(self) -> None:
        if self._watched:
            print("\r\x1b[K", end="", file=sys.stderr, flush=True)


def _selection(arguments: argparse.Namespace) -> tuple[str, ...]:
    words: list[str] = []
    for name in ("requirement", "case", "skip"):
        for value in getattr(arguments, name):
            words += [f"--{name}", value]
    if arguments.rerun_failed is not None:
        words += ["--rerun-failed", str(arguments.rerun_failed)]
    return tuple(words)


def _repeated(arguments: argparse.Namespace, suite: Suite) -> tuple[str, ...]:
    """The options that a reproduction line must repeat to get the same answer."""
    words: list[str] = []
    if arguments.profile != DEFAULT.id:
        words += ["--profile", arguments.profile]
    if suite.level is not Level.MUST:
        words += ["--level", suite.level.value.lower()]
    if arguments.sandbox != options.AUTOMATIC:
        words += ["--sandbox", arguments.sandbox]
    for name in ("image", "platform", "baseline"):
        if getattr(arguments, name) is not None:
            words += [f"--{name}", str(getattr(arguments, name))]
    for path in arguments.expose:
        words += ["--expose", str(path)]
    if arguments.timeout is not None:
        words += ["--timeout", f"{arguments.timeout:g}"]
    if arguments.seed is not None:
        words += ["--seed", arguments.seed]
    return tuple(words)


def _not_applicable(
    suite: Suite, judged: Sequence[CaseResult]
) -> Iterator[tuple[Requirement, str]]:
    """Requirements that this kind of run does not judge, and why."""
    applicable = [one for one in judged if one.status is not CaseStatus.NOT_APPLICABLE]
    with_cases = {one for result in applicable for one in result.case.requirements}
    reasons = {
        requirement: reason
        for case_id, reason in suite.left_out.items()
        for requirement in catalogue.load()[case_id].requirements
    }
    for result in judged:
        if result.status is CaseStatus.NOT_APPLICABLE:
            reasons |= dict.fromkeys(result.case.requirements, result.reason)
    for requirement in suite.specification.requirements.values():
        if requirement.id in with_cases:
            continue
        if requirement.scope is Scope.NATIVE and suite.subject.binary is None:
            yield requirement, "only for a subject that is a single ELF file"
        elif requirement.id in reasons:
            yield requirement, reasons[requirement.id]
