"""The page as markup: what it says, that it is sound, and that no subject can add to it."""

from __future__ import annotations

import base64
import hashlib
import itertools
import re
from collections import Counter
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from typing import Any

import pytest

from injector_conformance.specification import spec

Document = dict[str, Any]
Render = Callable[..., str]
Report = Callable[..., Document]

HOSTILE = "</script></style><script>pwned=1</script><img src=x onerror=pwned=1>\"'>&lt;`${x}"
VOID = {"meta", "link", "input", "br", "img"}


class Elements(HTMLParser):
    """Every element with its attributes, its text, and the elements that it lies in."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None], tuple[str, ...]]] = []
        self.texts: list[tuple[str, str]] = []
        self._open: list[str] = []
        self.feed(text)
        self.close()
        assert self._open == [], "elements that are never closed"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs), tuple(self._open)))
        if tag not in VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs), tuple(self._open)))

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.texts.append((self._open[-1] if self._open else "", data))

    def named(self, *tags: str) -> Iterator[dict[str, str | None]]:
        return (attributes for tag, attributes, _ in self.found if tag in tags)

    def text_of(self, tag: str) -> str:
        return "".join(text for one, text in self.texts if one == tag)


@pytest.fixture
def elements(render: Render, ordinary: Document, good: Document, ladder: Any) -> Elements:
    return Elements(render(("first", ordinary), ("second", good), ladder=ladder))


class TestSoundness:
    def test_ids_are_unique(self, elements: Elements) -> None:
        ids = Counter(a["id"] for _, a, _ in elements.found if "id" in a)

        assert [name for name, times in ids.items() if times > 1] == []
        assert len(ids) > 20

    def test_links_and_references_lead_somewhere(self, elements: Elements) -> None:
        ids = {a["id"] for _, a, _ in elements.found if "id" in a}
        links = [a.get("href") or "" for a in elements.named("a")]
        named = [
            word
            for _, attributes, _ in elements.found
            for key in ("aria-labelledby", "for")
            for word in (attributes.get(key) or "").split()
        ]

        assert [one for one in links if one.startswith("#") and one[1:] not in ids] == []
        assert [one for one in named if one not in ids] == []
        assert len(links) > 20

    def test_tables_have_captions_and_scopes(self, elements: Elements) -> None:
        tables = sum(1 for _ in elements.named("table"))

        assert tables == sum(1 for _ in elements.named("caption")) > 0
        assert all(a.get("scope") for a in elements.named("th"))

    def test_controls_have_labels(self, elements: Elements) -> None:
        labelled = {a.get("for") for a in elements.named("label")}

        assert all(a.get("id") in labelled for a in elements.named("input", "select"))

    def test_headings_skip_no_level(self, elements: Elements) -> None:
        levels = [int(tag[1]) for tag, _, _ in elements.found if re.fullmatch("h[1-6]", tag)]

        assert levels[0] == 1
        assert levels.count(1) == 1
        assert all(after <= before + 1 for before, after in itertools.pairwise(levels))

    def test_signs_have_words(self, render: Render, ordinary: Document) -> None:
        text = render(("one", ordinary))
        signs = text.count('<span class="mark ')
        legend = text.count('<li><span class="mark ')

        assert signs - legend == len(re.findall(r'</span><span class="sr">[a-z]', text))


class TestText:
    def test_the_specification_is_beside_each_requirement(
        self, render: Render, ordinary: Document
    ) -> None:
        text = render(("one", ordinary))
        own = spec.load().requirements["GZ-3"]

        assert own.why.partition("`")[0][:40] in text.replace("&#39;", "'")
        assert own.source[:20] in text

    def test_a_failure_is_told_in_full(self, render: Render, ordinary: Document) -> None:
        text = render(("one", ordinary))

        for words in (
            "completed, tree: a (1 byte)",
            "completed, tree: empty; missing: a",
            "some words on standard error",
            "injector-conformance check --case gz-split -- ./injector",
        ):
            assert words in text

    def test_the_other_promises_of_a_case_are_told(
        self, render: Render, report: Report, case: Callable[..., Document]
    ) -> None:
        besides = [{"requirement": "BOX-1", "cause": "outside", "observed": "x created"}]
        failed = case("tar-x", "failed", besides=besides)

        text = render(("a run", report({"TAR-2": ("failed", [failed])})))

        assert "<dt>Besides</dt><dd>BOX-1: x created</dd>" in text

    def test_reasons_are_told(self, render: Render, ordinary: Document) -> None:
        text = render(("one", ordinary))

        assert "Not judged: only in containers" in text
        assert "cannot mount" in text
        assert "take its entry out" in text

    def test_same_names_are_told_apart(self, render: Render, good: Document) -> None:
        text = render(("x", good), ("x", good))

        assert "x (1)" in text
        assert "x (2)" in text

    def test_a_requirement_of_a_newer_specification_is_shown(
        self, render: Render, good: Document
    ) -> None:
        new = {**good["requirements"][0], "id": "NEW-7", "chapter": "NEW", "statement": "It MUST."}
        good["requirements"].append(new)
        good["spec"] = "99.0.0"

        text = render(("one", good))

        assert 'id="NEW-7"' in text
        assert "It MUST." in text
        assert "Judged by specification 99.0.0" in text


def poisoned(value: Any, key: str = "") -> Any:
    """A report whose every free text is hostile; what has a fixed form keeps it."""
    fixed = {"id", "level", "chapter", "status", "outcome", "verdict", "schema", "spec", "sha256"}
    if isinstance(value, dict):
        return {name: poisoned(one, name) for name, one in value.items()}
    if isinstance(value, list):
        return [poisoned(one, key) for one in value]
    return HOSTILE if isinstance(value, str) and key not in fixed else value


class TestHostility:
    @pytest.fixture
    def hostile(self, ordinary: Document) -> Document:
        document: Document = poisoned(ordinary)
        document["sandbox"]["driver"] = HOSTILE
        for number, requirement in enumerate(document["requirements"]):
            requirement["accepted"] = {"reason": HOSTILE, "link": "javascript:alert(1)//"}
            for one in requirement["cases"]:
                one["id"] = f"{HOSTILE} {number}"
        return document

    def test_nothing_becomes_markup(
        self, render: Render, hostile: Document, ordinary: Document
    ) -> None:
        for one in ordinary["requirements"]:
            one["accepted"] = {"reason": "known", "link": ""}
        page, usual = (Elements(render((HOSTILE, one))) for one in (hostile, ordinary))

        kinds = {(tag, *sorted(attributes)) for tag, attributes, _ in page.found}
        assert kinds <= {(tag, *sorted(attributes)) for tag, attributes, _ in usual.found}
        assert sum(1 for _ in page.named("script")) == 1
        assert not any(name.startswith("on") for _, a, _ in page.found for name in a)
        assert "pwned" not in page.text_of("script") + page.text_of("style")

    def test_it_is_shown_as_it_is(self, render: Render, hostile: Document) -> None:
        assert HOSTILE in Elements(render(("one", hostile))).text_of("dd")

    def test_links_lead_to_web_pages_only(self, render: Render, hostile: Document) -> None:
        links = [a.get("href") or "" for a in Elements(render(("one", hostile))).named("a")]

        assert all(link.startswith("#") for link in links)

    def test_anchors_need_no_escaping(self, render: Render, hostile: Document) -> None:
        ids = [a["id"] or "" for _, a, _ in Elements(render(("x", hostile))).found if "id" in a]

        assert [one for one in ids if not re.fullmatch(r"[A-Za-z0-9._-]+", one)] == []


class TestPolicy:
    def test_only_this_style_and_script_are_obeyed(
        self, render: Render, ordinary: Document
    ) -> None:
        text = render(("one", ordinary))
        policy = re.findall(r'http-equiv="Content-Security-Policy" content="([^"]*)"', text)[0]

        assert policy.replace("&#39;", "'").startswith("default-src 'none';")
        for tag in ("style", "script"):
            content = re.findall(f"<{tag}>(.*?)</{tag}>", text, re.DOTALL)[0]
            digest = base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()
            assert f"sha256-{digest}" in policy.replace("&#43;", "+")

    def test_nothing_is_loaded(self, elements: Elements) -> None:
        loading = [
            (tag, value)
            for tag, attributes, _ in elements.found
            for key, value in attributes.items()
            if key in ("src", "srcset", "data", "action", "poster")
            or (key == "href" and tag != "a" and value != "data:,")
            or (key == "style")
        ]

        assert loading == []
        assert "url(" not in elements.text_of("style")
        assert "@import" not in elements.text_of("style")


class TestWeight:
    @pytest.mark.parametrize("status", ["passed", "failed"])
    def test_twelve_hundred_cases_stay_below_two_megabytes(
        self, render: Render, large: Callable[[str], Document], status: str
    ) -> None:
        text = render(("one", large(status)))

        assert text.count("large-case-with-a-name-1199") > 0
        assert len(text.encode()) < 2_000_000


def test_causes_stand_before_requirements_the_gravest_first(
    render: Render, report: Callable[..., Document], case: Callable[..., Document]
) -> None:
    outside = [case(f"box-through-{one}", "failed", cause="outside") for one in "ab"]
    document = report(
        {
            "TAR-2": ("failed", [case("tar-lost", "failed")]),
            "BOX-1": ("failed", outside),
            "TAR-3": ("passed", [case("tar-kept")]),
        }
    )
    text = render(("one", document))

    places = [
        text.index(word)
        for word in (
            '<h2 id="causes">',
            "changes outside of the output directory: 2 cases",
            "<code>box-through-{a,b}</code>",
            "lost, wrong or smuggled data: 1 case",
            "<code>tar-lost</code>",
            '<h2 id="requirements">',
        )
    ]
    assert places == sorted(places)


def test_a_run_without_failures_has_no_causes(render: Render, good: Document) -> None:
    assert 'id="causes"' not in render(("good", good))
