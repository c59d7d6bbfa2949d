"""What ``check`` writes into files: reports of every format, and baselines."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Final

from injector_conformance.reports import badge, github, junit, markdown
from injector_conformance.reports.document import Document
from injector_conformance.run import baseline
from injector_conformance.run.baseline import Baseline
from injector_conformance.run.catalogue import SelectionError
from injector_conformance.run.result import Result, Status
from injector_conformance.run.suite import Suite, read_baseline

FORMATS: Final = {
    "json": "the report as JSON (reports/schema.json)",
    "junit": "the report as JUnit XML",
    "html": "the report as one HTML page that needs no network",
    "markdown": "the report as Markdown, for job summaries",
    "annotations": "the failures as annotations of GitHub Actions",
    "badge": "the verdict as a badge: SVG, or a shields.io endpoint if FILE ends in .json",
}
"""The formats by their options, and what each of them is."""


def check_folders(arguments: argparse.Namespace) -> None:
    """Look before the run whether its reports can be written where they are wanted.

    Raises:
        SelectionError: one of them cannot.
    """
    for name in (*FORMATS, "write-baseline"):
        path: Path | None = getattr(arguments, name.replace("-", "_"))
        if path is None:
            continue
        if path.is_dir():
            raise SelectionError(f"--{name} {path}: is a directory; name a file")
        if not path.absolute().parent.is_dir():
            raise SelectionError(f"--{name} {path}: there is no directory to write it in")


def reports(document: Document, suite: Suite, arguments: argparse.Namespace) -> None:
    """Write the reports that were asked for."""
    if arguments.json is not None:
        text = json.dumps(document, indent=2, ensure_ascii=False) + "\n"
        # A word of the command that is no text: JSON's escape for what it is in Python.
        arguments.json.write_text(text, encoding="utf-8", errors="backslashreplace")
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


def accepted(result: Result, old: Baseline, path: Path) -> None:
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


def old_baseline(arguments: argparse.Namespace, suite: Suite) -> Baseline:
    """What stands in the file that is to be written, or else in the baseline that is used.

    Raises:
        BaselineError: the file is something else, which must not be lost.
    """
    path = arguments.write_baseline
    if path is None or not path.exists():
        return suite.baseline
    return read_baseline(path, suite.specification, is_draft=True)
