"""The section of clients and clusters: on a telephone, in both schemes, for axe-core, on paper."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.html import seen
from tests.html.browser.test_looks import CONTRAST, NARROW, axe

pytestmark = pytest.mark.needs("chromium")

Opened = Callable[..., Page]


@pytest.fixture
def evident(show: Opened, render: Callable[..., str], good: Any) -> Opened:
    """Opens a page with evidence of every kind, much of it long."""

    def opened(**options: Any) -> Page:
        wrong = seen.finding() | {"evidence": "x" * 3000}
        clients = seen.clients("unable", "none", "uncertain", "failed")
        clients["clients"][1]["results"][0]["failure"] = "y" * 240
        clusters = [seen.cluster(), seen.cluster(wrong), seen.cluster(seen.finding("cluster"))]
        return show(
            render(("mine", good), ("theirs", good), clients=[clients], clusters=clusters),
            **options,
        )

    return opened


def test_nothing_is_wider_than_a_telephone(evident: Opened) -> None:
    page = evident(width=NARROW)

    assert page.evaluate("document.documentElement.scrollWidth") == NARROW


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_text_can_be_read_and_axe_finds_nothing(evident: Opened, scheme: str) -> None:
    page = evident(color_scheme=scheme, bypass_csp=True)

    assert page.evaluate(CONTRAST)["poor"] == []
    assert [(one["id"], one["help"]) for one in axe(page)["violations"]] == []


def test_on_paper_all_columns_are_there(evident: Opened) -> None:
    page = evident(width=720)
    page.emulate_media(media="print")
    table = page.locator("table.clients")

    expect(table.get_by_role("columnheader", name="3 cuts")).to_be_visible()
    assert table.evaluate("one => one.getBoundingClientRect().right") <= 720
