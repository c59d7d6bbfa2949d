"""The results as JSON; ``schema.json`` describes them."""

from __future__ import annotations

import json
import time
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

from injector_conformance import __version__
from injector_conformance.bench.contestants import Contestant
from injector_conformance.clients.proxy import Request
from injector_conformance.clients.results import Attempt, Cell, Results
from injector_conformance.clients.run import Plan
from injector_conformance.clients.trials import TRIALS
from injector_conformance.profiles import UNIFIED

Document = dict[str, Any]

SCHEMA_VERSION: Final = "1.0.0"
"""Version of ``schema.json``, which documents follow."""

_MILLISECONDS: Final = 3


def build(results: Results, plan: Plan) -> Document:
    """The whole document."""
    return {
        "schema": SCHEMA_VERSION,
        "kind": "clients",
        "profile": UNIFIED.id,
        "suite": __version__,
        "date": time.strftime("%Y-%m-%d", time.gmtime()),
        "subject": _subject(plan.subject),
        "ready": round(results.seconds, _MILLISECONDS),
        "level": results.level.value,
        "control": {"title": results.control} if results.control else None,
        "trials": [
            {
                "id": one.id,
                "title": one.title,
                "requirement": one.requirement,
                "level": one.level.value,
            }
            for one in TRIALS
        ],
        "clients": [
            {
                "id": row.id,
                "version": row.version,
                "results": [_cell(one) for one in row.cells.values()],
            }
            for row in results.rows
        ],
        "missing": [
            {"client": name, "reason": reason} for name, reason in results.missing.items()
        ],
        "verdict": results.verdict.value,
    }


def write(document: Document, path: Path) -> None:
    """Write it.

    Raises:
        OSError: it cannot be written.
    """
    path.write_text(json.dumps(document, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def _subject(contestant: Contestant) -> Document:
    size, sha256 = contestant.subject.identity()
    return {"command": list(contestant.subject.command), "size": size, "sha256": sha256}


def _cell(cell: Cell) -> Document:
    told: Document = {"trial": cell.trial.id, "outcome": cell.outcome.value}
    attempt = cell.subject
    if attempt is None:
        return told
    told["seconds"] = round(attempt.seconds, _MILLISECONDS)
    if attempt.failure is not None:
        told["failure"] = attempt.failure
    elif how := resumed(attempt):
        told["resumed"] = how
    if cell.control is not None and cell.control.failure is not None:
        told["control_failure"] = cell.control.failure
    told["requests"] = [_request(one) for one in attempt.requests]
    return told


def resumed(attempt: Attempt) -> str:
    """How a client went on after a cut: by ``range`` or ``anew``; empty if nothing was cut."""
    cut = [one for one in attempt.requests if one.is_cut]
    if not cut:
        return ""
    again = [one for one in attempt.requests if one.target == cut[0].target and one.start > 0]
    return "range" if again else "anew"


def _request(request: Request) -> Document:
    told = asdict(request)
    del told["head"]
    return told
