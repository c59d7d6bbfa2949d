"""The report as JUnit XML, one test case per requirement and case, as CI systems show it."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Iterable
from pathlib import Path

from injector_conformance.reports import claim
from injector_conformance.reports.document import Document
from injector_conformance.reports.findings import MAY, besides


def write(document: Document, path: Path) -> None:
    """Write the report to ``path``.

    Requirements become test suites, their cases test cases. What does not count at the judged
    level, or is accepted, is a skipped test with its reason, so that a viewer's red is the
    verdict's red.
    """
    title = f"zarf-injector conformance: {claim.claim(document)}"
    root = ET.Element("testsuites", name=_clean(title))
    totals = {"tests": 0, "failures": 0, "errors": 0, "skipped": 0}
    seconds = 0.0
    for requirement in document["requirements"]:
        suite = ET.SubElement(
            root, "testsuite", name=f"{requirement['id']} {requirement['level']}"
        )
        counts = dict.fromkeys(totals, 0)
        for case in _tests(requirement):
            kind = _test(suite, requirement, case)
            counts["tests"] += 1
            if kind:
                counts[kind] += 1
        own = sum(case["seconds"] or 0 for case in requirement["cases"])
        _set(suite, counts, own)
        seconds += own
        for key, value in counts.items():
            totals[key] += value
    # The schema of Jenkins knows no sum of the skipped tests for the whole file.
    del totals["skipped"]
    _set(root, totals, seconds)
    ET.indent(root)
    ET.ElementTree(root).write(path, encoding="utf-8", xml_declaration=True)


def _tests(requirement: Document) -> Iterable[Document]:
    if requirement["status"] == "unexpected-pass" and "accepted" in requirement:
        yield {
            "id": "baseline",
            "status": "unexpected-pass",
            "seconds": 0.0,
            "message": "passes, but the baseline expects it to fail: the entry is stale",
        }
    yield from requirement["cases"]


def _test(suite: ET.Element, requirement: Document, case: Document) -> str:
    """Add one test case; the name of the count that it adds to, if any."""
    test = ET.SubElement(
        suite,
        "testcase",
        name=case["id"],
        classname=f"{requirement['chapter']}.{requirement['id']}",
        time=f"{case['seconds'] or 0:.3f}",
    )
    status, message = case["status"], _clean(case["message"])
    if status == "passed":
        return ""
    if status == "harness-error":
        ET.SubElement(test, "error", message=message, type=status)
        return "errors"
    accepted = "accepted" in requirement and requirement["status"] == "expected-failure"
    if status in {"skipped", "inconclusive", "expected-failure"} or accepted:
        ET.SubElement(test, "skipped", message=message)
        return "skipped"
    if status == "failed" and not requirement["counts"]:
        is_option = requirement["level"] == MAY
        words = "optional, not done" if is_option else f"{requirement['level']}, does not count"
        text = f"{words}: {message}"
        ET.SubElement(test, "skipped", message=text)
        return "skipped"
    failure = ET.SubElement(test, "failure", message=message, type=status)
    lines = [
        f"{key}: {case[key]}" for key in ("title", "why", "expected", "observed") if key in case
    ]
    lines += [f"besides: {one}" for one in besides(case)]
    lines += [
        f"{key}: {case[key]}"
        for key in ("stdout", "stderr", "filesystem", "reproduce")
        if case.get(key)
    ]
    failure.text = _clean("\n".join(lines))
    return "failures"


def _set(element: ET.Element, counts: dict[str, int], seconds: float) -> None:
    for key, value in counts.items():
        element.set(key, str(value))
    element.set("time", f"{seconds:.3f}")


def _clean(text: str) -> str:
    """Text without the characters that XML 1.0 cannot hold."""
    return "".join(
        one if one.isprintable() or one in "\n\t" else "\N{REPLACEMENT CHARACTER}" for one in text
    )
