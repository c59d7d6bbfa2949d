"""``injector-conformance check``: judge an injector and print the report."""

from __future__ import annotations

import argparse
import json
import os
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from injector_conformance import baseline, binary, catalogue
from injector_conformance.baseline import Baseline
from injector_conformance.cli import options
from injector_conformance.reports import badge, github, junit, markdown, terminal
from injector_conformance.reports.document import Document, Settings, build
from injector_conformance.requirement import Level, Requirement, Scope
from injector_conformance.result import Result, Status, summarize
from injector_conformance.session import CaseResult
from injector_conformance.suite import Suite, plan, read_baseline

_FORMATS: Final = {
    "json": "the report as JSON (reports/schema.json)",
    "junit": "the report as JUnit XML",
    "html": "the report as one HTML page that needs no network",
    "markdown": "the report as Markdown, for job summaries",
    "annotations": "the failures as annotations of GitHub Actions",
    "badge": "the verdict as a badge: SVG, or a shields.io endpoint if FILE ends in .json",
}


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the subcommand."""
    parser = subparsers.add_parser(
        "check",
        help="judge an injector, requirement by requirement",
        description="Judge COMMAND, requirement by requirement, and print the report."
        " Exit status: 0 conformant, 1 not conformant, 2 wrong usage, 3 not everything judged.",
    )
    options.add_selection(parser)
    parser.add_argument(
        "--level",
        type=str.upper,
        choices=[level.value for level in Level],
        default=Level.MUST.value,
        metavar="LEVEL",
        help="failures down to this level count: must, should or may (default: must)",
    )
    options.add_sandbox(parser)
    parser.add_argument("--baseline", type=Path, metavar="FILE", help="accepted deviations (TOML)")
    parser.add_argument(
        "--write-baseline",
        type=Path,
        metavar="FILE",
        help="accept what is broken now, case by case; every new entry needs your reason",
    )
    for name, text in _FORMATS.items():
        parser.add_argument(f"--{name}", type=Path, metavar="FILE", help=f"write {text}")
    options.add_command(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Run the subcommand; the exit status is returned."""
    started = time.perf_counter()
    suite = plan(
        options.command_of(arguments),
        ids=arguments.case,
        requirements=arguments.requirement,
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
    old = _old_baseline(arguments, suite)
    results = _judge(suite, arguments.jobs)
    selection = _selection(arguments)
    if not arguments.case:
        results += [
            one
            for one in binary.judge(subject)
            if catalogue.is_wanted(one.case, arguments.requirement)
        ]
    result = summarize(
        results,
        specification,
        level=suite.level,
        baseline=suite.baseline,
        not_applicable=() if selection else _not_applicable(suite, results),
        is_narrowed=bool(selection),
        partly=suite.partly,
    )
    settings = Settings(arguments.profile, suite.deadline, _case_options(arguments), selection)
    document = build(result, specification, subject, sandbox, settings)
    _write(document, suite, arguments)
    if arguments.write_baseline is not None:
        _write_baseline(result, old, arguments.write_baseline)
    paint = terminal.Palette(enabled=sys.stdout.isatty() and "NO_COLOR" not in os.environ)
    seconds = time.perf_counter() - started
    for line in terminal.heading(document, paint):
        print(line)
    print()
    for line in terminal.render(document, dict(specification.chapters), paint, seconds):
        print(line)
    return result.verdict.exit_status


def _judge(suite: Suite, jobs: int) -> list[CaseResult]:
    progress = _Progress(len(suite.cases))
    with suite.opened(jobs) as session:
        try:
            return session.judge_all(list(suite.cases.values()), progress)
        finally:
            progress.finish()


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
    for name in ("requirement", "case"):
        for value in getattr(arguments, name):
            words += [f"--{name}", value]
    return tuple(words)


def _case_options(arguments: argparse.Namespace) -> tuple[str, ...]:
    """The options that a reproduction line must repeat."""
    words: list[str] = []
    if arguments.sandbox != options.AUTOMATIC:
        words += ["--sandbox", arguments.sandbox]
    for name in ("image", "platform"):
        if getattr(arguments, name) is not None:
            words += [f"--{name}", getattr(arguments, name)]
    for path in arguments.expose:
        words += ["--expose", str(path)]
    if arguments.timeout is not None:
        words += ["--timeout", f"{arguments.timeout:g}"]
    return tuple(words)


def _not_applicable(
    suite: Suite, judged: Sequence[CaseResult]
) -> Iterator[tuple[Requirement, str]]:
    """Requirements that this kind of run does not judge, and why."""
    with_cases = {one for result in judged for one in result.case.requirements}
    reasons = {
        requirement: reason
        for case_id, reason in suite.left_out.items()
        for requirement in catalogue.load()[case_id].requirements
    }
    for requirement in suite.specification.requirements.values():
        if requirement.id in with_cases:
            continue
        if requirement.scope is Scope.NATIVE and suite.subject.binary is None:
            yield requirement, "only for a subject that is a single ELF file"
        elif requirement.id in reasons:
            yield requirement, reasons[requirement.id]


def _write(document: Document, suite: Suite, arguments: argparse.Namespace) -> None:
    """Write the reports that were asked for."""
    if arguments.json is not None:
        text = json.dumps(document, indent=2, ensure_ascii=False) + "\n"
        arguments.json.write_text(text, encoding="utf-8")
    if arguments.junit is not None:
        junit.write(document, arguments.junit)
    if arguments.html is not None:
        from injector_conformance.reports.html import page, runs  # noqa: PLC0415 - slow to load

        text = page.render([(runs.name_of(document), document)], suite.specification)
        arguments.html.write_text(text, encoding="utf-8")
    if arguments.markdown is not None:
        text = markdown.render(document, dict(suite.specification.chapters))
        arguments.markdown.write_text(text, encoding="utf-8")
    if arguments.annotations is not None:
        arguments.annotations.write_text(github.render(document), encoding="utf-8")
    if arguments.badge is not None:
        is_json = arguments.badge.suffix == ".json"
        text = badge.endpoint(document) if is_json else badge.svg(document)
        arguments.badge.write_text(text, encoding="utf-8")


def _write_baseline(result: Result, old: Baseline, path: Path) -> None:
    """Accept every failure, case by case; what is written by hand stays."""
    bad = (Status.FAILED, Status.EXPECTED_FAILURE, Status.INCONCLUSIVE)
    pairs = [
        (baseline.Deviation(one.requirement.id, case.case.id, case.case.requirements), status)
        for one in result.requirements
        for case, status in one.cases
    ]
    judged = {(one.requirement, one.case) for one, _ in pairs}
    broken = [one for one, status in pairs if status in bad]
    baseline.write(path, baseline.renewed(old, judged, broken).entries)


def _old_baseline(arguments: argparse.Namespace, suite: Suite) -> Baseline:
    """What stands in the file that is to be written, or else in the baseline that is used.

    Raises:
        BaselineError: the file is something else, which must not be lost.
    """
    path = arguments.write_baseline
    if path is None or not path.exists():
        return suite.baseline
    return read_baseline(path, suite.specification, is_draft=True)
