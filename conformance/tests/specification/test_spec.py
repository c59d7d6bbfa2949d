"""The grammar of SPEC.md: what is read from it, and what is refused with the line named."""

from __future__ import annotations

from pathlib import Path

import pytest

from injector_conformance.specification import spec
from injector_conformance.specification.spec import (
    Level,
    Requirement,
    Scope,
    SpecError,
    parse,
    sort_key,
)

HEAD = "# Title\n\nVersion: 1.2.3-draft\nProfiles: stage1, unified\n\n## SUM: the checksum\n\n"


def requirement(heading: str, statement: str = "It MUST hold.") -> str:
    return f"### {heading}\n{statement}\n\n*Why:* reason.\n*Source:* place.\n\n"


def refused(text: str) -> str:
    with pytest.raises(SpecError) as caught:
        parse(text)
    return str(caught.value)


class TestReading:
    def test_every_part_of_a_requirement(self) -> None:
        text = HEAD + (
            "### SUM-1 · MUST · stage1, unified · native\n"
            "The statement MUST\ngo over `two` lines.\n\n"
            "*Why:* because\nof this. *Source:* RFC 1, section 2.\n"
            "*Others:* none\ndo.\n"
        )

        assert parse(text).requirements["SUM-1"] == Requirement(
            id="SUM-1",
            level=Level.MUST,
            profiles=("stage1", "unified"),
            scope=Scope.NATIVE,
            statement="The statement MUST go over `two` lines.",
            why="because of this.",
            source="RFC 1, section 2.",
            others="none do.",
            chapter="SUM",
        )

    def test_scope_and_others_may_be_absent(self) -> None:
        read = parse(HEAD + requirement("SUM-1 · MAY · stage1")).requirements["SUM-1"]

        assert (read.scope, read.others) == (None, "")

    def test_header_and_chapters(self) -> None:
        read = parse(HEAD + "## GZ: the stream\n## Decisions\n")

        assert read.version == "1.2.3-draft"
        assert read.profiles == ("stage1", "unified")
        assert read.chapters == {"SUM": "the checksum", "GZ": "the stream"}

    def test_only_the_first_version_line_before_the_chapters_counts(self) -> None:
        read = parse(HEAD + "Version: 9.9.9\n\n## Decisions\nVersion: 8.8.8\n")

        assert read.version == "1.2.3-draft"

    def test_order_is_by_chapter_whatever_the_order_in_the_file(self) -> None:
        text = (
            HEAD
            + requirement("SUM-1 · MUST · stage1")
            + "## PAY: payload\n"
            + requirement("PAY-1 · MUST · stage1")
        )

        assert list(parse(text).requirements) == ["PAY-1", "SUM-1"]
        assert list(parse(text).chapters) == ["PAY", "SUM"]

    def test_lettered_twins_follow_their_number(self) -> None:
        headings = ["SUM-1", "SUM-1a", "SUM-1b", "SUM-2"]
        text = HEAD + "".join(requirement(f"{one} · SHOULD · stage1") for one in headings)

        assert list(parse(text).requirements) == headings

    def test_retired_requirement_keeps_its_number_and_is_no_requirement(self) -> None:
        text = HEAD + "### SUM-1 · retired\n\n" + requirement("SUM-2 · MUST · stage1")

        assert list(parse(text).requirements) == ["SUM-2"]
        assert parse(text).retired == {"SUM-1"}

    def test_fenced_code_is_not_read(self) -> None:
        fenced = "```\n### SUM-7 · NEVER · nobody\n## SUM: again\n```\n"

        assert list(parse(HEAD + requirement("SUM-1 · MUST · stage1") + fenced).requirements) == [
            "SUM-1"
        ]

    def test_headings_outside_chapters_are_prose(self) -> None:
        text = HEAD + requirement("SUM-1 · MUST · stage1") + "## Decisions\n### Why not SUM-9?\n"

        assert list(parse(text).requirements) == ["SUM-1"]


FIRST_LINE = HEAD.count("\n") + 1


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        (requirement("SUM-1 · MUST · stage1") * 2, "duplicate requirement SUM-1"),
        (requirement("SUM-1 · WILL · stage1"), "SUM-1: unknown level 'WILL': MUST, SHOULD, MAY"),
        (requirement("SUM-1 · MUST · stage2"), "unknown profile 'stage2': stage1, unified"),
        (requirement("SUM-1 · MUST · stage1,"), "unknown profile ''"),
        (requirement("SUM-1 · MUST · stage1 · wasm"), "unknown scope 'wasm': native, container"),
        (requirement("SUM-1 · MUST"), "a heading is 'ID · LEVEL · PROFILES'"),
        (requirement("SUM-1"), "a heading is 'ID · LEVEL · PROFILES'"),
        (requirement("SUM-1 · MUST · stage1 · native · x"), "a heading is"),
        (requirement("SUM 1 · MUST · stage1"), "'SUM 1' is not a requirement id"),
        (requirement("GZ-1 · MUST · stage1"), "GZ-1 does not belong in SUM"),
        (requirement("SUM-2 · MUST · stage1"), "SUM-2 stands before any SUM-1"),
        (requirement("SUM-1a · MUST · stage1"), "SUM-1a stands before any SUM-1"),
        ("### SUM-1 · MUST · stage1\n\n*Why:* a. *Source:* b.\n", "SUM-1 has no statement"),
        ("### SUM-1 · MUST · stage1\nIt.\n\n*Source:* b.\n", "SUM-1 has no '*Why:*'"),
        ("### SUM-1 · MUST · stage1\nIt.\n\n*Why:* a.\n", "SUM-1 has no '*Source:*'"),
        ("### SUM-1 · MUST · stage1\nIt.\n\n*Why:*\n*Source:* b.\n", "SUM-1 has no '*Why:*'"),
        ("### SUM-1 · MUST · stage1\nA.\n\nB.\n\n*Why:* a.\n", "must be one paragraph"),
        ("### SUM-1 · MUST · stage1\nA.\n\n*Why:* a. *Why:* b.\n", "has '*Why:*' twice"),
        ("## SUM: again\n", "chapter SUM begins a second time"),
        ("## XYZ: new\n", "unknown chapter XYZ: use one of PAY, SUM, GZ"),
    ],
)
def test_refused_with_line_and_reason(body: str, problem: str) -> None:
    message = refused(HEAD + body)

    assert problem in message
    name, line, _ = message.split(":", 2)
    assert name == "SPEC.md"
    assert int(line) >= FIRST_LINE
    assert (HEAD + body).splitlines()[int(line) - 1].startswith("##")


@pytest.mark.parametrize(
    ("missing", "problem"),
    [
        ("Version: 1.2.3-draft\n", "no line such as 'Version: 1.0.0'"),
        ("Profiles: stage1, unified\n", "no line such as 'Profiles: stage1, unified'"),
    ],
)
def test_header_lines_are_required(missing: str, problem: str) -> None:
    assert problem in refused(HEAD.replace(missing, ""))


def test_version_is_semantic() -> None:
    assert "Version: 1.0.0" in refused(HEAD.replace("1.2.3-draft", "1.2"))


def test_gap_says_how_to_retire_a_number() -> None:
    text = HEAD + requirement("SUM-1 · MUST · stage1") + requirement("SUM-3 · MUST · stage1")

    assert "'### SUM-2 · retired'" in refused(text)


class TestLoading:
    def test_missing_file_is_named(self, tmp_path: Path) -> None:
        with pytest.raises(SpecError, match=r"nowhere\.md: cannot read the specification"):
            spec.load(tmp_path / "nowhere.md")

    def test_file_that_is_not_text_is_named(self, tmp_path: Path) -> None:
        path = tmp_path / "binary.md"
        path.write_bytes(b"\xff\xfe")

        with pytest.raises(SpecError, match=r"binary\.md: cannot read the specification"):
            spec.load(path)

    def test_messages_name_the_file_that_was_read(self, tmp_path: Path) -> None:
        path = tmp_path / "mine.md"
        path.write_text("nothing\n", encoding="utf-8")

        with pytest.raises(SpecError, match=r"mine\.md:1: no line such as"):
            spec.load(path)


class TestSortKey:
    def test_order_is_natural(self) -> None:
        mixed = ["CTR-5", "GZ-10", "GZ-6", "GZ-5a", "SUM-1", "GZ-5", "PAY-1"]

        assert sorted(mixed, key=sort_key) == [
            *("PAY-1", "SUM-1", "GZ-5", "GZ-5a", "GZ-6", "GZ-10", "CTR-5")
        ]

    @pytest.mark.parametrize("text", ["", "GZ", "GZ-0", "gz-1", "XYZ-1", "GZ-1A", "GZ-1 "])
    def test_other_text_is_refused(self, text: str) -> None:
        with pytest.raises(ValueError, match="is not a requirement id"):
            sort_key(text)


def test_levels_are_ordered() -> None:
    assert [one for one in Level if one.is_at_least(Level.SHOULD)] == [Level.MUST, Level.SHOULD]
