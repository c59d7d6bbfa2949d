"""What is read from ELF files, and what is said of everything else."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from injector_conformance.subjects.elf import ElfFacts, Stack, facts
from injector_conformance.subjects.elf_refusals import SizeError
from injector_fixtures.elf import (
    AARCH64,
    BASE,
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

PROGBITS, SYMTAB, NOBITS = 1, 2, 8

CODE = Segment(LOAD, READ | EXECUTE, b"\xc3" * 16)


def read(directory: Path, content: bytes) -> ElfFacts:
    binary = directory / "binary"
    binary.write_bytes(content)
    return facts(binary)


def refusal(path: Path) -> str:
    with pytest.raises(SizeError) as refused:
        facts(path)
    message = str(refused.value)
    assert message.startswith(f"{path}: ")
    assert "\n" not in message
    return message


class TestFacts:
    def test_a_plain_static_binary(self, tmp_path: Path) -> None:
        content = Image().build()

        found = read(tmp_path, content)

        assert found.size == len(content)
        assert (found.machine, found.bits, found.kind) == ("x86_64", 64, "executable")
        assert found.static
        assert found.starts
        assert found.stripped
        assert found.stack is Stack.NOT_EXECUTABLE
        assert not found.writable_code

    def test_without_section_headers_the_bytes_are_told_by_segment(self, tmp_path: Path) -> None:
        content = Image().build()

        found = read(tmp_path, content)

        assert [(part.name, part.size) for part in found.parts] == [
            ("LOAD r-x", 16),
            ("(headers, padding)", len(content) - 16),
        ]

    def test_bytes_by_section_leave_out_what_is_not_in_the_file(self, tmp_path: Path) -> None:
        sections = [Section(".text", PROGBITS, b"x" * 40), Section(".bss", NOBITS, b"")]
        content = Image(sections=sections).build()

        found = read(tmp_path, content)

        sizes = {part.name: part.size for part in found.parts}
        assert sizes[".text"] == 40
        assert ".bss" not in sizes
        assert sum(sizes.values()) == len(content)

    @pytest.mark.parametrize("name", [".debug_info", ".zdebug_line", ".gdb_index"])
    def test_debug_sections(self, tmp_path: Path, name: str) -> None:
        found = read(tmp_path, Image(sections=[Section(name, PROGBITS, b"d")]).build())

        assert found.debug_sections == (name,)
        assert not found.stripped

    def test_a_symbol_table(self, tmp_path: Path) -> None:
        found = read(tmp_path, Image(sections=[Section(".symtab", SYMTAB, b"")]).build())

        assert found.symbol_table
        assert not found.stripped

    def test_an_interpreter(self, tmp_path: Path) -> None:
        loader = Segment(INTERP, READ, b"/lib/ld-musl-x86_64.so.1\0")

        found = read(tmp_path, Image(segments=[CODE, loader]).build())

        assert found.interpreter == "/lib/ld-musl-x86_64.so.1"
        assert not found.static

    @pytest.mark.parametrize(
        ("segments", "stack"),
        [
            ([CODE, Segment(GNU_STACK, READ | WRITE | EXECUTE)], Stack.EXECUTABLE),
            ([CODE, Segment(GNU_STACK, READ | WRITE)], Stack.NOT_EXECUTABLE),
            ([CODE], Stack.UNSPECIFIED),
        ],
    )
    def test_the_stack(self, tmp_path: Path, segments: list[Segment], stack: Stack) -> None:
        assert read(tmp_path, Image(segments=segments).build()).stack is stack

    def test_writable_code(self, tmp_path: Path) -> None:
        both = Segment(LOAD, READ | WRITE | EXECUTE, b"\xc3")

        assert read(tmp_path, Image(segments=[both]).build()).writable_code

    @pytest.mark.parametrize("entry", [0, BASE + 0x100000])
    def test_an_entry_point_that_is_no_code(self, tmp_path: Path, entry: int) -> None:
        assert not read(tmp_path, Image(entry=entry).build()).starts

    @pytest.mark.parametrize(
        ("machine", "bits", "name"),
        [
            (AARCH64, 64, "aarch64"),
            (3, 32, "i686"),
            (40, 32, "arm"),
            (243, 32, "riscv"),
            (2, 32, "sparc"),
            (0x9999, 64, "machine 39321"),
        ],
    )
    def test_other_machines(self, tmp_path: Path, machine: int, bits: int, name: str) -> None:
        found = read(tmp_path, Image(machine=machine, bits=bits).build())

        assert (found.machine, found.bits) == (name, bits)
        assert found.starts

    def test_the_running_interpreter_needs_libraries_or_is_static(self) -> None:
        found = facts("/proc/self/exe")

        assert found.machine == os.uname().machine
        assert found.static == (found.interpreter is None)
        assert bool(found.needed) == (found.interpreter is not None)


class TestRefusals:
    @pytest.mark.parametrize(
        ("content", "words"),
        [
            (b"", "empty"),
            (b"#!/bin/sh\nexit 0\n", "script, run by '/bin/sh'"),
            (b"#!", "script"),
            (b"\xcf\xfa\xed\xfe" + b"\0" * 60, "Mach-O"),
            (b"\xfe\xed\xfa\xce" + b"\0" * 60, "Mach-O"),
            (b"\xca\xfe\xba\xbe" + b"\0" * 60, "Mach-O universal"),
            (b"MZ" + b"\0" * 60, "Windows"),
            (b"!<arch>\nlib", "archive of object files"),
            (b"\x1f\x8b\x08", "gzip"),
            (b"hello", "begins with the bytes 68 65 6c 6c"),
            (b"\x7fELF", "truncated"),
        ],
    )
    def test_what_is_no_elf_file(self, tmp_path: Path, content: bytes, words: str) -> None:
        binary = tmp_path / "binary"
        binary.write_bytes(content)

        assert words in refusal(binary)

    def test_a_missing_file(self, tmp_path: Path) -> None:
        assert "no such file" in refusal(tmp_path / "missing")

    def test_a_directory(self, tmp_path: Path) -> None:
        assert "a directory" in refusal(tmp_path)

    def test_a_fifo_is_not_waited_for(self, tmp_path: Path) -> None:
        os.mkfifo(tmp_path / "fifo")

        assert "not a regular file" in refusal(tmp_path / "fifo")

    def test_a_link_to_itself(self, tmp_path: Path) -> None:
        (tmp_path / "loop").symlink_to("loop")

        assert "cannot be read" in refusal(tmp_path / "loop")

    @pytest.mark.parametrize("sections", [[], [Section(".text", PROGBITS, b"x" * 40)]])
    def test_truncation_anywhere(self, tmp_path: Path, sections: list[Section]) -> None:
        content = Image(sections=sections).build()
        binary = tmp_path / "binary"
        for length in range(4, len(content)):
            binary.write_bytes(content[:length])

            assert "truncated" in refusal(binary), length

    def test_a_segment_that_claims_more_than_there_is(self, tmp_path: Path) -> None:
        image = Image(segments=[Segment(LOAD, READ | EXECUTE, b"\xc3", claimed=1 << 40)])
        binary = tmp_path / "binary"
        binary.write_bytes(image.build())

        assert "segment 0 would end at byte" in refusal(binary)

    @settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(place=st.integers(0, 600), value=st.binary(min_size=1, max_size=8))
    @example(place=570, value=b"\x80")
    def test_damage_is_read_or_refused_never_raised(
        self, tmp_path: Path, place: int, value: bytes
    ) -> None:
        content = bytearray(
            Image(
                segments=[CODE, Segment(INTERP, READ, b"/lib/ld\0"), Segment(2, READ, b"\1" * 32)],
                sections=[Section(".text", PROGBITS, b"x"), Section(".dynamic", 6, b"\1" * 32)],
            ).build()
        )
        content[place : place + len(value)] = value
        with suppress(SizeError):
            assert read(tmp_path, bytes(content)).size == len(content)
