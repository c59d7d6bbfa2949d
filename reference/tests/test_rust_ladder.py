"""Which toolchain builds which recipe of the Rust size ladder, and what is said if none can."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from rust.ladder import RECIPES, CannotBuildError, Recipe, Toolchain, choose

TARGET = "x86_64-unknown-linux-musl"

PLAIN, SIZE, BUILD_STD, IMMEDIATE_ABORT = RECIPES

Install = Callable[..., Toolchain]


@pytest.fixture
def install(tmp_path: Path) -> Install:
    """Makes a toolchain of a version, with a prebuilt std or std's sources or neither."""

    def make(version: str, *, prebuilt: bool = False, sources: bool = False) -> Toolchain:
        sysroot = tmp_path / version
        if prebuilt:
            library = sysroot / "lib/rustlib" / TARGET / "lib/libstd-0123.rlib"
            library.parent.mkdir(parents=True)
            library.touch()
        if sources:
            manifest = sysroot / "lib/rustlib/src/rust/library/std/Cargo.toml"
            manifest.parent.mkdir(parents=True)
            manifest.touch()
        return Toolchain(Path("cargo"), Path("rustc"), f"rustc {version} (0123 2026)", sysroot)

    return make


class TestChoice:
    @pytest.mark.parametrize("recipe", [PLAIN, SIZE])
    def test_a_prebuilt_std_is_preferred_to_a_newer_compiler(
        self, install: Install, recipe: Recipe
    ) -> None:
        prebuilt = install("1.90.0", prebuilt=True)

        assert choose(recipe, TARGET, [install("1.96.0", sources=True), prebuilt]) is prebuilt

    @pytest.mark.parametrize("recipe", RECIPES)
    def test_sources_will_do_for_everything(self, install: Install, recipe: Recipe) -> None:
        sources = install("1.96.0", sources=True)

        assert choose(recipe, TARGET, [install("1.97.0"), sources]) is sources

    @pytest.mark.parametrize("recipe", [BUILD_STD, IMMEDIATE_ABORT])
    def test_the_newest_with_sources_rebuilds_std(self, install: Install, recipe: Recipe) -> None:
        newest = install("1.100.0", sources=True)

        assert choose(recipe, TARGET, [install("1.99.0", sources=True), newest]) is newest


class TestRefusals:
    @pytest.mark.parametrize("recipe", RECIPES)
    def test_nothing_at_all(self, recipe: Recipe) -> None:
        with pytest.raises(CannotBuildError, match="no Rust at all"):
            choose(recipe, TARGET, [])

    def test_neither_std_nor_sources(self, install: Install) -> None:
        with pytest.raises(CannotBuildError, match=f"rustup target add {TARGET}") as refused:
            choose(SIZE, TARGET, [install("1.96.0")])

        assert "rustc 1.96.0" in str(refused.value)

    def test_a_prebuilt_std_does_not_help_to_rebuild_it(self, install: Install) -> None:
        with pytest.raises(CannotBuildError, match="rustup component add rust-src"):
            choose(BUILD_STD, TARGET, [install("1.96.0", prebuilt=True)])

    def test_a_compiler_that_knows_no_immediate_abort(self, install: Install) -> None:
        with pytest.raises(CannotBuildError, match=r"needs rustc 1\.92"):
            choose(IMMEDIATE_ABORT, TARGET, [install("1.91.1", sources=True)])
