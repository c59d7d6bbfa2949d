"""JUnit XML against the rules that common readers share, and against itself."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import pytest
from xmlschema import XMLSchema

from injector_conformance.reports import junit

SCHEMA = XMLSchema(str(Path(__file__).with_name("junit.xsd")))

STATUSES = (
    "passed",
    "failed",
    "inconclusive",
    "skipped",
    "expected-failure",
    "unexpected-pass",
    "harness-error",
)


def case(status: str) -> dict[str, Any]:
    explained = {
        "why": "w",
        "expected": "e",
        "observed": "o",
        "stdout": "",
        "stderr": "\x1b[31m\x00",
    }
    return {
        "id": f"tar-{status}",
        "title": "a <title> & more",
        "status": status,
        "message": "with \x07, \ufffe and \ud800" if status != "passed" else "",
        "seconds": 1234.5678,
        "reproduce": "injector-conformance check",
    } | (explained if status == "failed" else {})


def requirement(status: str, *, counts: bool, accepted: bool = False) -> dict[str, Any]:
    return {
        "id": "TAR-3",
        "level": "MUST",
        "chapter": "TAR",
        "status": status,
        "counts": counts,
        "cases": [case(one) for one in STATUSES],
    } | ({"accepted": {"reason": "r", "link": ""}} if accepted else {})


@pytest.fixture
def written(tmp_path: Path) -> Path:
    """A report in which everything occurs that may occur."""
    document = {
        "verdict": "nonconformant",
        "level": "MUST",
        "profile": "stage1",
        "selection": ["--case", "\x07"],
        "deviations": 1,
        "cases": 6,
        "requirements": [
            requirement(status, counts=counts, accepted=accepted)
            for status in STATUSES
            for counts in (True, False)
            for accepted in (True, False)
        ]
        + [{**requirement("passed", counts=False), "cases": []}],
    }
    junit.write(document, tmp_path / "junit.xml")
    return tmp_path / "junit.xml"


def test_it_keeps_the_schema(written: Path) -> None:
    SCHEMA.validate(str(written))


def test_the_counts_are_those_of_the_tests(written: Path) -> None:
    root = ET.parse(written).getroot()  # noqa: S314 - our own file
    kinds = {"failures": "failure", "errors": "error", "skipped": "skipped"}

    for suite in root:
        assert int(suite.get("tests", "")) == len(suite.findall("testcase"))
        for count, kind in kinds.items():
            assert int(suite.get(count, "")) == len(suite.findall(f"testcase/{kind}")), count
    for count in ("tests", "failures", "errors"):
        assert int(root.get(count, "")) == sum(int(one.get(count, "")) for one in root), count
    assert int(root.get("failures", "")) > 0
    assert int(root.get("errors", "")) > 0


SUITE = '<testsuite name="s" tests="1" failures="0" errors="0" time="0.000">{}</testsuite>'
TEST = '<testcase name="n" classname="c" time="0.000">{}</testcase>'


class TestTheSchema:
    def test_takes_the_least_that_there_can_be(self) -> None:
        assert SCHEMA.is_valid(f"<testsuites>{SUITE.format(TEST.format(''))}</testsuites>")

    @pytest.mark.parametrize(
        "text",
        [
            '<testsuites skipped="1"/>',
            "<testsuites><testcase name='n' classname='c' time='0.000'/></testsuites>",
            "<testsuites><testsuite name='s'/></testsuites>",
            f"<testsuites>{SUITE.format(TEST.format('<errors/>'))}</testsuites>",
            f"<testsuites>{SUITE.format(TEST.format('<skipped/><failure/>'))}</testsuites>",
            f"<testsuites>{SUITE.format(TEST.format('')).replace('0.000', '1,000')}</testsuites>",
            f"<testsuites>{SUITE.format('').replace(chr(34) + '1', chr(34) + 'one')}</testsuites>",
        ],
    )
    def test_refuses(self, text: str) -> None:
        ET.fromstring(text)  # noqa: S314 - well-formed, so that only the rule is at stake

        assert not SCHEMA.is_valid(text)
