"""The page: templates, style and script put together into one file."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Final

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from injector_conformance import __version__
from injector_conformance.reports.document import Document
from injector_conformance.reports.html import history, marks
from injector_conformance.reports.html.causes import causes, dangers
from injector_conformance.reports.html.evidence import evidence
from injector_conformance.reports.html.pulls import LEGEND
from injector_conformance.reports.html.requirements import chapters
from injector_conformance.reports.html.runs import columns
from injector_conformance.reports.html.sizes import sizes
from injector_conformance.reports.html.speed import Speeds
from injector_conformance.size.ladder.figures import Ladder
from injector_conformance.specification.spec import Specification

_PACKAGE: Final = "injector_conformance.reports.html"

_POLICY: Final = (
    "default-src 'none'; base-uri 'none'; form-action 'none'; style-src '{style}';"
    " script-src '{script}'; img-src data:"
)
"""Nothing is loaded, nothing is sent, and only this page's own style and script are obeyed: not
even markup that slipped through the escaping could do anything."""


def render(
    documents: Sequence[tuple[str, Document]],
    specification: Specification,
    *,
    ladder: Ladder | None = None,
    speeds: Speeds | None = None,
    clients: Sequence[Document] = (),
    clusters: Sequence[Document] = (),
) -> str:
    """The whole page.

    Args:
        documents: reports with a name each; a column each, in this order.
        specification: its texts are shown beside the requirements.
        ladder: figures for the section on sizes, which is left out without them.
        speeds: likewise for the section on speed.
        clients: outputs of ``clients --json``, shown as evidence of chapter CTR.
        clusters: outputs of ``cluster --json``, likewise.
    """
    runs = columns(documents)
    found, wrong = chapters(runs, specification), causes(runs)
    style, script = _asset("report.css"), _asset("report.js")
    return (
        _environment()
        .get_template("page.html")
        .render(
            runs=runs,
            causes=wrong,
            dangers=dangers(wrong, runs),
            chapters=found,
            specification=specification,
            sizes=sizes(ladder, runs) if ladder else None,
            speeds=speeds,
            evidence=evidence(clients, clusters, runs),
            known={line.id for chapter in found for line in chapter.lines},
            signs=LEGEND,
            marks=marks,
            suite=__version__,
            style=Markup(style),  # noqa: S704 - a file of this package
            script=Markup(script),  # noqa: S704 - likewise
            policy=_POLICY.format(style=_digest(style), script=_digest(script)),
        )
    )


def over_time(name: str, found: Sequence[tuple[Path, Document]]) -> str:
    """The whole page of one subject's reports, the oldest first; it needs no script."""
    style, rows = _asset("report.css"), history.points(found)
    return (
        _environment()
        .get_template("history.html")
        .render(
            name=name,
            points=rows,
            charts=history.charts(rows),
            steps=history.steps(rows),
            suite=__version__,
            style=Markup(style),  # noqa: S704 - a file of this package
            policy=_POLICY.format(style=_digest(style), script="none"),
        )
    )


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader(_PACKAGE),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


@cache
def _asset(name: str) -> str:
    text = (resources.files(_PACKAGE) / "assets" / name).read_text("utf-8")
    return f"\n{text}"


def _digest(text: str) -> str:
    """How a content security policy names an inline style or script."""
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"
