"""Annotations: what GitHub's runner reads of them."""

from __future__ import annotations

import re
from typing import Any

import pytest

from injector_conformance.reports import github

LINE = re.compile(r"::(error|warning|notice) title=([^:,\r\n]*)::([^\r\n]*)")


def requirement(number: int, status: str, *, counts: bool = True, **case: Any) -> dict[str, Any]:
    return {
        "id": f"TAR-{number}",
        "level": "MUST",
        "statement": "It MUST, 100% of the time: always.",
        "status": status,
        "counts": counts,
        "cases": [
            {
                "id": "tar-x",
                "title": "x",
                "status": status,
                "message": "because",
                "expected": "e",
                "observed": "o",
                "reproduce": "r",
            }
            | case
        ],
    }


def read(*requirements: dict[str, Any]) -> list[tuple[str, str, str]]:
    """Kind, title and message, unescaped as the runner does it."""
    document = {
        "subject": {"command": ["./a b"]},
        "verdict": "nonconformant",
        "level": "MUST",
        "profile": "stage1",
        "selection": [],
        "deviations": 0,
        "cases": 1,
        "requirements": list(requirements),
    }
    text = github.render(document)
    found = []
    for line in text.splitlines():
        match = LINE.fullmatch(line)
        assert match, line
        kind, title, message = match.groups()
        for escape, character in (("%3A", ":"), ("%2C", ","), ("%0D", "\r"), ("%0A", "\n")):
            title = title.replace(escape, character)
            message = message.replace(escape, character) if escape[1] == "0" else message
        found.append((kind, title.replace("%25", "%"), message.replace("%25", "%")))
    verdict = ("notice", "Verdict", "not conformant (MUST) · profile stage1")
    assert verdict in found
    return [one for one in found if one != verdict]


def test_a_failure() -> None:
    [(kind, title, message)] = read(requirement(3, "failed"))

    assert kind == "error"
    assert title == "TAR-3 MUST: broken"
    assert message.splitlines() == [
        "It MUST, 100% of the time: always.",
        "injector: './a b'",
        "case: tar-x (x), 1 of 1",
        "expected: e",
        "observed: o",
        "reproduce: r",
    ]


@pytest.mark.parametrize(
    ("status", "counts", "kinds"),
    [
        ("passed", False, []),
        ("expected-failure", False, []),
        ("failed", True, ["error"]),
        ("failed", False, ["notice"]),
        ("unexpected-pass", True, ["error"]),
        ("harness-error", False, ["error"]),
        ("skipped", False, ["warning"]),
    ],
)
def test_kinds(status: str, counts: bool, kinds: list[str]) -> None:
    assert [kind for kind, _, _ in read(requirement(1, status, counts=counts))] == kinds


def test_what_does_not_count_says_so() -> None:
    [(_, title, _)] = read(requirement(1, "failed", counts=False))

    assert title == "TAR-1 MUST: not kept, does not count at this level"


def test_a_requirement_without_cases() -> None:
    [(_, _, message)] = read({**requirement(1, "unexpected-pass"), "cases": []})

    assert message.endswith("injector: './a b'")


@pytest.mark.parametrize(
    "text", ["\n::error::pwned", "\r\n::set-env name=x::y", "%0A::error::pwned", "a::b,c"]
)
def test_nothing_from_a_subject_is_a_command(text: str) -> None:
    [(_, _, message)] = read(requirement(1, "failed", observed=text, title=text))

    assert f"observed: {text}" in message


def test_more_than_github_shows_are_counted() -> None:
    found = read(*(requirement(number, "failed") for number in range(1, 15)))

    assert len(found) == github.MOST
    assert found[-1] == (
        "error",
        "And others",
        "5 more requirements; the report has all of them",
    )


def test_messages_are_bounded() -> None:
    [(_, _, message)] = read(requirement(1, "failed", observed="x" * 100_000))

    assert len(message) <= 2000
