"""Reports that the tests of the page share: small, large, ordinary and hostile ones."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from typing import Any

import pytest

from injector_conformance.reports.document import SCHEMA
from injector_conformance.reports.html import page
from injector_conformance.size.ladder.figures import Ladder, Limit, Rung
from injector_conformance.specification import spec

Document = dict[str, Any]
Report = Callable[..., Document]
Render = Callable[..., str]


@pytest.fixture
def case() -> Callable[..., Document]:
    """A case of a report; one that did not pass is explained."""

    def make(identifier: str, status: str = "passed", **changed: Any) -> Document:
        document: Document = {
            "id": identifier,
            "title": f"the title of {identifier}",
            "status": status,
            "outcome": "completed",
            "message": "",
            "seconds": 0.0123,
            "reproduce": f"injector-conformance check --case {identifier} -- ./injector",
        }
        if status in ("failed", "expected-failure"):
            document |= {
                "message": "completed, tree: empty",
                "why": "files are lost",
                "origin": "RFC 1952",
                "expected": "completed, tree: a (1 byte)",
                "observed": "completed, tree: empty; missing: a",
                "cause": "lost",
                "besides": [],
                "stdout": "",
                "stderr": "some words on standard error\n",
            }
        return document | changed

    return make


@pytest.fixture
def report() -> Report:
    """A report: requirements by id, each a status, a list of cases, and perhaps more fields."""

    def make(
        requirements: dict[str, tuple[str, Sequence[Document]]],
        *,
        level: str = "MUST",
        **changed: Any,
    ) -> Document:
        known = spec.load().requirements
        listed: list[Document] = []
        for identifier, (status, cases) in requirements.items():
            own = known[identifier]
            listed.append(
                {
                    "id": identifier,
                    "level": own.level.value,
                    "chapter": own.chapter,
                    "statement": own.statement,
                    "status": status,
                    "counts": status == "unexpected-pass"
                    or (status == "failed" and own.level.is_at_least(spec.Level(level))),
                    "cases": list(cases),
                }
            )
        bad = any(one["counts"] for one in listed)
        return {
            "schema": SCHEMA,
            "suite": "1.0.0",
            "spec": spec.load().version,
            "fixtures": "1.0.0",
            "subject": {
                "command": ["./injector"],
                "sha256": "0123456789abcdef" * 4,
                "size": 12_224,
                "machine": "x86_64",
                "interpreted": False,
            },
            "sandbox": {"driver": "bubblewrap", "version": "0.11.0"},
            "run": {
                "date": "2026-01-02T03:04:05+00:00",
                "host": "here",
                "kernel": "Linux 6.1.0 x86_64",
                "processors": 2,
                "load": [0.1, 0.2, 0.3],
                "seconds": 1.5,
                "seed": "0123456789abcdef",
            },
            "profile": "stage1",
            "deadline": 10.0,
            "level": level,
            "selection": [],
            "verdict": "nonconformant" if bad else "conformant",
            "deviations": 0,
            "requirements": listed,
            "not_applicable": [],
            "cases": max(1, len({one["id"] for own in listed for one in own["cases"]})),
        } | changed

    return make


@pytest.fixture
def ordinary(report: Report, case: Callable[..., Document]) -> Document:
    """A report with a requirement of every kind of result."""
    return report(
        {
            "PAY-1": ("passed", [case("pay-one"), case("pay-two")]),
            "SUM-5": ("failed", [case("sum-says-both", "failed")]),
            "GZ-3": ("failed", [case("gz-members"), case("gz-split", "failed")]),
            "TAR-3": ("expected-failure", [case("tar-size", "expected-failure")]),
            "TAR-4": ("unexpected-pass", [case("tar-long", "unexpected-pass")]),
            "BOX-1": ("passed", []),
            "RUN-8": (
                "skipped",
                [case("run-full", "skipped", message="cannot mount", outcome=None)],
            ),
        },
        not_applicable=[{"id": "CTR-1", "reason": "only in containers"}],
    )


@pytest.fixture
def good(report: Report, case: Callable[..., Document]) -> Document:
    """A report of an injector that keeps what the ordinary one breaks."""
    return report(
        {
            "PAY-1": ("passed", [case("pay-one"), case("pay-two")]),
            "GZ-3": ("passed", [case("gz-members"), case("gz-split")]),
        }
    )


@pytest.fixture
def large(report: Report, case: Callable[..., Document]) -> Callable[[str], Document]:
    """Reports of 1,200 cases over all requirements; the failed ones print as much as they may."""

    def make(status: str) -> Document:
        ids = itertools.cycle(spec.load().requirements)
        cases: dict[str, list[Document]] = {}
        talk = "a line that an injector prints when it fails\n" * 91
        for number in range(1200):
            one = case(f"large-case-with-a-name-{number}", status)
            if status == "failed":
                one |= {"stdout": talk, "stderr": talk, "observed": talk}
            cases.setdefault(next(ids), []).append(one)
        return report({name: (status, own) for name, own in cases.items()})

    return make


@pytest.fixture
def ladder() -> Ladder:
    """Figures of sizes."""
    return Ladder(
        date="2026-01-02",
        tools={"rustc": "1.2.3"},
        limits=(Limit(512_000, "the title"), Limit(1_048_576, "1 MiB")),
        rungs=(
            Rung(
                "note", "Told", "by <hand> & eye", {"aarch64": 700_000}, exact=False, remark="M1"
            ),
            Rung("native", "Made", "native", {"x86_64": 12_744, "aarch64": 12_688}),
        ),
    )


@pytest.fixture
def render() -> Render:
    """Renders reports by name as a page."""

    def make(*documents: tuple[str, Document], **more: Any) -> str:
        return page.render(documents, spec.load(), **more)

    return make
