"""The figures of a binary, and the budgets of chapter BIN."""

from __future__ import annotations

import base64
import os
from dataclasses import replace
from pathlib import Path

import pytest

from injector_conformance.size import (
    CONFIGMAP_LIMIT,
    ElfFacts,
    facts,
    judge_binary,
    measure,
    sizes_of,
)
from injector_conformance.size.measure import du_si
from injector_fixtures.elf import (
    AARCH64,
    DYNAMIC,
    EXECUTE,
    GNU_STACK,
    INTERP,
    LOAD,
    READ,
    WRITE,
    Image,
    Section,
    Segment,
)

CODE = Segment(LOAD, READ | EXECUTE, b"\xc3" * 16)
STACK = Segment(GNU_STACK, READ | WRITE)


def write(path: Path, image: Image | None = None, *, size: int = 0) -> Path:
    """A binary, made up to ``size`` bytes by a hole at its end."""
    content = (image or Image()).build()
    path.write_bytes(content)
    if size:
        os.truncate(path, size)
    return path


def verdicts(found: ElfFacts, machine: str | None = None) -> dict[str, bool]:
    return {one.requirement: one.passed for one in judge_binary(found, machine)}


class TestFigures:
    def test_headroom_base64_and_disk(self, tmp_path: Path) -> None:
        binary = write(tmp_path / "binary", size=10_000)

        figures = measure(binary)

        assert figures.headroom == 1_048_576 - 10_000
        assert figures.base64 == len(base64.b64encode(binary.read_bytes()))
        assert figures.du == du_si(binary.stat().st_blocks * 512)

    @pytest.mark.parametrize("length", [0, 1, 2, 3, 4, 5, 1_048_576])
    def test_base64_is_exact(self, tmp_path: Path, length: int) -> None:
        found = replace(facts(write(tmp_path / "binary")), size=length)

        assert sizes_of("binary", found).base64 == len(base64.b64encode(bytes(length)))

    @pytest.mark.parametrize(
        ("disk", "shown"),
        [
            (0, "0"),
            (512, "512"),
            (4096, "4.1k"),
            (9728, "9.8k"),
            (12_288, "13k"),
            (176_128, "177k"),
            (774_144, "775k"),
            (999_424, "1.0M"),
            (1_048_576, "1.1M"),
        ],
    )
    def test_the_figure_of_du(self, disk: int, shown: str) -> None:
        assert du_si(disk) == shown


class TestBudgets:
    @pytest.mark.parametrize(
        ("requirement", "machine", "limit"),
        [
            ("BIN-1", "x86_64", 1_048_576),
            ("BIN-2", "x86_64", 512_000),
            ("BIN-3", "x86_64", 176_000),
            ("BIN-3", "aarch64", 156_000),
        ],
    )
    def test_the_limit_itself_fits_and_one_byte_more_does_not(
        self, tmp_path: Path, requirement: str, machine: str, limit: int
    ) -> None:
        found = replace(facts(write(tmp_path / "binary")), machine=machine)

        assert verdicts(replace(found, size=limit))[requirement]
        assert not verdicts(replace(found, size=limit + 1))[requirement]

    def test_bytes_count_and_not_blocks(self, tmp_path: Path) -> None:
        found = facts(write(tmp_path / "binary", size=CONFIGMAP_LIMIT + 1))

        assert found.blocks < CONFIGMAP_LIMIT
        assert not verdicts(found)["BIN-1"]

    def test_no_figure_for_other_machines(self, tmp_path: Path) -> None:
        found = facts(write(tmp_path / "binary", Image(machine=0x9999)))

        assert "BIN-3" not in verdicts(found)
        assert verdicts(found)["BIN-4"]

    def test_a_good_binary_passes_everything(self, tmp_path: Path) -> None:
        assert set(verdicts(facts(write(tmp_path / "binary"))).values()) == {True}

    @pytest.mark.parametrize(
        ("image", "broken"),
        [
            (Image(segments=[CODE, STACK, Segment(INTERP, READ, b"/lib/ld\0")]), "BIN-4"),
            (Image(entry=0), "BIN-4"),
            (Image(kind=1), "BIN-4"),
            (Image(sections=[Section(".symtab", 2)]), "BIN-5"),
            (Image(sections=[Section(".debug_line", 1, b"d")]), "BIN-5"),
            (Image(segments=[CODE]), "BIN-6"),
            (Image(segments=[CODE, Segment(GNU_STACK, READ | WRITE | EXECUTE)]), "BIN-6"),
            (Image(segments=[CODE, STACK, Segment(LOAD, 7, b"x")]), "BIN-6"),
        ],
    )
    def test_one_fault_breaks_one_requirement(
        self, tmp_path: Path, image: Image, broken: str
    ) -> None:
        found = verdicts(facts(write(tmp_path / "binary", image)))

        assert {requirement for requirement, passed in found.items() if not passed} == {broken}

    def test_needed_libraries_break_bin_4(self, tmp_path: Path) -> None:
        found = replace(facts(write(tmp_path / "binary")), needed=("libc.so",))

        assert not verdicts(found)["BIN-4"]

    def test_an_empty_dynamic_segment_does_not(self, tmp_path: Path) -> None:
        image = Image(segments=[CODE, STACK, Segment(DYNAMIC, READ, b"\0" * 16)])

        assert verdicts(facts(write(tmp_path / "binary", image)))["BIN-4"]

    def test_the_declared_machine(self, tmp_path: Path) -> None:
        found = facts(write(tmp_path / "binary", Image(machine=AARCH64)))

        assert verdicts(found, "aarch64")["BIN-4"]
        assert not verdicts(found, "x86_64")["BIN-4"]
