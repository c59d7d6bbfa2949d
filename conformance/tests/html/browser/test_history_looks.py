"""One subject over time, as everybody has to be able to see it."""

from __future__ import annotations

import copy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from injector_conformance.reports.html import page as pages
from tests.html.browser.test_looks import CONTRAST, NARROW, axe

pytestmark = pytest.mark.needs("chromium")

Course = Callable[..., Page]


@pytest.fixture
def course(show: Callable[..., Page], ordinary: Any, good: Any) -> Course:
    """Opens a page of three reports."""
    found = []
    for number, document in enumerate((ordinary, good, ordinary)):
        own = copy.deepcopy(document)
        own["subject"]["size"] = 12_000 - number
        found.append((Path(f"report-of-a-day-{number}.json"), own))

    def opened(**options: Any) -> Page:
        return show(pages.over_time("our injector", found), **options)

    return opened


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [NARROW, 1280])
def test_axe_and_contrast(course: Course, scheme: str, width: int) -> None:
    page = course(color_scheme=scheme, width=width, bypass_csp=True)

    assert [(one["id"], one["help"]) for one in axe(page)["violations"]] == []
    found = page.evaluate(CONTRAST)
    assert found["poor"] == []
    assert found["judged"] > 40
    assert page.evaluate("document.documentElement.scrollWidth") == width


def test_a_line_is_heard_as_figures(course: Course) -> None:
    line = course().get_by_role("img", name="Size in bytes")

    expect(line).to_have_accessible_name("Size in bytes The oldest first: 12,000; 11,999; 11,998.")


def test_paper_is_light(course: Course) -> None:
    page = course(color_scheme="dark")
    page.emulate_media(media="print")

    ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert ground == "rgb(255, 255, 255)"
    expect(page.locator(".course").first).to_be_visible()
    assert page.evaluate(CONTRAST)["poor"] == []
