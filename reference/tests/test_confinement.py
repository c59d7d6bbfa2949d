"""Names, and the way from the output directory to a directory below it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from zarf_injector import confinement, errors
from zarf_injector.confinement import OutputDirectory


class TestComponents:
    @pytest.mark.parametrize(
        ("name", "parts"),
        [
            (b"a", [b"a"]),
            (b"a/b/c", [b"a", b"b", b"c"]),
            (b"./a//b/./c/", [b"a", b"b", b"c"]),
            (b"a/...", [b"a", b"..."]),
            (b"..a/b..", [b"..a", b"b.."]),
            (b"a\\..\\b", [b"a\\..\\b"]),
            (b"-rf\n\xff", [b"-rf\n\xff"]),
            (b".", []),
            (b"./", []),
            (b"", []),
        ],
    )
    def test_of_a_name(self, name: bytes, parts: list[bytes]) -> None:
        assert confinement.components(name) == parts

    @pytest.mark.parametrize("name", [b"..", b"../a", b"a/../b", b"a/..", b"./..", b"a//../.."])
    def test_none_leads_upwards(self, name: bytes) -> None:
        with pytest.raises(errors.ParentReferenceError):
            confinement.components(name)

    @pytest.mark.parametrize("name", [b"/", b"//", b"/a", b"//a", b"/../a"])
    def test_none_begins_at_the_root(self, name: bytes) -> None:
        with pytest.raises(errors.AbsoluteNameError):
            confinement.components(name)

    def test_a_name_leads_255_directories_down_at_most(self) -> None:
        assert len(confinement.components(b"a/./" * 255 + b"f")) == 256
        with pytest.raises(errors.ExcessError, match="257 levels deep"):
            confinement.components(b"a/" * 256 + b"f")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    path = tmp_path / "output"
    path.mkdir()
    return path


@pytest.fixture
def output(root: Path) -> Iterator[OutputDirectory]:
    with OutputDirectory(os.fsencode(root)) as directory:
        yield directory


def is_at(descriptor: int, path: Path) -> bool:
    return os.path.samestat(os.fstat(descriptor), path.lstat())


class TestDirectories:
    def test_nothing_leads_to_the_output_directory(
        self, output: OutputDirectory, root: Path
    ) -> None:
        assert is_at(output.directory([]), root)
        assert is_at(output.existing_directory([]), root)

    def test_missing_ones_are_made_with_their_final_mode(
        self, output: OutputDirectory, root: Path
    ) -> None:
        assert is_at(output.directory([b"a", b"b", b"c"]), root / "a" / "b" / "c")
        assert {path.stat().st_mode for path in root.rglob("*")} == {0o040755}

    def test_any_order_of_names_leads_where_it_should(
        self, output: OutputDirectory, root: Path
    ) -> None:
        for name in ("a", "a/b", "a/b/c", "a/d", "b", "a/b/c", "", "a/b", "aa", "a"):
            parts = os.fsencode(name).split(b"/") if name else []
            assert is_at(output.directory(parts), root / name), name
            assert is_at(output.existing_directory(parts), root / name), name

    def test_none_is_made_when_looking(self, output: OutputDirectory, root: Path) -> None:
        with pytest.raises(FileNotFoundError):
            output.existing_directory([b"a"])

        assert list(root.iterdir()) == []

    def test_a_way_that_failed_can_be_tried_again(
        self, output: OutputDirectory, root: Path
    ) -> None:
        output.directory([b"a"])
        with pytest.raises(FileNotFoundError):
            output.existing_directory([b"a", b"b", b"c"])
        output.directory([b"a", b"b", b"c"])

        assert is_at(output.existing_directory([b"a", b"b", b"c"]), root / "a" / "b" / "c")

    @pytest.mark.parametrize("target", [".", "..", "/", "inside", "missing", "link"])
    def test_links_are_not_followed(
        self, output: OutputDirectory, root: Path, target: str
    ) -> None:
        (root / "inside").mkdir()
        (root / "link").symlink_to(target)

        for parts in ([b"link"], [b"link", b"new"]):
            with pytest.raises(errors.NotADirectoryInPathError, match="'link'"):
                output.directory(parts)
            with pytest.raises(errors.NotADirectoryInPathError):
                output.existing_directory(parts)
        assert not (root / "inside" / "new").exists()

    def test_files_are_not_entered(self, output: OutputDirectory, root: Path) -> None:
        (root / "file").touch()

        with pytest.raises(errors.NotADirectoryInPathError):
            output.directory([b"file", b"new"])

    def test_depth_is_not_limited_by_descriptors_nor_by_path_max(
        self, output: OutputDirectory, root: Path
    ) -> None:
        before = len(os.listdir("/proc/self/fd"))
        parts = [b"d" * 100] * 100

        output.directory(parts)

        assert len(os.listdir("/proc/self/fd")) <= before + 1
        assert is_at(output.directory([b"d" * 100]), root / ("d" * 100))

    def test_a_component_that_is_too_long(self, output: OutputDirectory) -> None:
        with pytest.raises(errors.OutputError, match="File name too long"):
            output.directory([b"n" * 256])


def test_the_output_directory_must_be_there(tmp_path: Path) -> None:
    with pytest.raises(errors.OutputError, match="No such file"):
        OutputDirectory(os.fsencode(tmp_path / "missing"))


def test_every_descriptor_is_closed(root: Path) -> None:
    before = os.listdir("/proc/self/fd")
    with OutputDirectory(os.fsencode(root)) as output:
        output.directory([b"a", b"b"])
        output.existing_directory([b"a"])

    assert os.listdir("/proc/self/fd") == before
