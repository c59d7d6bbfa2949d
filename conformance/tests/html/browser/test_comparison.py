"""Five injectors on one page: short to look at, and whole for everybody on every screen."""

from __future__ import annotations

import copy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from injector_conformance.reports.html import speed
from tests.html.browser.test_looks import CONTRAST, NARROW, axe

pytestmark = pytest.mark.needs("chromium")

BENCH = Path(__file__).resolve().parents[4] / "benchmarks" / "baselines" / "native-x86_64.json"

NAMES = ["native", "gnu-tar", "bsdtar", "a program with a long name", "un" + "breakable" * 9]

Five = Callable[..., Page]

LARGE_HEIGHT = 8_000
"""Pixels that twelve hundred cases of five injectors may take at first sight."""


@pytest.fixture
def five(
    show: Callable[..., Page], render: Callable[..., str], ordinary: Any, good: Any, ladder: Any
) -> Five:
    """Opens a page of five runs, with sizes and speed."""
    documents = [good, *(copy.deepcopy(ordinary) for _ in range(4))]
    documents[1]["requirements"][1]["cases"][0]["cause"] = "outside"

    def opened(**options: Any) -> Page:
        pairs = zip(NAMES, documents, strict=True)
        return show(render(*pairs, ladder=ladder, speeds=speed.read(BENCH)), **options)

    return opened


class TestFolding:
    def test_what_is_dangerous_stands_first(self, five: Five) -> None:
        rows = five().locator(".matrix tbody tr > th").all_inner_texts()

        assert rows[:5] == ["Verdict", "MUST kept", "SHOULD kept", "MAY kept", "Bytes"]
        assert rows[6:8] == [
            "changes outside of the output directory",
            "lost, wrong or smuggled data",
        ]

    @pytest.mark.parametrize("has_script", [True, False])
    def test_what_all_agree_on_is_counted_and_can_be_unfolded(
        self, five: Five, *, has_script: bool
    ) -> None:
        page = five(java_script_enabled=has_script)
        agreed = page.locator(".matrix li[data-for=PAY-1]")
        expect(agreed).to_be_hidden()
        expect(page.locator("#PAY-1")).to_be_hidden()
        expect(page.locator(".matrix tr[data-for=GZ-3]")).to_be_visible()

        page.locator(".matrix summary", has_text="1 in which all agree of PAY: 1 kept").click()
        page.locator(".agreed > summary", has_text="of PAY").click()

        expect(agreed).to_be_visible()
        expect(page.locator("#PAY-1 .statement")).to_be_visible()

    def test_a_link_to_what_is_folded_unfolds_it(self, five: Five) -> None:
        expect(five(fragment="#PAY-1").locator("#PAY-1")).to_be_in_viewport()

    def test_a_number_of_cases_leads_to_them(self, five: Five) -> None:
        page = five()

        page.locator(".dangers a[href='#causes-B']").first.click()

        expect(page.locator("#causes-B code").first).to_be_visible()

    def test_twelve_hundred_cases_of_five_are_short(
        self, show: Callable[..., Page], render: Any, large: Any
    ) -> None:
        documents = [large("failed"), large("failed"), *(large("passed") for _ in range(3))]
        text = render(*((f"number {one}", document) for one, document in enumerate(documents)))
        page = show(text)

        assert len(text.encode()) < 3_000_000
        height = page.evaluate("document.querySelector('.scroll').scrollHeight")
        assert 1_000 < height < LARGE_HEIGHT
        assert page.evaluate("performance.getEntriesByType('navigation')[0].loadEventEnd") < 5_000


class TestTelephone:
    def test_only_tables_scroll_sideways(self, five: Five) -> None:
        page = five(width=NARROW)
        page.eval_on_selector_all("details", "all => all.forEach(one => { one.open = true; })")

        assert page.evaluate("document.documentElement.scrollWidth") == NARROW

    @pytest.mark.parametrize("table", [".matrix", ".speed", ".sizes"])
    def test_what_a_row_is_about_stays_in_sight(self, five: Five, table: str) -> None:
        page = five(width=NARROW)
        scroll = page.locator(f".scroll:has({table})")
        assert scroll.evaluate("one => { one.scrollLeft = 9999; return one.scrollLeft; }") > 20

        heads = scroll.locator("tbody th:not([colspan])").evaluate_all(
            "all => all.filter(one => one.checkVisibility())"
            ".map(one => one.getBoundingClientRect()).map(box => [box.left, box.right])"
        )

        assert heads
        assert all(0 <= left < right <= NARROW * 0.6 for left, right in heads)

    @pytest.mark.parametrize("width", [NARROW, 1280])
    def test_heads_break_between_words_only(self, five: Five, width: int) -> None:
        """A word is broken if a range around it takes more than one line."""
        broken = five(width=width).evaluate("""() => {
          const found = [];
          for (const head of document.querySelectorAll(".matrix .run .name, .verdicts td")) {
            const walker = document.createTreeWalker(head, NodeFilter.SHOW_TEXT);
            for (let node = walker.nextNode(); node; node = walker.nextNode()) {
              if (node.parentElement.closest(".sr")) continue;
              for (const match of node.data.matchAll(/[^\\s-]+/g)) {
                const range = document.createRange();
                range.setStart(node, match.index);
                range.setEnd(node, match.index + match[0].length);
                const tops = [...range.getClientRects()].map((box) => Math.round(box.top));
                if (new Set(tops).size > 1) found.push(match[0]);
              }
            }
          }
          return found;
        }""")

        assert broken == []


class TestEverybody:
    @pytest.mark.parametrize("scheme", ["light", "dark"])
    @pytest.mark.parametrize("width", [NARROW, 1280])
    def test_axe_finds_nothing(self, five: Five, scheme: str, width: int) -> None:
        page = five(color_scheme=scheme, width=width, bypass_csp=True)

        assert [(one["id"], one["help"]) for one in axe(page)["violations"]] == []

    @pytest.mark.parametrize("scheme", ["light", "dark"])
    def test_every_text_can_be_read(self, five: Five, scheme: str) -> None:
        page = five(color_scheme=scheme)
        page.eval_on_selector_all("details", "all => all.forEach(one => { one.open = true; })")

        found = page.evaluate(CONTRAST)

        assert found["poor"] == []
        assert found["judged"] > 300

    def test_the_matrix_is_whole_on_paper(self, five: Five) -> None:
        page = five(color_scheme="dark")
        page.emulate_media(media="print")

        expect(page.locator(".matrix li[data-for=PAY-1]")).to_be_visible()
        expect(page.locator("#PAY-1")).to_be_hidden()
        expect(page.locator("#GZ-3 .statement")).to_be_visible()
        assert page.evaluate(CONTRAST)["poor"] == []
