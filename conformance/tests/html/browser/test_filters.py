"""Filters, search, links and buttons, as somebody uses them."""

from __future__ import annotations

import socket
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.needs("chromium")

Compared = Callable[..., Page]

EVERYTHING = ["PAY-1", "SUM-5", "GZ-3", "TAR-3", "TAR-4", "BOX-1", "RUN-8", "CTR-1"]


def shown(page: Page) -> list[str]:
    """Ids of the requirements that are to be seen, or unfolded; the matrix has the same."""
    ids = page.eval_on_selector_all(
        ".requirement", "all => all.filter(one => !one.closest('[hidden]')).map(one => one.id)"
    )
    rows = page.eval_on_selector_all(
        "[data-for]",
        "all => all.filter(one => !one.closest('[hidden]')).map(one => one.dataset.for)",
    )
    assert rows == ids
    return list(ids)


class TestFilters:
    def test_at_first_everything_is_shown(self, compared: Compared) -> None:
        page = compared()

        assert shown(page) == EVERYTHING
        expect(page.locator("#shown")).to_have_text("8 requirements")

    @pytest.mark.parametrize(
        ("control", "choice", "wanted"),
        [
            ("#status", "broken", ["GZ-3", "TAR-4"]),
            ("#status", "not kept, does not count", ["SUM-5"]),
            ("#status", "accepted by the baseline", ["TAR-3"]),
            ("#status", "kept", ["PAY-1", "GZ-3", "BOX-1"]),
            ("#status", "differs between injectors", EVERYTHING[1:-1]),
            ("#chapter", "TAR: the archive", ["TAR-3", "TAR-4"]),
            ("#level", "SHOULD", ["SUM-5"]),
        ],
    )
    def test_by_one_property(
        self, compared: Compared, control: str, choice: str, wanted: list[str]
    ) -> None:
        page = compared()

        page.select_option(control, label=choice)

        assert shown(page) == wanted
        expect(page.locator("#shown")).to_have_text(f"{len(wanted)} of 8 requirements shown")
        for identifier in wanted:
            expect(page.locator(f"#{identifier} .statement")).to_be_visible()
            expect(page.locator(f"[data-for={identifier}]")).to_be_visible()

    def test_together_and_cleared(self, compared: Compared) -> None:
        page = compared()

        page.select_option("#chapter", "GZ")
        page.select_option("#status", label="broken")
        assert shown(page) == ["GZ-3"]
        expect(page.locator("#chapter-TAR")).to_be_hidden()
        page.select_option("#level", "MAY")
        assert shown(page) == []
        expect(page.locator("#nothing")).to_be_visible()
        page.get_by_role("button", name="Clear").click()

        expect(page.locator("#shown")).to_have_text("8 requirements")
        assert shown(page) == EVERYTHING


class TestSearch:
    @pytest.mark.parametrize(
        ("words", "wanted"),
        [
            ("gz-split", ["GZ-3"]),
            ("TAR-4", ["TAR-4"]),
            ("words on STANDARD error gz", ["GZ-3"]),
            ("cannot full", ["RUN-8"]),
            ("(.*", []),
        ],
    )
    def test_finds(self, compared: Compared, words: str, wanted: list[str]) -> None:
        page = compared()

        page.fill("#words", words)

        assert shown(page) == wanted

    def test_unfolds_the_cases_that_it_finds(self, compared: Compared) -> None:
        page = compared()
        row = page.locator(".passed li", has_text="pay-two")
        expect(row).to_be_hidden()

        page.fill("#words", "pay-two")
        expect(row).to_be_visible()
        expect(page.locator(".passed li", has_text="pay-one")).to_be_hidden()
        page.fill("#words", "")

        expect(row).to_be_hidden()
        page.locator(".agreed > summary", has_text="of PAY").click()
        page.locator("#PAY-1 details.cases summary").click()
        expect(page.locator(".passed li", has_text="pay-one")).to_be_visible()


class TestLinks:
    def test_from_the_matrix_to_the_requirement(self, compared: Compared) -> None:
        page = compared()

        page.locator("tr[data-for=GZ-3] a").click()

        expect(page.locator("#GZ-3")).to_be_in_viewport()
        assert page.url.endswith("#GZ-3")

    def test_what_is_filtered_away_comes_back(self, compared: Compared) -> None:
        page = compared()
        page.select_option("#chapter", "GZ")

        page.locator("summary", has_text="of first").first.click()
        page.locator(".facts a[href='#TAR-4']").click()

        expect(page.locator("#TAR-4")).to_be_in_viewport()
        assert shown(page) == EVERYTHING

    def test_a_failure_has_an_address(self, compared: Compared) -> None:
        page = compared(fragment="#A--GZ-3--gz-split")

        expect(page.locator(".failure:target h5")).to_be_in_viewport()

    @pytest.mark.parametrize("fragment", ["#nowhere", "#%E0%A4%A", "#"])
    def test_an_address_that_leads_nowhere(self, compared: Compared, fragment: str) -> None:
        assert shown(compared(fragment=fragment)) == EVERYTHING


class TestButtons:
    def test_copy(self, compared: Compared) -> None:
        page = compared(permissions=["clipboard-read", "clipboard-write"])

        page.locator("#GZ-3 .seen summary").click()
        page.locator("#GZ-3 .command button").click()

        expect(page.locator("#GZ-3 .command button")).to_have_text("Copied")
        assert (
            page.evaluate("navigator.clipboard.readText()")
            == "injector-conformance check --case gz-split -- ./injector"
        )

    def test_colours_can_be_chosen_and_are_remembered(self, compared: Compared) -> None:
        page = compared(color_scheme="light")
        ground = "getComputedStyle(document.body).backgroundColor"
        light = page.evaluate(ground)

        button = page.locator("#theme")
        expect(button).to_have_text("Colours: automatic")
        button.click()
        expect(button).to_have_text("Colours: light")
        assert page.evaluate(ground) == light
        button.click()
        expect(button).to_have_text("Colours: dark")
        assert page.evaluate(ground) != light
        page.reload()

        expect(button).to_have_text("Colours: dark")
        assert page.evaluate(ground) != light


class TestWithoutScripts:
    def test_everything_can_be_read(self, compared: Compared) -> None:
        page = compared(java_script_enabled=False)

        expect(page.locator("#filters")).to_be_hidden()
        expect(page.locator("#theme")).to_be_hidden()
        for summary in page.locator(".agreed > summary, .seen > summary").all():
            summary.click()
        for identifier in EVERYTHING:
            expect(page.locator(f"#{identifier} .statement")).to_be_visible()
        expect(page.get_by_text("completed, tree: empty; missing: a").first).to_be_visible()
        page.locator("#PAY-1 details.cases summary").click()
        expect(page.locator(".passed li", has_text="pay-two")).to_be_visible()


class TestHostility:
    def test_nothing_of_a_subject_runs(
        self, show: Callable[..., Page], render: Any, ordinary: Any
    ) -> None:
        attack = "</script></style><script>pwned=1</script><img src=x onerror=pwned=1>"
        for requirement in ordinary["requirements"]:
            requirement["statement"] = attack
            for case in requirement["cases"]:
                case |= {"id": attack, "title": attack, "stderr": attack, "observed": attack}
        page = show(render((attack, ordinary)))

        page.fill("#words", "pwned")

        assert page.evaluate("typeof pwned") == "undefined"
        assert page.locator("img").count() == 0
        assert len(shown(page)) > 3

    def test_the_policy_stops_what_slipped_through(
        self, browser: Any, render: Any, good: Any, tmp_path: Any
    ) -> None:
        listener = socket.create_server(("127.0.0.1", 0))
        listener.setblocking(False)
        address = f"http://127.0.0.1:{listener.getsockname()[1]}/"
        path = tmp_path / "page.html"
        path.write_text(
            render(("one", good)).replace(
                "</main>",
                "<script>pwned=1</script><p style='color:red' onclick='pwned=1'>x</p>"
                f"<img src='{address}' onerror='pwned=1'></main>",
            )
        )
        with listener, browser.new_context() as context:
            page = context.new_page()
            refused: list[str] = []
            page.on("console", lambda message: refused.append(message.text))
            page.goto(path.as_uri())
            page.get_by_text("x", exact=True).click()
            fetched = page.evaluate(
                "there => fetch(there).then(() => 'sent', error => String(error))", address
            )

            assert page.evaluate("typeof pwned") == "undefined"
            assert "Failed to fetch" in fetched
            assert len(refused) >= 4
            assert all("Content Security Policy" in text for text in refused)
            with pytest.raises(BlockingIOError):
                listener.accept()
