"""What an ELF file says about itself: machine, linking, segments, sections.

The facts behind chapter BIN, as plain data. Judging them is :mod:`injector_conformance.size`'s
business.

The file is read by pyelftools and not by lief: lief also reads Mach-O and PE and can edit, none
of which is needed, and is a compiled extension of several megabytes; pyelftools is pure Python,
reads only, and installs everywhere the suite does.
"""

from __future__ import annotations

import io
import os
import stat
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Final

from elftools.common.exceptions import ELFError
from elftools.elf.dynamic import DynamicSection, DynamicSegment
from elftools.elf.elffile import ELFFile
from elftools.elf.segments import InterpSegment

from injector_conformance.host import named_file
from injector_conformance.subjects.elf_refusals import SizeError, refusal_of

DAMAGE: Final = (
    *(ELFError, ValueError, LookupError, AttributeError, TypeError),
    *(ArithmeticError, AssertionError, MemoryError, RecursionError),
)
"""What pyelftools raises: its own errors for most damage, and whatever comes for the rest."""

EXECUTABLE: Final = 1
WRITABLE: Final = 2
"""Bits of a segment's ``p_flags`` (ELF specification, "Program Header")."""

NOT_IN_FILE: Final = "SHT_NOBITS"
"""Sections of this type (``.bss``) take no bytes of the file."""

DEBUG_PREFIXES: Final = (".debug_", ".zdebug_", ".gdb_index", ".stab")

MACHINES: Final = {
    "EM_X86_64": "x86_64",
    "EM_AARCH64": "aarch64",
    "EM_386": "i686",
    "EM_ARM": "arm",
    "EM_RISCV": "riscv",
    "EM_PPC64": "ppc64",
    "EM_S390": "s390x",
    "EM_LOONGARCH": "loongarch",
    "EM_MIPS": "mips",
}
"""ELF's names of machines, in the words of ``uname -m``."""


class Stack(Enum):
    """What PT_GNU_STACK asks of the kernel."""

    EXECUTABLE = "executable"
    NOT_EXECUTABLE = "not executable"
    UNSPECIFIED = "unspecified"
    """No such header. Linux before 5.8 then makes the stack executable, later ones do not on
    64-bit machines."""


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of the file. ``size`` in bytes, as it lies in the file and not in memory."""

    name: str
    size: int


@dataclass(frozen=True, slots=True)
class ElfFacts:
    """One ELF file.

    Attributes:
        size: bytes, as ``stat`` counts them.
        blocks: bytes of disk that the file takes, as ``du`` counts them; less than ``size`` for
            a file with holes.
        machine: ``x86_64``, ``aarch64``…; ``machine N`` for a number without a known name.
        bits: 32 or 64.
        kind: ``executable``, ``position-independent``, ``object``, ``core`` or ``other``.
        starts: whether there is an entry point and an executable segment to hold it.
        interpreter: the dynamic loader that it asks for, or None.
        needed: the shared libraries that it asks for.
        symbol_table: whether a symbol table is left that stripping removes.
        debug_sections: names of the sections that hold debug information.
        stack: what it asks for its stack.
        writable_code: whether a segment is both writable and executable.
        parts: bytes by section, or by segment where there are no section headers, and what
            belongs to none (headers, padding) as the last one. They add up to ``size``, unless
            sections overlap.
    """

    size: int
    blocks: int
    machine: str
    bits: int
    kind: str
    starts: bool
    interpreter: str | None
    needed: tuple[str, ...]
    symbol_table: bool
    debug_sections: tuple[str, ...]
    stack: Stack
    writable_code: bool
    parts: tuple[Part, ...]

    @property
    def static(self) -> bool:
        """Whether it runs without a dynamic loader and without shared libraries (BIN-4)."""
        return self.interpreter is None and not self.needed

    @property
    def stripped(self) -> bool:
        """Whether neither a symbol table nor debug sections are left (BIN-5)."""
        return not self.symbol_table and not self.debug_sections


def facts(path: str | os.PathLike[str]) -> ElfFacts:
    """Read the facts of one binary.

    Args:
        path: the file; symbolic links are followed.

    Raises:
        SizeError: there is no such file, it cannot be read, it is no regular file, no ELF file,
            or a damaged one. The message says which, and what to do.
    """
    content, status = _read(Path(path))
    shown = os.fspath(path)
    refusal = refusal_of(content)
    if refusal is not None:
        raise SizeError(f"{shown}: {refusal}")
    try:
        elf = ELFFile(io.BytesIO(content))
        _refuse_truncated(elf, len(content))
        return _facts(elf, len(content), status.st_blocks * 512)
    except SizeError as error:
        raise SizeError(f"{shown}: {error}") from error
    except DAMAGE as error:
        raise SizeError(f"{shown}: a damaged ELF file ({error}); build it again") from error


def _read(path: Path) -> tuple[bytes, os.stat_result]:
    try:
        status = path.stat()
        if stat.S_ISDIR(status.st_mode):
            raise SizeError(f"{path}: a directory; name the binary inside it")
        if not stat.S_ISREG(status.st_mode):
            raise SizeError(f"{path}: not a regular file; name a binary")
        return named_file.read(path, named_file.PROGRAM), status
    except FileNotFoundError as error:
        raise SizeError(f"{path}: no such file; build it first, or correct the path") from error
    except OSError as error:
        raise SizeError(f"{path}: cannot be read: {error.strerror}") from error


def _refuse_truncated(elf: ELFFile, size: int) -> None:
    ends = [
        ("program headers", elf["e_phoff"] + elf.num_segments() * elf["e_phentsize"]),
        ("section headers", elf["e_shoff"] + elf.num_sections() * elf["e_shentsize"]),
    ]
    if max(end for _, end in ends) <= size:
        ends += [
            (f"segment {index}", segment["p_offset"] + segment["p_filesz"])
            for index, segment in enumerate(elf.iter_segments())
        ]
        ends += [
            (f"section {index}", section["sh_offset"] + section["sh_size"])
            for index, section in enumerate(elf.iter_sections())
            if section["sh_type"] not in (NOT_IN_FILE, "SHT_NULL")
        ]
    for what, end in ends:
        if end > size:
            raise SizeError(
                f"a truncated ELF file: its {what} would end at byte {end:,}, the file at "
                f"{size:,}; copy or build it again"
            )


def _facts(elf: ELFFile, size: int, blocks: int) -> ElfFacts:
    segments = list(elf.iter_segments())
    sections = list(elf.iter_sections())
    loads = [segment for segment in segments if segment["p_type"] == "PT_LOAD"]
    entry_is_code = any(
        load["p_flags"] & EXECUTABLE
        and load["p_vaddr"] <= elf["e_entry"] < load["p_vaddr"] + load["p_memsz"]
        for load in loads
    )
    stacks = [segment for segment in segments if segment["p_type"] == "PT_GNU_STACK"]
    interpreters = [one for one in segments if isinstance(one, InterpSegment)]
    names = [str(section.name) for section in sections]
    return ElfFacts(
        size=size,
        blocks=blocks,
        machine=_machine(elf),
        bits=elf.elfclass,
        kind=_kind(elf),
        starts=elf["e_entry"] != 0 and entry_is_code,
        interpreter=interpreters[0].get_interp_name() if interpreters else None,
        needed=_needed(elf),
        symbol_table=any(section["sh_type"] == "SHT_SYMTAB" for section in sections),
        debug_sections=tuple(name for name in names if name.startswith(DEBUG_PREFIXES)),
        stack=_stack(stacks[0]["p_flags"] if stacks else None),
        writable_code=any(
            load["p_flags"] & EXECUTABLE and load["p_flags"] & WRITABLE for load in loads
        ),
        parts=_parts(elf, size),
    )


def _machine(elf: ELFFile) -> str:
    machine = elf["e_machine"]
    if isinstance(machine, int):
        return f"machine {machine}"
    return MACHINES.get(machine, str(machine).removeprefix("EM_").lower())


def _kind(elf: ELFFile) -> str:
    kinds = {
        "ET_EXEC": "executable",
        "ET_DYN": "position-independent",
        "ET_REL": "object",
        "ET_CORE": "core",
    }
    return kinds.get(elf["e_type"], "other")


def _stack(flags: int | None) -> Stack:
    if flags is None:
        return Stack.UNSPECIFIED
    return Stack.EXECUTABLE if flags & EXECUTABLE else Stack.NOT_EXECUTABLE


def _needed(elf: ELFFile) -> tuple[str, ...]:
    # By segment first: that is what the loader reads, and it is there without section headers.
    for one in (*elf.iter_segments(), *elf.iter_sections()):
        if isinstance(one, DynamicSegment | DynamicSection):
            # pyelftools sets the attribute by name at run time, so the type does not show it.
            return tuple(str(vars(tag)["needed"]) for tag in one.iter_tags("DT_NEEDED"))
    return ()


def _parts(elf: ELFFile, size: int) -> tuple[Part, ...]:
    parts = [
        Part(str(section.name), section["sh_size"])
        for section in elf.iter_sections()
        if section["sh_type"] not in (NOT_IN_FILE, "SHT_NULL") and section["sh_size"]
    ]
    if not parts:
        parts = [
            Part(f"LOAD {_letters(segment['p_flags'])}", segment["p_filesz"])
            for segment in elf.iter_segments()
            if segment["p_type"] == "PT_LOAD" and segment["p_filesz"]
        ]
    rest = size - sum(part.size for part in parts)
    return (*parts, Part("(headers, padding)", rest)) if rest > 0 else tuple(parts)


def _letters(flags: int) -> str:
    return "".join(
        letter if flags & bit else "-"
        for letter, bit in (("r", 4), ("w", WRITABLE), ("x", EXECUTABLE))
    )
