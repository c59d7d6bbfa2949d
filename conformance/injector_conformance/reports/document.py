"""The report as a document: plain data for JSON, and the source of every other format."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, Final

from injector_conformance import __version__
from injector_conformance.cases.case import Case
from injector_conformance.host import filesystem
from injector_conformance.judging import describe
from injector_conformance.reports.reproduction import reproduction
from injector_conformance.run.result import RequirementResult, Result, Status
from injector_conformance.sandbox import Sandbox
from injector_conformance.sessions.session import CaseResult
from injector_conformance.specification.spec import Specification
from injector_conformance.subjects.subject import Subject

SCHEMA: Final = "2.1.0"
"""Version of the report's schema, ``reports/schema.json``."""

_OUTPUT_LIMIT: Final = 4096
"""Characters of the subject's output that a report keeps of a failed case."""

Document = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Settings:
    """What the run was asked to do, as far as reports repeat it.

    Attributes:
        profile: the profile judged.
        deadline: seconds that a run might take.
        options: words of the command line that change a case's run, for reproduction lines.
        selection: words of the command line that narrowed the cases; empty for a whole run.
        seed: what the payloads were made of.
        seconds: wall time of the run so far.
        filesystem: what stages lay on, as the sandbox describes it.
    """

    profile: str
    deadline: float
    seed: str = ""
    seconds: float = 0.0
    options: tuple[str, ...] = ()
    selection: tuple[str, ...] = ()
    filesystem: str = ""


def build(
    result: Result,
    specification: Specification,
    subject: Subject,
    sandbox: Sandbox,
    settings: Settings,
) -> Document:
    """The report of one run."""
    size, digest = subject.identity()
    settings = replace(settings, filesystem=sandbox.details.get("filesystem", ""))
    return {
        "schema": SCHEMA,
        "suite": __version__,
        "spec": specification.version,
        "fixtures": __version__,
        "subject": {
            "command": list(subject.command),
            "sha256": digest,
            "size": size,
            "machine": subject.target or subject.machine,
            "interpreted": subject.is_interpreted,
        },
        "sandbox": {"driver": sandbox.name, **sandbox.details},
        "run": _circumstances(settings),
        "profile": settings.profile,
        "deadline": settings.deadline,
        "level": result.level.value,
        "selection": list(settings.selection),
        "verdict": result.verdict.value,
        "deviations": result.deviations,
        "requirements": [
            _requirement(one, result, subject, settings) for one in result.requirements
        ],
        "not_applicable": [
            {"id": requirement.id, "reason": reason}
            for requirement, reason in result.not_applicable
        ],
        "cases": len(result.cases),
    }


def _circumstances(settings: Settings) -> Document:
    """When and where it was, for whoever wonders later why a run came out as it did."""
    system = os.uname()
    return {
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "host": system.nodename,
        "kernel": f"{system.sysname} {system.release} {system.machine}",
        "processors": len(os.sched_getaffinity(0)),
        "load": [round(one, 2) for one in os.getloadavg()],
        "seconds": round(settings.seconds, 2),
        "seed": settings.seed,
    }


def _requirement(
    one: RequirementResult, result: Result, subject: Subject, settings: Settings
) -> Document:
    requirement = one.requirement
    document: Document = {
        "id": requirement.id,
        "level": requirement.level.value,
        "chapter": requirement.chapter,
        "statement": requirement.statement,
        "status": one.status.value,
        "counts": result.counts(one),
        "cases": [
            _case(case, status, requirement.id, subject, settings) for case, status in one.cases
        ],
    }
    if one.accepted is not None:
        document["accepted"] = {"reason": one.accepted.reason, "link": one.accepted.link}
    return document


def _case(
    one: CaseResult, status: Status, requirement: str, subject: Subject, settings: Settings
) -> Document:
    check = one.case
    own = [broken for broken in one.broken if broken.requirement == requirement]
    document: Document = {
        "id": check.id,
        "title": check.title,
        "status": status.value,
        "outcome": one.outcome.value if one.outcome else None,
        "message": own[0].observed if own else one.reason,
        "seconds": None if subject.is_emulated else round(one.seconds, 4),
    }
    picked = ("--requirement", requirement)
    options = settings.options
    if isinstance(check, Case):
        on_disk = check.conditions.filesystem == "disk"
        if where := filesystem.of_case(settings.filesystem, on_disk=on_disk):
            document["filesystem"] = where
        picked = ("--case", check.id)
        if check.renew is not None and "--seed" not in options:
            options = (*options, "--seed", settings.seed)
    document["reproduce"] = reproduction(picked, options, subject.command)
    if own:
        document |= {
            "why": check.why,
            "origin": check.origin,
            "expected": own[0].expected,
            "observed": own[0].observed,
            "cause": own[0].cause.value,
            "besides": [
                {"requirement": b.requirement, "cause": b.cause.value, "observed": b.observed}
                for b in one.broken
                if b is not own[0]
            ],
            "stdout": _output(one.stdout),
            "stderr": _output(one.stderr),
        }
    return document


def _output(raw: bytes) -> str:
    """What the subject printed, readable and bounded."""
    text = "".join(
        character
        if character.isprintable() or character in "\n\t"
        else describe.name(character.encode("utf-8", "surrogateescape")).strip("'")
        for character in raw.decode("utf-8", "surrogateescape")
    )
    if len(text) <= _OUTPUT_LIMIT:
        return text
    half = _OUTPUT_LIMIT // 2
    return f"{text[:half]}\n… {len(text) - _OUTPUT_LIMIT:,} characters left out …\n{text[-half:]}"
