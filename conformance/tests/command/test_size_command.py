"""The subcommand ``size``: tables, JSON, comparison, exit statuses."""

from __future__ import annotations

import argparse
import json
import os
from pathlib import Path

import pytest

from injector_conformance.cli import size as command
from injector_conformance.size import (
    CONFIGMAP_LIMIT,
)
from injector_fixtures.elf import (
    AARCH64,
    Image,
)


def write(path: Path, image: Image | None = None, *, size: int = 0) -> Path:
    """A binary, made up to ``size`` bytes by a hole at its end."""
    content = (image or Image()).build()
    path.write_bytes(content)
    if size:
        os.truncate(path, size)
    return path


def size(*arguments: object) -> int:
    parser = argparse.ArgumentParser()
    command.add_parser(parser.add_subparsers())
    args = parser.parse_args(["size", *map(str, arguments)])
    return command.run(args)


class TestCommand:
    def test_binaries_side_by_side(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        one, other = write(tmp_path / "one"), write(tmp_path / "other", Image(machine=AARCH64))

        assert size(one, other) == 0

        lines = capsys.readouterr().out.splitlines()
        assert lines[0].split() == ["one", "other"]
        assert ["machine", "x86_64,", "64-bit", "aarch64,", "64-bit"] in [
            line.split() for line in lines
        ]

    def test_equal_names_are_told_apart(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        binaries = []
        for directory in ("new", "old"):
            (tmp_path / directory).mkdir()
            binaries.append(write(tmp_path / directory / "binary"))

        size(*binaries)

        assert capsys.readouterr().out.splitlines()[0].split() == ["new/binary", "old/binary"]

    def test_levels_are_shown(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        size(write(tmp_path / "binary"))

        shown = capsys.readouterr().out
        assert "BIN-1 MUST" in shown
        assert "BIN-2 SHOULD" in shown

    def test_json(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        binary = write(tmp_path / "binary")

        assert size("--json", binary) == 0

        content = json.loads(capsys.readouterr().out)
        [entry] = content["binaries"]
        assert entry["bytes"] == binary.stat().st_size
        assert entry["path"] == str(binary)
        assert entry["static"] is True
        assert {one["requirement"] for one in entry["requirements"]} == {
            f"BIN-{number}" for number in range(1, 7)
        }

    def test_a_broken_must_is_status_1(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert size(write(tmp_path / "binary", size=CONFIGMAP_LIMIT + 1)) == 1
        assert "BIN-1: 1,048,577 bytes: 1 bytes over 1,048,576" in capsys.readouterr().out

    def test_a_broken_should_is_status_0(self, tmp_path: Path) -> None:
        assert size(write(tmp_path / "binary", size=512_001)) == 0

    def test_the_wrong_machine_is_status_1(self, tmp_path: Path) -> None:
        assert size("--machine", "aarch64", write(tmp_path / "binary")) == 1

    def test_fail_over(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        binary = write(tmp_path / "binary", size=2000)

        assert size("--fail-over", "2000", binary) == 0
        assert size("--fail-over", "1_999", binary) == 1
        assert "2,000 bytes, 1 over --fail-over" in capsys.readouterr().err

    @pytest.mark.parametrize("limit", ["-1", "many", ""])
    def test_a_limit_that_is_none(self, tmp_path: Path, limit: str) -> None:
        with pytest.raises(SystemExit) as stopped:
            size(f"--fail-over={limit}", write(tmp_path / "binary"))

        assert stopped.value.code == 2

    def test_what_cannot_be_measured_is_one_line_and_status_2(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        script = tmp_path / "script"
        script.write_text("#!/bin/sh\n")

        assert size(write(tmp_path / "binary"), script) == 2

        captured = capsys.readouterr()
        assert captured.out == ""
        assert captured.err.count("\n") == 1
        assert f"{script}: a script, run by '/bin/sh'" in captured.err


class TestCompare:
    @pytest.fixture
    def old(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Path:
        """Figures of ``a/one`` (1,000 bytes) and ``a/other`` (2,000 bytes)."""
        (tmp_path / "a").mkdir()
        binaries = [
            write(tmp_path / "a" / "one", size=1000),
            write(tmp_path / "a" / "other", size=2000),
        ]
        size("--json", *binaries)
        document = tmp_path / "old.json"
        document.write_text(capsys.readouterr().out)
        return document

    def test_the_difference_is_shown(
        self, tmp_path: Path, old: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        binary = write(tmp_path / "a" / "one", size=1100)

        assert size("--compare", old, binary) == 0

        assert "+100 (+10.0%) from 1,000" in capsys.readouterr().out

    def test_a_moved_binary_is_found_by_its_name(
        self, tmp_path: Path, old: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        binary = write(tmp_path / "other", size=1500)

        assert size("--json", "--compare", old, binary) == 0

        [entry] = json.loads(capsys.readouterr().out)["binaries"]
        assert (entry["before"], entry["change"]) == (2000, -500)

    def test_a_new_binary(
        self, tmp_path: Path, old: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert size("--compare", old, write(tmp_path / "third")) == 0
        assert ["change", "new"] in [line.split() for line in capsys.readouterr().out.splitlines()]

    @pytest.mark.parametrize(
        ("content", "words"),
        [
            (None, "cannot be read"),
            (b"{", "not JSON"),
            (b"\xff", "not JSON"),
            (b"[]", "not a document of schema"),
            (b'{"schema": "other/1"}', "not a document of schema"),
            (b'{"schema": "injector-conformance/size/1", "binaries": [{}]}', "damaged"),
        ],
    )
    def test_what_is_no_earlier_measurement(
        self,
        tmp_path: Path,
        capsys: pytest.CaptureFixture[str],
        content: bytes | None,
        words: str,
    ) -> None:
        document = tmp_path / "old.json"
        if content is not None:
            document.write_bytes(content)

        assert size("--compare", document, write(tmp_path / "binary")) == 2

        captured = capsys.readouterr()
        assert captured.err.count("\n") == 1
        assert words in captured.err
