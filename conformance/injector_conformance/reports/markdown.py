"""The report as Markdown, for job summaries and pull requests."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from typing import Final

from injector_conformance.judging.describe import listed
from injector_conformance.reports import claim, findings
from injector_conformance.reports.document import Document

_SIGNS: Final = {"conformant": "✅", "nonconformant": "❌"}
"""Everything else claims less, and is a warning."""

_MARKS: Final = {
    "passed": "✅",
    "failed": "❌",
    "inconclusive": "⚠️ inconclusive",
    "skipped": "⚠️ skipped",
    "expected-failure": "☑️ accepted",
    "unexpected-pass": "❌ stale baseline",
    "harness-error": "⚠️ harness error",
}
_MOST_NAMES: Final = 20
_MOST_FAILURES: Final = 30
"""Failed requirements that are explained; a job summary has a limit of 1 MiB."""


def render(document: Document, chapters: dict[str, str]) -> str:
    """The whole report."""
    return "\n".join(_lines(document, chapters)) + "\n"


def _lines(document: Document, chapters: dict[str, str]) -> Iterator[str]:
    subject, sandbox = document["subject"], document["sandbox"]
    sign = _SIGNS.get(document["verdict"], "⚠️")
    yield f"## {sign} {claim.brief(document)}: `{_code(shlex.join(subject['command']))}`"
    yield ""
    yield f"**{_text(claim.claim(document))}**"
    yield ""
    yield (
        f"{subject['size']:,} bytes · sha256 `{subject['sha256'][:16]}…` ·"
        f" specification {document['spec']} · profile {document['profile']} ·"
        f" level {document['level']} · sandbox {sandbox['driver']} · {document['cases']} cases"
    )
    yield ""
    yield "| chapter | requirements kept | cases | not kept |"
    yield "| --- | ---: | ---: | --- |"
    for chapter, title in chapters.items():
        own = [one for one in document["requirements"] if one["chapter"] == chapter]
        if own:
            good = sum(one["status"] == "passed" for one in own)
            cases = len({case["id"] for one in own for case in one["cases"]}) or "every run"
            bad = " ".join(f"{one['id']} {_mark(one)}" for one in own if one["status"] != "passed")
            yield f"| {chapter}: {title} | {good} of {len(own)} | {cases} | {bad} |"
    yield from _overview(document)
    failed = [one for one in document["requirements"] if _is_told(one)]
    failed.sort(key=findings.order_of)
    for one in failed[:_MOST_FAILURES]:
        yield ""
        yield from _requirement(one)
    if len(failed) > _MOST_FAILURES:
        yield ""
        yield f"{len(failed) - _MOST_FAILURES} more requirements are not shown here."


def _mark(one: Document) -> str:
    is_undone = one["status"] == "failed" and _is_option(one)
    return "optional, not done" if is_undone else _MARKS[one["status"]]


def _is_told(one: Document) -> bool:
    """Whether a requirement is explained; what is optional and not done needs no explanation."""
    return one["status"] != "passed" and not (one["status"] == "failed" and _is_option(one))


def _is_option(one: Document) -> bool:
    return one["level"] == findings.MAY and not one["counts"]


def _overview(document: Document) -> Iterator[str]:
    """Every failure by what went wrong, the gravest first."""
    kind = None
    for group in findings.groups(document):
        if group.kind is not kind:
            kind = group.kind
            yield ""
            yield f"**{kind.title}**"
            yield ""
        names = listed((f"`{one['id']}`" for one in group.cases), most=_MOST_NAMES)
        yield f"- {group.requirement['id']}, {len(group.cases)} of {group.judged}: {names}"


def _requirement(one: Document) -> Iterator[str]:
    note = "" if one["counts"] or one["status"] != "failed" else " (does not count at this level)"
    summary = f"{_MARKS[one['status']]} {one['id']} {one['level']}{note}"
    yield f"<details><summary>{summary}: {_text(one['statement'])}</summary>"
    yield ""
    if "accepted" in one:
        yield f"Accepted: {_text(one['accepted']['reason'])}"
        yield ""
    for case in one["cases"]:
        if case["status"] == "passed":
            continue
        if "observed" not in case:
            yield f"- `{case['id']}`: {_text(case['message'])}"
            continue
        yield f"- `{case['id']}`: {_text(case['title'])}"
        yield f"  - why: {_text(case['why'])}"
        yield f"  - expected: {_text(case['expected'])}"
        yield f"  - observed: {_text(case['observed'])}"
        for other in findings.besides(case):
            yield f"  - besides: {_text(other)}"
        if "filesystem" in case:
            yield f"  - on: {_text(case['filesystem'])}"
        if "reproduce" in case:
            yield f"  - reproduce: `{_code(case['reproduce'])}`"
    yield ""
    yield "</details>"


def _text(text: str) -> str:
    """Text that Markdown shows as it is, on one line."""
    one_line = " ".join(text.split())
    return re.sub(r"([\\`*_{}\[\]<>#|~])", r"\\\1", one_line).replace("&", "&amp;")


def _code(text: str) -> str:
    """Text for a code span, which a grave accent would end."""
    return text.replace("`", "'").replace("\n", " ")
