"""The document of a run: whatever a case broke is in it, and where and when it was."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import cast

import pytest

from injector_conformance.cases.case import Case
from injector_conformance.judging.cause import Broken, Cause
from injector_conformance.reports.document import Document, Settings, build
from injector_conformance.run.result import summarize
from injector_conformance.sandbox import Sandbox
from injector_conformance.sessions.session import CaseResult, CaseStatus
from injector_conformance.specification import spec
from injector_conformance.subjects.subject import resolve
from zookeeper import screen

LOST = Broken("TAR-2", "a file", "no file", Cause.LOST)
ESCAPED = Broken("BOX-1", "no change outside", "canary changed", Cause.OUTSIDE)


@pytest.fixture
def document(ordinary: Case) -> Document:
    """Of one case that lost a file and, besides, wrote outside."""
    one = CaseResult(ordinary, CaseStatus.FAILED, (LOST, ESCAPED))
    sandbox = cast(Sandbox, SimpleNamespace(name="namespaces", details={}))
    known = spec.load()
    settings = Settings("stage1", 5.0, seed="s", seconds=12.345)
    return build(summarize([one], known), known, resolve(["/bin/sh"]), sandbox, settings)


def test_what_a_case_broke_besides_leads_the_first_screen(document: Document) -> None:
    """An escape is told, and before what was lost, though it was not the first to be found."""
    lines = screen.rendered(document)[: screen.SCREEN]
    heads = [line.split(":")[0] for line in lines]

    assert list(screen.problems(document)) == []
    escaped = heads.index("changes outside of the output directory")
    assert escaped < heads.index("lost, wrong or smuggled data")
    assert "BOX-1" in lines[escaped + 1]


def test_each_broken_promise_names_the_others(document: Document) -> None:
    told = {
        one["id"]: [(b["requirement"], b["cause"], b["observed"]) for b in case["besides"]]
        for one in document["requirements"]
        for case in one["cases"]
        if case["status"] == "failed"
    }

    assert told == {
        "TAR-2": [("BOX-1", "outside", "canary changed")],
        "BOX-1": [("TAR-2", "lost", "no file")],
    }


def test_it_says_where_and_when_it_was(document: Document) -> None:
    run = document["run"]

    age = datetime.now(UTC) - datetime.fromisoformat(run["date"])
    assert abs(age.days) < 1
    assert run["host"] == os.uname().nodename
    assert run["seconds"] == pytest.approx(12.345, abs=0.01)
    assert [isinstance(one, float) for one in run["load"]] == [True] * 3
