"""The subject: the command that claims to be an injector, and what it needs to run."""

from __future__ import annotations

import hashlib
import json
import os
import platform
import shutil
import subprocess
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from elftools.elf.elffile import ELFFile

from injector_conformance import named_file
from injector_conformance.elf import DAMAGE
from injector_conformance.profiles import DEFAULT, Profile

MACHINES: Final = {"EM_X86_64": "x86_64", "EM_AARCH64": "aarch64"}
"""ELF machine names as the kernel's ``uname -m`` spells them."""

SYSTEM_PATHS: Final = tuple(
    Path("/", name) for name in ("usr", "bin", "sbin", "lib", "lib32", "lib64", "etc/ld.so.cache")
)
"""What a dynamically linked program needs of its host."""

_ELF_MAGIC: Final = b"\x7fELF"
_ASK_PYTHON: Final = (
    "import json, sys;print(json.dumps([sys.prefix, sys.base_prefix, sys.exec_prefix, *sys.path]))"
)
_ASK_SECONDS: Final = 30


class SubjectError(Exception):
    """The command cannot be run here; the message says why and what to do."""


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
        profile: the contract under which it is called.
    """

    command: tuple[str, ...]
    argv: tuple[str, ...]
    binary: Path | None
    machine: str
    exposed: tuple[Path, ...]
    is_interpreted: bool
    profile: Profile = DEFAULT

    @property
    def is_emulated(self) -> bool:
        """Whether it is built for another machine, which this host emulates."""
        return self.machine != platform.machine()

    @property
    def file(self) -> Path:
        """The file whose size and digest identify the subject in reports."""
        return self.binary or Path(self.argv[0])

    def identity(self) -> tuple[int, str]:
        """Size in bytes and SHA-256 of :attr:`file`."""
        content = self.file.read_bytes()
        return len(content), hashlib.sha256(content).hexdigest()


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
    program = _find(command[0])
    interpreter = _interpreter(program)
    machine, is_static = _elf_facts(interpreter or program)
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
    if not is_static:
        exposed += _system_paths(interpreter or program)
    elif interpreter is not None:
        exposed.append(interpreter)
    return Subject(
        command=tuple(command),
        argv=tuple(words),
        binary=binary,
        machine=machine,
        exposed=_without_nested(exposed),
        is_interpreted=binary is None or not is_static,
        profile=profile,
    )


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
        paths += _python_paths(program)
    return paths


def can_run(machine: str) -> bool:
    """Whether this host runs programs for ``machine``, natively or through binfmt_misc."""
    if machine == platform.machine():
        return True
    handlers = Path("/proc/sys/fs/binfmt_misc")
    try:
        return "enabled" in (handlers / f"qemu-{machine}").read_text()
    except OSError:
        return False


def _find(word: str) -> Path:
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


def _interpreter(program: Path) -> Path | None:
    """The interpreter that a script's first line names; None for anything else."""
    with program.open("rb") as file:
        line = file.readline(256)
    if not line.startswith(b"#!"):
        return None
    words = os.fsdecode(line[2:]).split()
    if not words:
        raise SubjectError(f"{program}: its first line names no interpreter")
    word = words[0]
    if Path(word).name == "env" and len(words) > 1:
        word = words[-1]
    return _find(word)


def _elf_facts(program: Path) -> tuple[str, bool]:
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


def _python_paths(python: Path) -> list[Path]:
    """Where a Python interpreter finds itself and its modules."""
    try:
        answer = subprocess.run(
            [python, "-c", _ASK_PYTHON], capture_output=True, check=True, timeout=_ASK_SECONDS
        )
        found = [Path(path) for path in json.loads(answer.stdout) if path]
    except (OSError, ValueError, subprocess.SubprocessError) as error:
        raise SubjectError(
            f"{python}: does not answer as a Python interpreter ({error})"
        ) from error
    real = python.resolve()
    return [real, *(path for path in found if path.exists() and path != Path("/"))]


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
