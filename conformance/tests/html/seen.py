"""What the commands ``clients`` and ``cluster`` write, made up: small documents of every kind."""

from __future__ import annotations

from typing import Any

Document = dict[str, Any]

SHA256 = "0123456789abcdef" * 4
"""Of the subject of the reports that these tests make up."""

OTHER = "f" * 64

_TRIALS = (
    ("tag", "by tag", "CTR-6", "MUST"),
    ("digest", "by digest", "CTR-6", "MUST"),
    ("at-once", "8 at once", "HTTP-18", "MUST"),
    ("tags", "list tags", "NAMES-12", "SHOULD"),
    ("cut-1", "1 cut", "HTTP-16", "SHOULD"),
    ("cut-3", "3 cuts", "HTTP-16", "SHOULD"),
)


def clients(*outcomes: str, sha256: str = SHA256) -> Document:
    """One client that does everything, and one with these outcomes, then ``passed``."""
    ids = [trial for trial, *_ in _TRIALS]
    whole = [*outcomes, *["passed"] * len(ids)][: len(ids)]
    return {
        "schema": "1.0.0",
        "kind": "clients",
        "profile": "unified",
        "suite": "1.0.0",
        "date": "2026-01-02",
        "subject": {"command": ["./injector"], "size": 12_224, "sha256": sha256},
        "ready": 0.645,
        "level": "MUST",
        "control": {"title": "docker-registry 2.8.2"},
        "trials": [
            {"id": one, "title": title, "requirement": requirement, "level": level}
            for one, title, requirement, level in _TRIALS
        ],
        "clients": [
            {"id": "regctl", "version": "v0.8.3", "results": [_done(one) for one in ids]},
            {
                "id": "other",
                "version": "1.2.3-with-much-behind-it",
                "results": [
                    _done(one) if outcome == "passed" else _undone(one, outcome)
                    for one, outcome in zip(ids, whole, strict=True)
                ],
            },
        ],
        "missing": [{"client": "oras", "reason": "oras not on PATH; install oras"}],
        "verdict": "failed" if "failed" in outcomes else "all pulled",
    }


def cluster(finding: Document | None = None, **changed: Any) -> Document:
    """A story of profile ``unified``; with a finding it ends behind its second step."""
    steps = [("pack", 0.4), ("create", 2.7), *([] if finding else [("ready", 1.9), ("pull", 0.7)])]
    verdict = "skipped" if finding else "kept"
    document = {
        "schema": "1.0.0",
        "kind": "cluster",
        "profile": "unified",
        "suite": "1.0.0",
        "date": "2026-01-02",
        "injector": {"name": "zarf-injector", "bytes": 12_224, "sha256": SHA256},
        "node": {
            "name": "127.0.0.1",
            "architecture": "amd64",
            "runtime": "containerd://1.6.20",
            "kubelet": "v1.34.1",
        },
        "image": "docker.io/local/injector-witness:1",
        "user": None,
        "namespace": "injector-conformance-abc",
        "payload": {"sha256": OTHER, "bytes": 18_000_000, "chunks": 24, "images": []},
        "port": 31_999,
        "steps": [
            {"id": one, "title": f"the step {one}", "seconds": seconds} for one, seconds in steps
        ],
        "requirements": [
            {"id": "CTR-1", "verdict": "skipped", "why": "no image of Alpine"},
            {"id": "CTR-6", "verdict": verdict, "why": "by tag and by digest"},
        ],
        "notes": ["it serves as user 1000650000 of group 0 too"],
        "finding": finding,
    }
    return document | changed


def finding(blame: str = "injector") -> Document:
    """What went wrong."""
    return {
        "fault": "wrong-bytes",
        "blame": blame,
        "says": "the injector answered 200 with other bytes than the digest names",
        "why": "containerd computes the digest itself",
        "requirements": ["CTR-6", "NAMES-11"],
        "evidence": "Failed to pull image: unexpected commit digest",
    }


def _done(trial: str) -> Document:
    told: Document = {"trial": trial, "outcome": "passed", "seconds": 0.3, "requests": []}
    return told | ({"resumed": "range"} if trial.startswith("cut") else {})


def _undone(trial: str, outcome: str) -> Document:
    if outcome == "none":
        return {"trial": trial, "outcome": outcome}
    return {
        "trial": trial,
        "outcome": outcome,
        "seconds": 0.3,
        "failure": f"cannot do {trial}",
        "requests": [],
    }
