"""What everybody has to be able to see and reach: widths, contrast, keyboard, paper."""

from __future__ import annotations

import copy
from collections.abc import Callable
from importlib import resources
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.needs("chromium")

Compared = Callable[..., Page]
Show = Callable[..., Page]

CONTRAST = Path(__file__).with_name("contrast.js").read_text(encoding="utf-8")

AXE = (resources.files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")

NARROW = 360


def axe(page: Page) -> Any:
    """What axe-core says of a page whose policy would not let it run."""
    page.add_script_tag(content=AXE)
    return page.evaluate("axe.run()")


class TestWidth:
    @pytest.mark.parametrize("number", [1, 2, 7])
    def test_no_page_is_wider_than_a_telephone(
        self, show: Show, render: Any, ordinary: Any, ladder: Any, number: int
    ) -> None:
        ordinary["subject"]["command"] = ["/very/long" * 30, "--option=" + "x" * 300]
        reports = [(f"{'injector' * 20}-{one}", copy.deepcopy(ordinary)) for one in range(number)]
        page = show(render(*reports, ladder=ladder), width=NARROW)
        for summary in page.locator("summary").all():
            if not summary.evaluate("one => one.parentElement.open"):
                summary.click()

        assert page.evaluate("document.documentElement.scrollWidth") == NARROW

    def test_the_matrix_of_two_fits_a_telephone(
        self, show: Show, render: Any, ordinary: Any
    ) -> None:
        page = show(render(*((name, ordinary) for name in "ab")), width=NARROW)
        scroll = page.locator(".scroll:has(.matrix)")

        assert scroll.evaluate("one => one.scrollWidth <= one.clientWidth")


class TestContrast:
    @pytest.mark.parametrize("scheme", ["light", "dark"])
    def test_every_text_can_be_read(self, compared: Compared, scheme: str) -> None:
        page = compared(color_scheme=scheme)
        page.eval_on_selector_all("details", "all => all.forEach(one => { one.open = true; })")

        found = page.evaluate(CONTRAST)

        assert found["poor"] == []
        assert found["judged"] > 200

    def test_poor_contrast_would_be_found(self, compared: Compared) -> None:
        page = compared(color_scheme="light", bypass_csp=True)
        page.eval_on_selector_all("details", "all => all.forEach(one => { one.open = true; })")
        page.add_style_tag(content=".statement { color: #8a8a8a; } .dot-1 { fill: #bbbbbb; }")

        found = page.evaluate(CONTRAST)

        assert len([one for one in found["poor"] if "statement" in one]) >= 8
        assert any("circle" in one for one in found["poor"])


class TestKeyboard:
    def test_the_first_stop_skips_to_the_content(self, compared: Compared) -> None:
        page = compared()

        page.keyboard.press("Tab")
        expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
        expect(page.get_by_role("link", name="Skip to the content")).to_be_in_viewport()
        page.keyboard.press("Enter")

        expect(page.locator("#main")).to_be_focused()

    def test_every_stop_can_be_seen_and_nothing_traps(self, compared: Compared) -> None:
        page = compared()
        look = """() => {
          const one = document.activeElement, style = getComputedStyle(one);
          return [one.outerHTML.slice(0, 100), style.outlineStyle, parseFloat(style.outlineWidth)];
        }"""
        stops = []
        for _ in range(400):
            page.keyboard.press("Tab")
            stop = page.evaluate(look)
            if stop[0].startswith("<body"):
                break
            stops.append(stop)

        assert [name for name, style, width in stops if style == "none" or width < 2] == []
        names = [name for name, _, _ in stops]
        for wanted in ('id="theme"', 'id="words"', 'id="status"', "<summary", "<button"):
            assert any(wanted in name for name in names), wanted
        assert len(stops) < 400

    def test_search_without_a_mouse(self, compared: Compared) -> None:
        page = compared()
        page.get_by_role("searchbox", name="Search").focus()

        page.keyboard.type("gz-split")

        expect(page.get_by_role("status")).to_have_text("1 of 8 requirements shown")
        page.keyboard.press("Enter")
        expect(page.get_by_role("status")).to_have_text("1 of 8 requirements shown")


class TestNames:
    def test_landmarks_and_tables_are_named(self, compared: Compared) -> None:
        page = compared()

        expect(page.get_by_role("main")).to_have_count(1)
        expect(page.get_by_role("navigation", name="Sections")).to_have_count(1)
        expect(page.get_by_role("search", name="Filter requirements")).to_have_count(1)
        matrix = page.get_by_role("table", name="Requirements by chapter, injectors side by side")
        expect(matrix.get_by_role("columnheader")).to_have_text(
            ["Requirement", "A first", "B second"]
        )
        expect(matrix.get_by_role("row", name="GZ-3").get_by_role("cell").first).to_have_text(
            "✗broken 1/2 cases"
        )


class TestAccessibility:
    """What axe-core knows of WCAG 2.2, level AA, and of good practice."""

    @pytest.mark.parametrize("scheme", ["light", "dark"])
    def test_axe_finds_nothing(self, compared: Compared, scheme: str) -> None:
        page = compared(color_scheme=scheme, bypass_csp=True)

        found = axe(page)

        assert [(one["id"], one["help"]) for one in found["violations"]] == []
        assert len(found["passes"]) > 30

    def test_axe_would_find_something(self, compared: Compared) -> None:
        page = compared(bypass_csp=True)
        page.evaluate("document.querySelector('label[for=words]').remove()")
        page.evaluate("document.querySelector('#words').placeholder = ''")

        found = axe(page)

        assert [one["id"] for one in found["violations"]] == ["label"]


class TestPaper:
    def test_print_is_light_and_without_controls(self, compared: Compared) -> None:
        page = compared(color_scheme="dark")
        page.locator("#GZ-3 .seen summary").click()
        page.emulate_media(media="print")

        expect(page.locator("#filters")).to_be_hidden()
        expect(page.locator("#theme")).to_be_hidden()
        expect(page.locator(".command button").first).to_be_hidden()
        seen = page.locator("#GZ-3").get_by_text("completed, tree: empty; missing: a")
        expect(seen.first).to_be_visible()
        assert (
            page.evaluate("getComputedStyle(document.body).backgroundColor")
            == "rgb(255, 255, 255)"
        )
        found = page.evaluate(CONTRAST)
        assert found["poor"] == []


class TestSpeed:
    def test_twelve_hundred_cases_are_folded(self, show: Show, render: Any, large: Any) -> None:
        page = show(render(("one", large("passed"))))

        assert page.locator("details.cases tbody tr").count() == 1200
        assert page.locator("details.cases[open]").count() == 0
        page.fill("#words", "large-case-with-a-name-1199")
        assert page.locator("details.cases[open]").count() == 1
