"""Reports that were never run, for what is made of them."""

from __future__ import annotations

from typing import Any

from injector_conformance.specification import spec

Document = dict[str, Any]


def case(identifier: str, cause: str = "lost", status: str = "failed", **changed: Any) -> Document:
    found: Document = {
        "id": identifier,
        "title": f"the title of {identifier}",
        "status": status,
        "outcome": "completed",
        "message": "seen",
        "seconds": 0.1,
        "reproduce": f"injector-conformance check --case {identifier} -- ./x",
    }
    if status == "failed":
        texts = ("why", "origin", "expected", "observed", "stdout", "stderr")
        found |= {**{key: f"its {key}" for key in texts}, "cause": cause, "besides": []}
    return found | changed


def report(**requirements: list[Document]) -> Document:
    known = spec.load().requirements
    listed = []
    for name, cases in requirements.items():
        requirement = known[name.replace("_", "-")]
        statuses = {one["status"] for one in cases}
        order = ("harness-error", "failed", "inconclusive", "skipped", "passed")
        status = next(one for one in order if one in statuses)
        level = requirement.level.value
        listed.append(
            {
                "id": requirement.id,
                "level": level,
                "chapter": requirement.chapter,
                "statement": requirement.statement,
                "status": status,
                "counts": status == "failed" and level == "MUST",
                "cases": cases,
            }
        )
    return {
        "spec": "1.0.0",
        "subject": {
            "command": ["./x"],
            "sha256": "0" * 64,
            "size": 1,
            "machine": "x86_64",
            "interpreted": False,
        },
        "sandbox": {"driver": "namespaces"},
        "run": {"seconds": 1.5},
        "profile": "stage1",
        "level": "MUST",
        "selection": [],
        "deviations": 0,
        "verdict": "nonconformant",
        "cases": 1,
        "requirements": listed,
        "not_applicable": [],
    }
