"""The build: pinned, reproducible, small, and a well-formed ELF."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest
from elftools.elf.elffile import ELFFile

from native import build

LIMITS = {"zarf-injector": 12_288, "zarf-injector-unified": 25_088}
EXECUTABLE, WRITABLE = 1, 2
MACHINES = {"x86_64": "EM_X86_64", "aarch64": "EM_AARCH64"}


@pytest.fixture(params=LIMITS)
def name(request: pytest.FixtureRequest) -> str:
    """Each program in turn."""
    chosen: str = request.param
    return chosen


@pytest.fixture
def program(programs: dict[str, Path], architecture: str, name: str) -> Path:
    """Each program for the architecture in turn."""
    return programs[f"{name}-{architecture}"]


class TestBuild:
    def test_fits_the_limit(self, program: Path, name: str) -> None:
        assert program.stat().st_size <= LIMITS[name]

    def test_is_the_same_from_an_empty_cache(
        self, program: Path, architecture: str, tmp_path: Path
    ) -> None:
        arguments = ["--arch", architecture, "-o", str(tmp_path), "--cache", str(tmp_path / "c")]

        assert build.main(arguments) == 0
        assert (tmp_path / program.name).read_bytes() == program.read_bytes()

    def test_prints_name_bytes_and_digest(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert build.main(["--arch", "x86_64", "-o", str(tmp_path)]) == 0

        lines = capsys.readouterr().out.splitlines()
        assert len(lines) == len(LIMITS)
        for name, line in zip(LIMITS, lines, strict=True):
            size = (tmp_path / f"{name}-x86_64").stat().st_size
            said = rf"{name}-x86_64  {size} bytes  sha256 [0-9a-f]{{64}}"
            assert re.fullmatch(said, line)

    def test_refuses_another_version(
        self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
    ) -> None:
        monkeypatch.setattr(build, "ZIG_VERSION", "0.0.1")

        assert build.main(["-o", str(tmp_path)]) == 2
        complaint = capsys.readouterr().err
        assert "not the pinned 0.0.1" in complaint
        assert "pip install ziglang==0.0.1" in complaint

    def test_says_that_the_toolchain_is_missing(
        self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
    ) -> None:
        monkeypatch.setattr(sys, "executable", "false")

        assert build.main(["-o", str(tmp_path)]) == 2
        assert "the Zig toolchain is missing" in capsys.readouterr().err

    def test_shows_what_the_compiler_said(self, tmp_path: Path) -> None:
        source = tmp_path / "broken.zig"
        source.write_text("this is no program")

        with pytest.raises(build.BuildError, match=r"refused .*broken\.zig:\n.*error"):
            build.compile_program(source, "x86_64", tmp_path / "broken", tmp_path / "cache")


class TestElf:
    def test_is_static_for_its_machine(self, program: Path, architecture: str) -> None:
        with program.open("rb") as file:
            elf = ELFFile(file)

            assert elf["e_type"] == "ET_EXEC"
            assert elf["e_machine"] == MACHINES[architecture]
            types = [segment["p_type"] for segment in elf.iter_segments()]
            assert sorted(types) == ["PT_GNU_STACK", "PT_LOAD", "PT_LOAD"]

    def test_nothing_is_writable_and_executable(self, program: Path) -> None:
        with program.open("rb") as file:
            flags = [segment["p_flags"] for segment in ELFFile(file).iter_segments()]

        assert all(flag & (EXECUTABLE | WRITABLE) != (EXECUTABLE | WRITABLE) for flag in flags)
        assert sum(flag & EXECUTABLE for flag in flags) == 1

    def test_has_no_sections_and_ends_with_its_last_segment(self, program: Path) -> None:
        with program.open("rb") as file:
            elf = ELFFile(file)

            assert elf.num_sections() == 0
            ends = [s["p_offset"] + s["p_filesz"] for s in elf.iter_segments()]
            assert max(ends) == program.stat().st_size

    def test_segments_agree_with_pages_of_64_kib(self, program: Path, architecture: str) -> None:
        page = {"x86_64": 4096, "aarch64": 65_536}[architecture]
        with program.open("rb") as file:
            loaded = [s for s in ELFFile(file).iter_segments() if s["p_type"] == "PT_LOAD"]

        assert all(s["p_align"] == page for s in loaded)
        assert all(s["p_vaddr"] % page == s["p_offset"] % page for s in loaded)
