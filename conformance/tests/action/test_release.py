"""What a tag may release: one version, named by tag, distribution, changelog and specification."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

TOP = Path(__file__).resolve().parents[3]
SCRIPT = Path(".github", "release", "version")
DISTRIBUTION = Path("conformance", "injector_conformance", "__init__.py")
SPECIFICATION = Path("reference", "SPEC.md")
CHANGELOG = Path("CHANGELOG.md")
PROJECT = Path("pyproject.toml")
RELEASE = yaml.safe_load((TOP / ".github" / "workflows" / "release.yml").read_text())


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A tree that is ready for the tag v7.1.0."""
    for name in (SCRIPT, DISTRIBUTION, SPECIFICATION, CHANGELOG, PROJECT):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(TOP / name, tmp_path / name)
    change(tmp_path / DISTRIBUTION, r'"\d.*"', '"7.1.0"')
    change(tmp_path / PROJECT, "(?m)^Repository = .*$", 'Repository = "https://example.org/mine"')
    change(tmp_path / CHANGELOG, "## Unreleased", "## 7.1.0 - 2030-01-31")
    return tmp_path


def change(path: Path, pattern: str, text: str) -> None:
    before = path.read_text()
    path.write_text(re.sub(pattern, text, before, count=1))
    assert path.read_text() != before


def asked(tree: Path, tag: str) -> tuple[int, str]:
    done = subprocess.run(
        [sys.executable, tree / SCRIPT, tag], capture_output=True, text=True, check=False
    )
    return done.returncode, done.stderr


def test_a_tree_that_names_one_version_everywhere(tree: Path) -> None:
    assert asked(tree, "v7.1.0") == (0, "")


def test_another_tag(tree: Path) -> None:
    status, words = asked(tree, "v7.2.0")

    assert status
    assert "says 7.1.0, the tag 7.2.0" in words
    assert 'no line "## 7.2.0 - YYYY-MM-DD"' in words


def test_a_specification_that_the_changelog_does_not_name(tree: Path) -> None:
    change(tree / SPECIFICATION, r"(?m)^Version: .*$", "Version: 9.9.9")

    assert asked(tree, "v7.1.0") == (
        1,
        "v7.1.0: that entry does not name Specification 9.9.9, as SPEC.md has it\n",
    )


def test_a_repository_that_nobody_has_chosen(tree: Path) -> None:
    change(tree / PROJECT, "https://example.org/mine", "https://repository.invalid")

    status, words = asked(tree, "v7.1.0")

    assert status
    assert "pyproject.toml does not say where the repository is" in words


def test_the_tree_of_a_day_between_releases_is_not_released() -> None:
    version = re.search(r'"(.*)"', (TOP / DISTRIBUTION).read_text().partition("__version__")[2])

    assert version is not None
    assert asked(TOP, f"v{version[1]}")[0] == (1 if ".dev" in version[1] else 0)


def test_nothing_is_published_before_tests_and_build() -> None:
    jobs = RELEASE["jobs"]

    def before(name: str) -> set[str]:
        needs = jobs[name].get("needs", [])
        direct = {needs} if isinstance(needs, str) else set(needs)
        return direct.union(*(before(one) for one in direct))

    published = {name for name in jobs if "write" in str(jobs[name]["permissions"])} | {"image"}
    assert published == {"provenance", "package", "publish", "image"}
    for name in published:
        assert before(name) >= {"test", "build"}, name
