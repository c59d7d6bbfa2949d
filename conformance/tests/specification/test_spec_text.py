"""SPEC.md itself: complete, ordered, and every promise worded as its level demands."""

from __future__ import annotations

import re
from pathlib import Path

from injector_conformance.profiles import UNIFIED
from injector_conformance.specification import spec
from injector_conformance.specification.spec import CHAPTERS, Level, sort_key

SPECIFICATION = spec.load()
REQUIREMENTS = SPECIFICATION.requirements
KEYWORD = re.compile(r"\b(MUST|SHOULD|MAY)\b")
STRONGER = {
    Level.MUST: set[str](),
    Level.SHOULD: {"MUST"},
    Level.MAY: {"MUST", "SHOULD"},
}
TEXT = (Path(__file__).parents[3] / "reference" / "SPEC.md").read_text(encoding="utf-8")


def test_every_chapter_has_a_title_and_requirements() -> None:
    assert tuple(SPECIFICATION.chapters) == CHAPTERS
    assert {one.chapter for one in REQUIREMENTS.values()} == set(CHAPTERS)


def test_ids_once_given_stay() -> None:
    """The last number of each chapter, and the twins; raise a number, never lower one."""
    known = {*REQUIREMENTS, *SPECIFICATION.retired}

    assert known >= {
        *(f"PAY-{number}" for number in range(1, 9)),
        *(f"SUM-{number}" for number in range(1, 7)),
        *(f"GZ-{number}" for number in range(1, 9)),
        *(f"TAR-{number}" for number in range(1, 19)),
        *(f"BOX-{number}" for number in range(1, 10)),
        *(f"MODE-{number}" for number in range(1, 7)),
        *(f"RUN-{number}" for number in range(1, 12)),
        *(f"BIN-{number}" for number in range(1, 7)),
        *(f"ARG-{number}" for number in range(1, 9)),
        *(f"EXT-{number}" for number in range(1, 7)),
        *(f"NAMES-{number}" for number in range(1, 13)),
        *(f"HTTP-{number}" for number in range(1, 24)),
        *(f"LIFE-{number}" for number in range(1, 13)),
        *(f"CTR-{number}" for number in range(1, 7)),
        *("GZ-5a", "GZ-7a", "TAR-1a", "TAR-8a", "TAR-9a", "TAR-10a", "BOX-3a"),
        *("RUN-3a", "RUN-5a", "RUN-10a"),
        *("HTTP-1a", "HTTP-3a", "HTTP-8a", "HTTP-9a", "HTTP-16a", "HTTP-21a", "LIFE-9a"),
    }


def test_requirements_are_in_order() -> None:
    assert list(REQUIREMENTS) == sorted(REQUIREMENTS, key=sort_key)


def test_statement_has_the_keyword_of_its_level_and_no_stronger_one() -> None:
    keywords = {one.id: set(KEYWORD.findall(one.statement)) for one in REQUIREMENTS.values()}

    assert [one.id for one in REQUIREMENTS.values() if one.level not in keywords[one.id]] == []
    assert [
        one.id for one in REQUIREMENTS.values() if keywords[one.id] & STRONGER[one.level]
    ] == []


def test_statement_is_a_sentence_that_stands_alone() -> None:
    """It is shown without its neighbours wherever a failure is explained."""
    statements = [one.statement for one in REQUIREMENTS.values()]

    assert [one for one in statements if not one.endswith(".")] == []
    assert [one for one in statements if one.startswith(("This ", "It ", "They "))] == []


def test_native_and_container_chapters_have_their_scope() -> None:
    scopes = {"BIN": "native", "CTR": "container"}
    replayed = "CTR-6"

    assert REQUIREMENTS[replayed].scope is None
    assert {one.id: one.scope for one in REQUIREMENTS.values() if one.id != replayed} == {
        one.id: scopes.get(one.chapter) for one in REQUIREMENTS.values() if one.id != replayed
    }


def test_what_is_for_one_profile_alone() -> None:
    """A profile has chapters of its own; of the others it may have some requirement alone."""
    without_stage1 = {one.id for one in REQUIREMENTS.values() if "stage1" not in one.profiles}
    of_unified = {one.id for one in REQUIREMENTS.values() if one.chapter in UNIFIED.chapters}

    assert without_stage1 == {*of_unified, "CTR-6"}


def test_every_id_that_the_text_mentions_exists() -> None:
    mentioned = set(re.findall(rf"\b(?:{'|'.join(CHAPTERS)})-[0-9]+[a-z]?\b", TEXT))

    assert mentioned <= {*REQUIREMENTS, *SPECIFICATION.retired}


def test_every_link_within_the_text_leads_to_a_heading() -> None:
    headings = re.findall(r"^#+ (.*)$", TEXT, re.MULTILINE)
    anchors = {re.sub(r"[^\w\- ]", "", one).lower().replace(" ", "-") for one in headings}
    targets = set(re.findall(r"\]\(#([^)]+)\)", TEXT))

    assert targets
    assert targets <= anchors
