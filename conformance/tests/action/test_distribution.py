"""What a package index shows of the distribution: the metadata that is built."""

from __future__ import annotations

import subprocess
import sys
import tomllib
import zipfile
from email import message_from_string
from email.message import Message
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from markdown_it import MarkdownIt

TOP = Path(__file__).resolve().parents[3]
REPOSITORY = tomllib.loads((TOP / "pyproject.toml").read_text())["project"]["urls"]["Repository"]


def targets(text: str) -> list[str]:
    """What links and pictures lead to."""
    found = [
        child.attrs.get("href") or child.attrs.get("src")
        for token in MarkdownIt("commonmark").enable("table").parse(text)
        for child in token.children or []
    ]
    return [one for one in found if isinstance(one, str)]


@pytest.fixture(scope="module")
def metadata(tmp_path_factory: pytest.TempPathFactory) -> Message:
    folder = tmp_path_factory.mktemp("dist")
    words = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    done = subprocess.run(words, cwd=TOP, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    (wheel,) = folder.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        (name,) = [one for one in archive.namelist() if one.endswith(".dist-info/METADATA")]
        return message_from_string(archive.read(name).decode("utf-8"))


def description(metadata: Message) -> str:
    text = metadata.get_payload()
    assert isinstance(text, str)
    return text


def test_every_link_of_the_description_is_absolute(metadata: Message) -> None:
    assert metadata["Description-Content-Type"] == "text/markdown"
    found = targets(description(metadata))

    assert len(found) > 20
    assert [one for one in found if urlsplit(one).scheme != "https"] == []


def test_links_to_the_checkout_lead_to_where_the_repository_is(metadata: Message) -> None:
    here = targets((TOP / "README.md").read_text(encoding="utf-8"))
    there = targets(description(metadata))
    base = f"{REPOSITORY}/blob/"

    for mine, built in zip(here, there, strict=True):
        if urlsplit(mine).scheme:
            assert built == mine
        else:
            assert built.startswith(base)
            revision, _, path = built.removeprefix(base).partition("/")
            assert revision == "main" or revision.startswith("v")
            assert path == mine
            assert (TOP / path).exists()


def test_nothing_else_of_the_text_is_changed(metadata: Message) -> None:
    text = description(metadata)
    version = "main" if "dev" in metadata["Version"] else f"v{metadata['Version']}"

    plain = text.replace(f"{REPOSITORY}/blob/{version}/", "")
    assert plain.strip() == (TOP / "README.md").read_text(encoding="utf-8").strip()


def test_the_repository_is_linked(metadata: Message) -> None:
    assert metadata.get_all("Project-URL") == [f"Repository, {REPOSITORY}"]
