"""The results for people: a table of clients and trials, and what was asked."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from injector_conformance.clients.document import Document

_NAME: Final = 22
_WIDTH: Final = 11

_DIGEST: Final = re.compile("sha256:[0-9a-f]{64}")
_DIGITS: Final = 56
"""How many of a digest's are not shown."""

_WORDS: Final = {
    "passed": "yes",
    "failed": "NO",
    "unable": "no",
    "uncertain": "no?",
    "none": "-",
}

_LEGEND: Final = {
    "failed": "NO: the client does it with the control, {control}, and not with the injector",
    "unable": "no: the client does not do it with the control, {control}, either",
    "uncertain": "no?: the client failed, and there is no control to tell whose fault it is",
    "none": "-: the client has no such thing",
}


def table(document: Document) -> Iterator[str]:
    """The table, what failed and why, and who is missing."""
    trials = document["trials"]
    yield " " * _NAME + "".join(f"{one['title']:>{_WIDTH}}" for one in trials)
    for client in document["clients"]:
        cells = {one["trial"]: one for one in client["results"]}
        row = "".join(f"{_cell(cells[one['id']]):>{_WIDTH}}" for one in trials)
        yield f"{_named(client):<{_NAME}}{row}"
    yield ""
    outcomes = {one["outcome"] for client in document["clients"] for one in client["results"]}
    control = document["control"]["title"] if document["control"] else ""
    for outcome, words in _LEGEND.items():
        if outcome in outcomes:
            yield words.format(control=control)
    if any("resumed" in one for client in document["clients"] for one in client["results"]):
        yield "range: went on where it was cut off; anew: began again"
    yield from _failures(document)
    for one in document["missing"]:
        yield f"missing  {one['client']}: {one['reason']}"


def requests(document: Document) -> Iterator[str]:
    """Every request of every trial, and for equal ones after each other how many there were."""
    titles = {one["id"]: one["title"] for one in document["trials"]}
    for client in document["clients"]:
        for one in client["results"]:
            if not one.get("requests"):
                continue
            yield ""
            yield f"{client['id']} · {titles[one['trial']]} · {one['seconds']:.1f} s"
            for line, count in _counted([_request(asked) for asked in one["requests"]]):
                yield f"  {line}" + (f"  (x {count})" if count > 1 else "")


def _named(client: Mapping[str, Any]) -> str:
    return f"{client['id']} {client['version']}"[: _NAME - 1]


def _cell(cell: Mapping[str, Any]) -> str:
    word = _WORDS[cell["outcome"]]
    how = cell.get("resumed", "")
    return f"{word}, {how}" if how and cell["outcome"] == "passed" else word


def _failures(document: Document) -> Iterator[str]:
    titles = {one["id"]: one["title"] for one in document["trials"]}
    for client in document["clients"]:
        for one in client["results"]:
            if "failure" in one:
                yield f"{client['id']}, {titles[one['trial']]}: {one['failure']}"


def _request(asked: Mapping[str, Any]) -> str:
    if not asked["method"]:
        return "(TLS, or no HTTP)"
    told = f"{asked['method']} {_DIGEST.sub(_shorter, asked['target'])}"
    if asked["range"]:
        told += f" [{asked['range']}]"
    answer = str(asked["status"]) if asked["status"] else "no answer"
    cut = ", cut off" if asked["is_cut"] else ""
    return f"{told} -> {answer}, {asked['size']:,} bytes{cut}"


def _shorter(found: re.Match[str]) -> str:
    return found[0][:-_DIGITS] + "…"


def _counted(lines: Sequence[str]) -> Iterator[tuple[str, int]]:
    count = 0
    for number, line in enumerate(lines):
        count += 1
        if lines[number + 1 : number + 2] != [line]:
            yield line, count
            count = 0
