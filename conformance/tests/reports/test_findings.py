"""What a report leads with: failures by what went wrong, the gravest first."""

from __future__ import annotations

from pathlib import Path

import pytest

from injector_conformance.judging.cause import Cause
from injector_conformance.reports import findings, github, junit, markdown, terminal
from injector_conformance.specification import spec
from tests.reported import Document, case, report

PLAIN = terminal.Palette(enabled=False)


def lines(document: Document, *, is_whole: bool = False) -> list[str]:
    chapters = dict(spec.load().chapters)
    return list(terminal.render(document, chapters, PLAIN, is_whole=is_whole))


MANY = report(
    RUN_3=[case("run-silent", "message")],
    GZ_3=[case(f"gz-members-{number}", "refused") for number in range(31)],
    TAR_2=[case("tar-a"), case("tar-b"), case("tar-c", status="passed")],
    RUN_2=[case("run-crashes", "crash"), case("run-hangs", "hang")],
    BOX_1=[case(f"box-out-{number}", "outside") for number in range(20)],
)


def test_the_gravest_comes_first() -> None:
    found = [(one.requirement["id"], one.kind.title) for one in findings.groups(MANY)]

    assert [name for name, _ in found] == ["BOX-1", "RUN-2", "TAR-2", "GZ-3", "RUN-3"]
    text = "\n".join(lines(MANY))
    places = [text.index(title) for _, title in found]
    assert places == sorted(places)


def test_every_cause_has_its_place() -> None:
    named = {one for kind in findings.KINDS for one in kind.causes}
    other = {"device", "owner", "mode", "memory", "next", "message", "binary"}

    assert {one.value for one in Cause} <= named | other


def test_what_is_grave_is_named_to_the_last_case_on_the_first_screen() -> None:
    screen = "\n".join(lines(MANY)[:40])

    numbers = ",".join(map(str, range(20)))
    assert f"box-out-{{{numbers}}}" in screen
    for name in ("run-crashes, run-hangs", "tar-a, tar-b"):
        assert name in screen


def test_nothing_done_at_all_is_said() -> None:
    text = "\n".join(lines(MANY))

    assert "GZ-3    all 31 cases: " in text
    assert "TAR-2   2 cases: " in text
    assert "BOX-1   20 cases: " in text, "of what holds for every run, others have kept it"


BESIDES = report(
    TAR_2=[
        case(
            "tar-a",
            besides=[
                {"requirement": "BOX-1", "cause": "outside", "observed": "x created"},
                {"requirement": "BOX-5", "cause": "outside", "observed": "its observed"},
            ],
        )
    ]
)


def test_all_promises_that_a_case_broke() -> None:
    text = lines(BESIDES)

    assert "      besides   BOX-1: x created" in text
    assert "      besides   BOX-5" in text


def test_every_form_of_a_report_tells_them(tmp_path: Path) -> None:
    junit.write(BESIDES, tmp_path / "report.xml")

    forms = {
        "Markdown": markdown.render(BESIDES, dict(spec.load().chapters)),
        "annotations": github.render(BESIDES),
        "JUnit": (tmp_path / "report.xml").read_text(encoding="utf-8"),
    }

    assert [name for name, text in forms.items() if "besides: BOX-1: x created" not in text] == []


def test_a_stale_entry_of_a_baseline_is_not_counted_as_broken() -> None:
    stale = {**case("tar-a", status="passed"), "status": "unexpected-pass"}
    document = report(TAR_2=[case("tar-b")], TAR_3=[case("tar-c", status="passed")])
    document["requirements"][1] |= {
        "status": "unexpected-pass",
        "counts": True,
        "cases": [stale],
        "accepted": {"reason": "r", "link": ""},
    }

    text = "\n".join(lines(document))

    assert "1 requirement broken, 1 kept, though the baseline says not, 0 skipped" in text


@pytest.mark.parametrize("others", [[], [case("tar-b", status="passed")]])
def test_what_the_harness_could_not_do_is_not_counted_as_broken(others: list[Document]) -> None:
    error = case("tar-a", status="harness-error", message="no space left")
    document = report(TAR_2=[error, *others])
    document["verdict"] = "harness-error"

    text = "\n".join(lines(document))

    assert "0 requirements broken, 1 not judged, as the harness failed" in text
    assert "FAIL" not in text
    assert "no space left" in text


def test_the_gravest_case_of_a_requirement_is_explained() -> None:
    text = "\n".join(lines(report(TAR_2=[case("tar-a", "refused"), case("tar-b", "lost")])))

    assert "case      tar-b · 2 of 2 cases of TAR-2 failed" in text


def test_a_report_is_bounded_and_the_rest_one_option_away() -> None:
    known = [
        one
        for one in spec.load().requirements.values()
        if "stage1" in one.profiles and one.level.value != findings.MAY
    ]
    names = {one.id.replace("-", "_"): one.id.lower() for one in known}
    bad = {key: [case(f"{name}-{number}") for number in range(12)] for key, name in names.items()}
    document = report(**bad)

    assert len(lines(document)) < 395
    assert "-v explains everything" in "\n".join(lines(document))
    whole = "\n".join(lines(document, is_whole=True))
    assert all(f"case      {name}-11" in whole for name in names.values())


class TestInconclusive:
    REASON = "its positive control gz-x~control does not complete: aborted (SIGABRT)"

    def document(self, count: int) -> Document:
        cases = [
            case(f"gz-{number}", status="inconclusive", message=f"{self.REASON} {number}")
            for number in range(count)
        ]
        return report(GZ_3=cases)

    def test_it_is_told_with_its_reason(self) -> None:
        text = "\n".join(lines(self.document(1)))

        assert f"inconclusive: 1 case, as {self.REASON} 0: gz-0" in text
        assert "1 inconclusive" in text

    def test_many_reasons_are_summed_up(self) -> None:
        told = [line for line in lines(self.document(9)) if line.startswith("inconclusive")]
        whole = lines(self.document(9), is_whole=True)

        assert len(told) == 1
        assert told[0].startswith("inconclusive: 9 cases")
        assert sum(line.startswith("inconclusive") for line in whole) == 9


class TestOptions:
    @pytest.fixture
    def document(self) -> Document:
        options = [
            one.id.replace("-", "_")
            for one in spec.load().requirements.values()
            if one.level.value == "MAY"
        ]
        return report(
            **{options[0]: [case("gz-a", status="passed")], options[1]: [case("gz-b", "refused")]}
        )

    def test_what_is_optional_is_done_or_not(self, document: Document) -> None:
        done, undone = (one["id"] for one in document["requirements"])
        text = "\n".join(lines(document))

        assert f"optional, done: {done}" in text
        assert f"optional, not done: {undone}" in text
        assert "FAIL" not in text
        assert "NOTE" not in text

    def test_no_report_calls_it_a_failure(self, document: Document, tmp_path: Path) -> None:
        undone = document["requirements"][1]["id"]
        junit.write(document, tmp_path / "r.xml")
        text = markdown.render(document, dict(spec.load().chapters))

        assert "<failure" not in (tmp_path / "r.xml").read_text()
        assert "optional, not done" in (tmp_path / "r.xml").read_text()
        assert f"{undone} optional, not done" in text
        assert undone not in github.render(document)


@pytest.mark.parametrize(
    ("names", "words"),
    [
        (["a-b-c", "a-b-d"], ["a-b-{c,d}"]),
        (["a-b", "a-b-d"], ["a-b, a-b-d"]),
        (["a"], ["a"]),
        (["a-b-c", "x-y", "a-b-d"], ["a-b-{c,d}", "x-y"]),
    ],
)
def test_names_share_their_beginning(names: list[str], words: list[str]) -> None:
    assert findings.braced(names) == words
