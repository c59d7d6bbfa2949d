"""Links between documents: in the checkout, as people follow them there, and in the site."""

from __future__ import annotations

import itertools
import re
import subprocess
import sys
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from markdown_it import MarkdownIt
from markdown_it.token import Token

TOP = Path(__file__).resolve().parents[3]
DOCUMENTS = sorted(
    [*TOP.glob("*.md"), *(TOP / "docs").glob("*.md"), *(TOP / "reference").rglob("*.md")]
)


def tokens(text: str) -> list[Token]:
    return MarkdownIt("commonmark").enable("table").parse(text)


def targets(text: str) -> Iterator[str]:
    """What a document's links and pictures lead to."""
    for token in tokens(text):
        for child in token.children or []:
            target = child.attrs.get("href") or child.attrs.get("src")
            if isinstance(target, str):
                yield target


def anchors(text: str) -> set[str]:
    """Addresses of a document's headings, as the common viewers make them."""
    found: dict[str, int] = {}
    names = set()
    parsed = tokens(text)
    for token, content in itertools.pairwise(parsed):
        if token.type != "heading_open":
            continue
        words = "".join(
            child.content
            for child in content.children or []
            if child.type in ("text", "code_inline")
        )
        slug = re.sub(r"[^\w\s-]", "", words.lower()).replace(" ", "-")
        number = found.get(slug, -1) + 1
        found[slug] = number
        names.add(f"{slug}-{number}" if number else slug)
    return names


def dead(path: Path, text: str) -> list[str]:
    """Links that lead nowhere in the checkout."""
    wrong = []
    for target in targets(text):
        parts = urlsplit(target)
        if parts.scheme:
            continue
        there = path if not parts.path else (path.parent / unquote(parts.path)).resolve()
        missing = not there.exists() or not there.is_relative_to(TOP)
        if missing or (
            parts.fragment
            and there.suffix == ".md"
            and parts.fragment not in anchors(there.read_text(encoding="utf-8"))
        ):
            wrong.append(target)
    return wrong


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: str(path.relative_to(TOP)))
def test_no_link_in_the_checkout_is_dead(path: Path) -> None:
    assert dead(path, path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    "link", ["nowhere.md", "../reference/SPEC.md#nowhere", "#nowhere", "../../elsewhere.md"]
)
def test_a_dead_link_would_be_found(link: str) -> None:
    assert dead(TOP / "docs" / "new.md", f"# Title\n\n[x]({link})\n") == [link]


def test_links_are_looked_at() -> None:
    text = (TOP / "docs" / "index.md").read_text(encoding="utf-8")

    assert "../reference/SPEC.md" in list(targets(text))
    assert "tar-3--must--stage1-unified" in anchors(
        (TOP / "reference" / "SPEC.md").read_text(encoding="utf-8")
    )


class Page(HTMLParser):
    """A page's ids, links, and what it loads."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.ids: set[str] = set()
        self.links: list[str] = []
        self.loaded: list[str] = []
        self.feed(path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {key: value or "" for key, value in attrs}
        self.ids |= {given[key] for key in ("id", "name") if key in given}
        if tag == "a" and "href" in given:
            self.links.append(given["href"])
        elif "src" in given or (tag == "link" and "href" in given):
            self.loaded.append(given.get("src") or given["href"])


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site, built from the checkout as it is."""
    folder = tmp_path_factory.mktemp("handbook") / "site"
    done = subprocess.run(
        [sys.executable, "-m", "handbook", "--check", "--output", folder],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


class TestSite:
    def test_no_link_is_dead_and_nothing_comes_from_elsewhere(self, site: Path) -> None:
        pages = {path.resolve(): Page(path) for path in site.rglob("*.html")}
        followed = 0
        wrong = []
        for path, page in pages.items():
            for target in (*page.links, *page.loaded):
                parts = urlsplit(target)
                if parts.scheme in ("https", "http") and target in page.links:
                    continue
                there = path if not parts.path else (path.parent / unquote(parts.path)).resolve()
                followed += 1
                fragment = unquote(parts.fragment)
                if (
                    parts.scheme
                    or not there.is_file()
                    or (fragment and there in pages and fragment not in pages[there].ids)
                ):
                    wrong.append(f"{path.relative_to(site)}: {target}")

        assert wrong == []
        assert followed > 500

    def test_every_document_is_a_page(self, site: Path) -> None:
        for path in (TOP / "docs").glob("*.md"):
            assert (site / "docs" / f"{path.stem}.html").is_file()
        assert (site / "reference" / "SPEC.html").is_file()
        assert (site / "index.html").is_file()

    def test_a_dead_link_stops_the_build(self, tmp_path: Path) -> None:
        docs = tmp_path / "docs"
        docs.mkdir()
        for name in ("conf.py", "cases.md"):
            (docs / name).write_bytes((TOP / "docs" / name).read_bytes())
        for name in ("site", "site-style"):
            (docs / name).mkdir()
        (docs / "index.md").write_text("# Title\n\n[x](nowhere.md)\n", encoding="utf-8")

        words = ("--check", "--top", tmp_path, "--output", tmp_path / "site")
        done = subprocess.run(
            [sys.executable, "-m", "handbook", *words],
            capture_output=True,
            text=True,
            check=False,
        )

        assert done.returncode != 0
        assert "nowhere.md" in done.stderr
