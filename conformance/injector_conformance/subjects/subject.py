"""The subject: the command that claims to be an injector, and what it needs to run."""

from __future__ import annotations

import hashlib
import os
import platform
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from injector_conformance.profiles import DEFAULT, Profile
from injector_conformance.subjects import programs
from injector_conformance.subjects.programs import MACHINES, SubjectError, can_run

__all__ = ["MACHINES", "SYSTEM_PATHS", "Subject", "SubjectError", "can_run", "resolve"]

SYSTEM_PATHS: Final = tuple(
    Path("/", name) for name in ("usr", "bin", "sbin", "lib", "lib32", "lib64", "etc/ld.so.cache")
)
"""What a dynamically linked program needs of its host."""


_INTERPRETER: Final = re.compile(
    r"(python|pypy|node|nodejs|deno|bun|perl|ruby|lua|php|java|env|nice|time|timeout"
    r"|sh|bash|dash|ash|ksh|zsh|busybox)[0-9.]*"
)
"""Programs that are told by a file among their words what to run, by their names."""


@dataclass(frozen=True, slots=True)
class Subject:
    """A command that can be run in a sandbox.

    Attributes:
        command: the words as the user gave them.
        argv: the words as the sandbox runs them, paths absolute.
        binary: the one file that is the subject, if it is a single ELF file; it appears in the
            sandbox where the profile has its program, as it does in a pod.
        machine: of ``binary`` or of the program, as ``uname -m`` spells it; empty for a script.
        exposed: paths of the host that appear in the sandbox, read-only.
        is_interpreted: whether it needs more than its own file.
        own: the files that are the subject's own, and no interpreter's or emulator's.
        target: the machine that an emulator among the words plays; empty without one.
        profile: the contract under which it is called.
    """

    command: tuple[str, ...]
    argv: tuple[str, ...]
    binary: Path | None
    machine: str
    exposed: tuple[Path, ...]
    is_interpreted: bool
    own: tuple[Path, ...] = ()
    target: str = ""
    profile: Profile = DEFAULT

    @property
    def is_emulated(self) -> bool:
        """Whether it is emulated: by this host, or by a word of the command itself."""
        return bool(self.target) or self.machine != platform.machine()

    def identity(self) -> tuple[int, str]:
        """Size in bytes and SHA-256 of its own files; of several, one after the other."""
        contents = [path.read_bytes() for path in self.own]
        whole = b"".join(contents)
        return len(whole), hashlib.sha256(whole).hexdigest()


def resolve(
    command: Sequence[str], expose: Iterable[Path] = (), profile: Profile = DEFAULT
) -> Subject:
    """Find out what ``command`` is and what it needs.

    Args:
        command: the words before the arguments of the contract.
        expose: further paths of the host to show to the subject, read-only.
        profile: the contract under which it is called.

    Raises:
        SubjectError: there is no such program, it is not executable, or it is built for another
            machine.
    """
    if not command:
        raise SubjectError("no command given: write -- followed by the injector to judge")
    if not command[0].strip():
        raise SubjectError(
            "the command's first word is empty: is the variable that should name the injector set?"
        )
    program = programs.real(programs.find(command[0]))
    interpreter = programs.interpreter_of(program)
    machine, is_static = programs.elf_facts(interpreter.program if interpreter else program)
    exposed = [Path(os.path.abspath(path)) for path in expose]
    for path in exposed:
        if not path.exists():
            raise SubjectError(f"cannot expose {path}: there is no such file or directory")
    if interpreter is None and len(command) == 1:
        words, binary = [profile.program], program
    else:
        words, files = _absolute(program, command[1:])
        exposed += files
        binary = None
    if interpreter is not None and interpreter.is_looked_up:
        words = [str(interpreter.program), *interpreter.arguments, *words]
    if not is_static:
        exposed += _system_paths(interpreter.program if interpreter else program)
    elif interpreter is not None:
        exposed.append(interpreter.program)
    target = programs.emulated(command)
    return Subject(
        command=tuple(command),
        argv=tuple(words),
        binary=binary,
        machine=machine,
        exposed=_without_nested(exposed),
        is_interpreted=binary is None or not is_static,
        own=tuple(_own_files(program, command[1:], is_script=interpreter is not None)),
        target=programs.machine_of(target) if target else "",
        profile=profile,
    )


def _own_files(program: Path, words: Sequence[str], *, is_script: bool) -> list[Path]:
    """The files that are the subject: what an interpreter or an emulator is told to run."""
    if is_script:
        return [program]
    target = programs.emulated([str(program), *words])
    if target is not None:
        return [target]
    if program.name.startswith("python") and "-m" in words[:-1]:
        return programs.module_files(program, words[words.index("-m") + 1]) or [program]
    if _INTERPRETER.fullmatch(program.name):
        files = [Path(os.path.abspath(one)) for one in words if os.path.isfile(one)]
        told = [one for one in files if not _INTERPRETER.fullmatch(one.name)]
        return told[:1] or [program]
    return [program]


def _absolute(program: Path, words: Sequence[str]) -> tuple[list[str], list[Path]]:
    """A command with absolute paths for the files that it names, and these files."""
    files = [program, program.resolve()]
    result = [str(program)]
    for word in words:
        if os.path.isfile(word):
            files.append(Path(os.path.abspath(word)))
            result.append(os.path.abspath(word))
        else:
            result.append(word)
    return result, files


def _system_paths(program: Path) -> list[Path]:
    """What a dynamically linked program needs of its host."""
    paths = [program, program.resolve(), *(path for path in SYSTEM_PATHS if path.exists())]
    if program.name.startswith("python"):
        paths += programs.python_paths(program)
    return paths


def _without_nested(paths: Iterable[Path]) -> tuple[Path, ...]:
    """The paths, each once, without those that lie below another one of them.

    Links on the way to a path are resolved, as /bin often is one; a path that is itself a link
    stays one.
    """
    kept: list[Path] = []
    real = {path.parent.resolve() / path.name for path in paths}
    for path in sorted(real, key=lambda one: (len(one.parts), one)):
        if not any(path.is_relative_to(other) for other in kept if not other.is_symlink()):
            kept.append(path)
    return tuple(kept)
