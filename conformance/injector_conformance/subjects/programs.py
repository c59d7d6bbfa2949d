"""The programs behind a command: found, and known for what they are.

A script needs its interpreter. A version manager puts scripts on PATH that stand for interpreters
and find the real ones by files of their own, which no sandbox shows: the real one is asked for. An
emulator is a word of the command like any other, and the program behind it is the subject.
"""

from __future__ import annotations

import json
import os
import platform
import re
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import dropwhile
from pathlib import Path
from typing import Any, Final

from elftools.elf.elffile import ELFFile

from injector_conformance.host import named_file
from injector_conformance.subjects.elf import DAMAGE

MACHINES: Final = {"EM_X86_64": "x86_64", "EM_AARCH64": "aarch64"}
"""ELF machine names as the kernel's ``uname -m`` spells them."""

_ELF_MAGIC: Final = b"\x7fELF"
_ASK_SECONDS: Final = 30
_EMULATOR: Final = re.compile(r"qemu-[a-z0-9_]+(-static)?")


class SubjectError(Exception):
    """The command cannot be run here; the message says why and what to do."""


def can_run(machine: str) -> bool:
    """Whether this host runs programs for ``machine``, natively or through binfmt_misc."""
    if machine == platform.machine():
        return True
    handlers = Path("/proc/sys/fs/binfmt_misc")
    try:
        return "enabled" in (handlers / f"qemu-{machine}").read_text()
    except OSError:
        return False


def find(word: str) -> Path:
    """The executable file that a command's first word means.

    Raises:
        SubjectError: there is none, or it cannot be executed.
    """
    if os.sep not in word:
        found = shutil.which(word)
        if found is None:
            raise SubjectError(
                f"no program named {word} on PATH; for a file in this directory write ./{word}"
            )
        return Path(os.path.abspath(found))
    path = Path(os.path.abspath(word))
    if not path.exists():
        raise SubjectError(f"{word}: no such file; build the injector first, or check the path")
    if path.is_dir():
        raise SubjectError(f"{word}: is a directory; name the injector in it")
    try:
        named_file.check(path, named_file.PROGRAM)
    except OSError as error:
        raise SubjectError(f"{word}: {error.strerror}; name the injector's own file") from error
    if not os.access(path, os.X_OK):
        raise SubjectError(f"{word}: is not executable; run chmod +x {word}")
    return path


@dataclass(frozen=True, slots=True)
class Interpreter:
    """What a script's first line names.

    Attributes:
        program: the interpreter's own file.
        arguments: words that stand between it and the script.
        is_looked_up: whether ``env`` looks for it on PATH, which is another one in a sandbox.
    """

    program: Path
    arguments: tuple[str, ...] = ()
    is_looked_up: bool = False


def interpreter_of(program: Path) -> Interpreter | None:
    """The interpreter that a script's first line names; None for anything else.

    Raises:
        SubjectError: there is none, or it is a script in its turn that cannot be seen through.
    """
    words = _first_line(program)
    if words is None:
        return None
    if not words:
        raise SubjectError(f"{program}: its first line names no interpreter")
    behind = list(dropwhile(_is_for_env, words[1:])) if Path(words[0]).name == "env" else []
    words = behind or words
    found = real(find(words[0]))
    if _first_line(found) is not None:
        raise SubjectError(
            f"{program}: its interpreter {found} is a script itself, as version managers put them"
            " on PATH; write the real interpreter's path before it: -- /path/to/it"
            f" {program.name}"
        )
    return Interpreter(found, tuple(behind[1:]), bool(behind))


def _first_line(program: Path) -> list[str] | None:
    with program.open("rb") as file:
        line = file.readline(256)
    return os.fsdecode(line[2:]).split() if line.startswith(b"#!") else None


def _is_for_env(word: str) -> bool:
    """Whether it is an option or a variable of ``env`` and not yet the program."""
    return word.startswith("-") or "=" in word


def real(program: Path) -> Path:
    """A program, or the Python that a script on PATH stands for."""
    if not program.name.startswith("python") or _first_line(program) is None:
        return program
    return Path(str(_ask(program, "sys.executable")))


def emulated(words: Sequence[str]) -> Path | None:
    """The program that a command runs by a qemu of user mode, if it does; one of its words."""
    is_behind = False
    for word in words:
        if is_behind and os.path.isfile(word) and named_elf(Path(word)):
            return Path(os.path.abspath(word))
        is_behind = is_behind or _EMULATOR.fullmatch(Path(word).name) is not None
    return None


def named_elf(program: Path) -> bool:
    """Whether a file begins as an ELF file does."""
    with program.open("rb") as file:
        return file.read(len(_ELF_MAGIC)) == _ELF_MAGIC


def machine_of(program: Path) -> str:
    """The machine of an ELF file, as ``uname -m`` spells it.

    Raises:
        SubjectError: the file is damaged.
    """
    with program.open("rb") as file:
        try:
            name = ELFFile(file)["e_machine"]
        except (*DAMAGE, OSError) as error:
            raise SubjectError(f"{program}: is a damaged ELF file ({error})") from error
    return MACHINES.get(name, str(name))


def elf_facts(program: Path) -> tuple[str, bool]:
    """The machine of an ELF program, and whether it needs no dynamic loader."""
    with program.open("rb") as file:
        if file.read(4) != _ELF_MAGIC:
            raise SubjectError(f"{program}: is neither an ELF executable nor a script with #!")
        file.seek(0)
        try:
            elf = ELFFile(file)
            machine = MACHINES.get(elf["e_machine"], str(elf["e_machine"]))
            is_static = all(segment["p_type"] != "PT_INTERP" for segment in elf.iter_segments())
        except (*DAMAGE, OSError) as error:
            raise SubjectError(f"{program}: is a damaged ELF file ({error})") from error
    if not can_run(machine):
        raise SubjectError(
            f"{program}: is built for {machine}, this host runs {platform.machine()};"
            f" register emulation (qemu-user with binfmt_misc) or judge it on {machine}"
        )
    return machine, is_static


def python_paths(python: Path) -> list[Path]:
    """Where a Python interpreter finds itself and its modules."""
    places = "[sys.prefix, sys.base_prefix, sys.exec_prefix, *sys.path]"
    found = [Path(path) for path in _ask(python, places) if path]
    return [python.resolve(), *(path for path in found if path.exists() and path != Path("/"))]


def module_files(python: Path, name: str) -> list[Path]:
    """The files of a module or package, as ``python -m`` runs it; none if there is no such."""
    look = "importlib.util.find_spec(sys.argv[1])"
    origin = _ask(python, f"({look} or type('', (), dict(origin=None))).origin", name)
    if not origin or not os.path.isfile(origin):
        return []
    path = Path(str(origin))
    return sorted(path.parent.rglob("*.py")) if path.name == "__init__.py" else [path]


def _ask(python: Path, expression: str, *words: str) -> Any:
    """What a Python interpreter says to an expression.

    Raises:
        SubjectError: it says nothing that can be understood.
    """
    question = f"import importlib.util, json, sys; print(json.dumps({expression}))"
    try:
        answer = subprocess.run(
            [python, "-c", question, *words], capture_output=True, check=True, timeout=_ASK_SECONDS
        )
        return json.loads(answer.stdout)
    except (OSError, ValueError, subprocess.SubprocessError) as error:
        raise SubjectError(
            f"{python}: does not answer as a Python interpreter ({error})"
        ) from error
