"""The failures as annotations of GitHub Actions: workflow commands, one a line."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from typing import Final

from injector_conformance.reports import claim
from injector_conformance.reports.document import Document
from injector_conformance.reports.findings import MAY, besides

MOST: Final = 10
"""GitHub shows so many annotations of a kind for each step and drops the others in silence."""

_LONGEST: Final = 2000
"""Characters of a message; GitHub cuts at 64 KiB, readers long before."""

_KINDS: Final = {
    "failed": "error",
    "unexpected-pass": "error",
    "harness-error": "error",
    "inconclusive": "warning",
    "skipped": "warning",
}

_WORDS: Final = {
    "failed": "broken",
    "unexpected-pass": "kept, but the baseline says not",
    "harness-error": "not judged, the harness failed",
    "inconclusive": "inconclusive, another case tells why",
    "skipped": "not judged",
}
_NOT_COUNTED: Final = "not kept, does not count at this level"


def render(document: Document) -> str:
    """All annotations: what counts first, as errors; what is accepted is left out.

    The verdict is one of them.
    """
    verdict = _command("notice", "Verdict", claim.claim(document))
    by_kind: dict[str, list[str]] = {"error": [], "warning": [], "notice": [verdict]}
    for requirement in document["requirements"]:
        kind = _KINDS.get(requirement["status"])
        is_failed = requirement["status"] == "failed" and not requirement["counts"]
        if kind is None or (is_failed and requirement["level"] == MAY):
            continue
        if is_failed:
            kind = "notice"
        word = _NOT_COUNTED if kind == "notice" else _WORDS[requirement["status"]]
        title = f"{requirement['id']} {requirement['level']}: {word}"
        message = "\n".join(_lines(requirement, document))
        by_kind[kind].append(_command(kind, title, message))
    lines: list[str] = []
    for kind, own in by_kind.items():
        shown = own if len(own) <= MOST else own[: MOST - 1]
        lines += shown
        if len(own) > MOST:
            rest = f"{len(own) - len(shown)} more requirements; the report has all of them"
            lines.append(_command(kind, "And others", rest))
    return "".join(f"{line}\n" for line in lines)


def _lines(requirement: Document, document: Document) -> Iterator[str]:
    yield requirement["statement"]
    yield f"injector: {shlex.join(document['subject']['command'])}"
    bad = [one for one in requirement["cases"] if one["status"] == requirement["status"]]
    if not bad:
        return
    first = bad[0]
    yield f"case: {first['id']} ({first['title']}), {len(bad)} of {len(requirement['cases'])}"
    for key in ("expected", "observed"):
        if key in first:
            yield f"{key}: {first[key]}"
    yield from (f"besides: {one}" for one in besides(first))
    if "reproduce" in first:
        yield f"reproduce: {first['reproduce']}"
    if "observed" not in first and first["message"]:
        yield f"reason: {first['message']}"


def _command(kind: str, title: str, message: str) -> str:
    text = message if len(message) <= _LONGEST else message[: _LONGEST - 1] + "…"
    return f"::{kind} title={_property(title)}::{_data(text)}"


def _data(text: str) -> str:
    """Text behind the second ``::``: a line must stay one line."""
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    """The value of a property, which a comma or a colon would end."""
    return _data(text).replace(":", "%3A").replace(",", "%2C")
