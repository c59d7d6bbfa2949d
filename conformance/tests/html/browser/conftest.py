"""A headless Chromium, and pages in it that note everything they should not do."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

FLAGS: Final = (
    "--no-sandbox",  # Chromium's own sandbox does not work for root
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
)

Open = Callable[..., Page]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The distribution's Chromium with a profile of its own."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=list(FLAGS)
        )
        yield browser
        browser.close()


@pytest.fixture
def show(browser: Browser, tmp_path: Path) -> Iterator[Open]:
    """Opens markup as a page; at the end nothing was logged, thrown or asked of any network."""
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def opened(markup: str, *, fragment: str = "", width: int = 1280, **options: Any) -> Page:
        path = tmp_path / f"page-{len(contexts)}.html"
        path.write_text(markup, encoding="utf-8")
        context = browser.new_context(viewport={"width": width, "height": 800}, **options)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(20_000)
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("dialog", lambda dialog: complaints.append(dialog.message))
        own = path.as_uri()
        page.on(
            "request",
            lambda request: (
                None
                if request.url.startswith((own, "data:"))
                else complaints.append(f"asks for {request.url}")
            ),
        )
        page.goto(own + fragment)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert complaints == []


@pytest.fixture
def compared(
    show: Open, render: Callable[..., str], ordinary: Any, good: Any, ladder: Any
) -> Callable[..., Page]:
    """Opens a page of two runs."""

    def opened(**options: Any) -> Page:
        return show(render(("first", ordinary), ("second", good), ladder=ladder), **options)

    return opened
