"""Markdown and badges: made from the document alone."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from typing import Any

import pytest

from injector_conformance.reports import badge, markdown

CASE: dict[str, Any] = {
    "id": "tar-x",
    "title": "a <b> & `c` | d",
    "status": "failed",
    "outcome": "completed",
    "message": "m",
    "seconds": 0.1,
    "why": "w",
    "origin": "o",
    "expected": "e",
    "observed": "x\ny",
    "stdout": "",
    "stderr": "",
    "reproduce": "injector-conformance check --case tar-x -- 'a`b'",
}


def document(verdict: str, status: str = "failed") -> dict[str, Any]:
    return {
        "spec": "1.0.0",
        "subject": {"command": ["./a b"], "sha256": "0" * 64, "size": 1234},
        "sandbox": {"driver": "bubblewrap"},
        "profile": "stage1",
        "level": "MUST",
        "verdict": verdict,
        "cases": 1,
        "requirements": [
            {
                "id": "TAR-1",
                "level": "MUST",
                "chapter": "TAR",
                "statement": "It MUST.",
                "status": status,
                "counts": status == "failed",
                "cases": [{**CASE, "status": status}],
            }
        ],
    }


class TestMarkdown:
    def test_a_failure_is_told_in_full(self) -> None:
        text = markdown.render(document("nonconformant"), {"TAR": "the archive"})

        assert text.startswith("## ❌ not conformant: `'./a b'`")
        assert "| TAR: the archive | 0 of 1 | 1 | TAR-1 ❌ |" in text
        assert "- expected: e\n  - observed: x y\n" in text

    def test_nothing_from_a_subject_becomes_markup(self) -> None:
        text = markdown.render(document("nonconformant"), {"TAR": "the archive"})

        assert "a \\<b\\> &amp; \\`c\\` \\| d" in text
        assert "-- 'a'b'`" in text

    def test_success_has_no_details(self) -> None:
        text = markdown.render(document("conformant", "passed"), {"TAR": "the archive"})

        assert "<details>" not in text
        assert "1 of 1" in text


@pytest.mark.parametrize("verdict", ["conformant", "nonconformant", "partial", "harness-error"])
class TestBadge:
    def test_the_picture_is_xml_that_names_the_verdict(self, verdict: str) -> None:
        root = ET.fromstring(badge.svg(document(verdict)))  # noqa: S314 - made here

        assert badge.message(document(verdict)) in root.get("aria-label", "")

    def test_the_endpoint_is_what_shields_reads(self, verdict: str) -> None:
        found = json.loads(badge.endpoint(document(verdict)))

        assert found.keys() == {"schemaVersion", "label", "message", "color"}
        assert found["schemaVersion"] == 1
