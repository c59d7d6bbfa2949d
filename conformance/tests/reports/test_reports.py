"""Markdown and badges: made from the document alone."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import pytest

from injector_conformance.reports import badge, claim, github, junit, markdown
from injector_conformance.run.result import Verdict

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
    "cause": "wrong-data",
    "besides": [],
    "reproduce": "injector-conformance check --case tar-x -- 'a`b'",
}


def document(verdict: str, status: str = "failed") -> dict[str, Any]:
    return {
        "spec": "1.0.0",
        "subject": {"command": ["./a b"], "sha256": "0" * 64, "size": 1234},
        "sandbox": {"driver": "bubblewrap"},
        "profile": "stage1",
        "level": "MUST",
        "selection": [],
        "deviations": 0,
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

        assert text.startswith("## ❌ not conformant: `'./a b'`\n\n**not conformant (MUST)")
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


@pytest.mark.parametrize("verdict", list(Verdict))
class TestBadge:
    def test_the_picture_is_xml_that_names_the_verdict(self, verdict: str) -> None:
        root = ET.fromstring(badge.svg(document(verdict)))  # noqa: S314 - made here

        assert badge.message(document(verdict)) in root.get("aria-label", "")

    def test_the_endpoint_is_what_shields_reads(self, verdict: str) -> None:
        found = json.loads(badge.endpoint(document(verdict)))

        assert found.keys() == {"schemaVersion", "label", "message", "color"}
        assert found["schemaVersion"] == 1

    def test_it_names_profile_and_level(self, verdict: str) -> None:
        assert badge.message(document(verdict)).endswith(" · 1.0.0 stage1 MUST")


NARROWED = {"selection": ["--case", "tar-*"]}
ACCEPTED = {"deviations": 3}


@pytest.mark.parametrize(
    ("verdict", "bounds", "phrases"),
    [
        ("conformant", {}, ["conformant (MUST) · profile stage1"]),
        ("conformant-with-deviations", ACCEPTED, ["conformant with 3 accepted deviations (MUST)"]),
        ("conformant-in-selection", NARROWED, ["partial", "only --case 'tar-*' (1 case)"]),
        (
            "conformant-in-selection",
            NARROWED | ACCEPTED,
            ["partial", "3 accepted deviations", "only --case 'tar-*'"],
        ),
        ("nonconformant", NARROWED, ["not conformant (MUST)", "only --case 'tar-*'"]),
        ("partial", ACCEPTED, ["partial", "3 accepted deviations"]),
    ],
)
class TestClaim:
    def test_it_says_what_bounds_it(
        self, verdict: str, bounds: dict[str, Any], phrases: list[str]
    ) -> None:
        text = claim.claim(document(verdict) | bounds)

        assert all(phrase in text for phrase in phrases)
        assert text.startswith("conformant (") == (verdict == "conformant")

    def test_a_badge_is_green_for_the_whole_only(
        self, verdict: str, bounds: dict[str, Any], phrases: list[str]
    ) -> None:
        found = json.loads(badge.endpoint(document(verdict) | bounds))

        assert phrases
        assert (found["color"] == "brightgreen") == (verdict == "conformant")
        assert ("partial" in found["message"]) == ("selection" in bounds or verdict == "partial")

    def test_every_report_has_it(
        self, verdict: str, bounds: dict[str, Any], phrases: list[str], tmp_path: Path
    ) -> None:
        given = document(verdict, "passed") | bounds
        junit.write(given, tmp_path / "r.xml")
        texts = [
            ET.parse(tmp_path / "r.xml").getroot().get("name", ""),  # noqa: S314 - made here
            markdown.render(given, {"TAR": "the archive"}).replace("\\", ""),
            github.render(given),
        ]

        for text in texts:
            assert all(phrase in text for phrase in phrases)
