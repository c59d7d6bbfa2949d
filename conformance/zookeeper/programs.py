"""The programs of the zoo: what each is, what it needs of the machine, how it is made."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from zookeeper import building

TOP: Final = Path(__file__).resolve().parents[2]
SOURCES: Final = TOP / "fixtures" / "zoo"
SHELL: Final = SOURCES / "shell" / "injector.sh"

Command = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Program:
    """One program.

    Attributes:
        name: short, as the command line and the expectations' file have it.
        title: for people.
        needs: programs that must be on PATH.
        version: asks the machine which version it has; for pinned programs, the pin.
        make: makes it below a directory, and returns the command.
        shows: paths that the command needs beside the files that it names.
        is_historic: whether it stands for a release, whose baseline must fit it.
    """

    name: str
    title: str
    needs: tuple[str, ...]
    version: Callable[[], str]
    make: Callable[[Path], Command]
    shows: Callable[[Path], tuple[Path, ...]] = lambda _: ()
    is_historic: bool = False

    def missing(self) -> str:
        """What the machine lacks for it; empty if nothing."""
        lacking = [one for one in self.needs if shutil.which(one) is None]
        return f"not on PATH: {', '.join(lacking)}" if lacking else ""


def _pinned(version: str) -> Callable[[], str]:
    return lambda: version


def _asked(words: Command, pattern: str) -> Callable[[], str]:
    """A version that a program tells."""

    def ask() -> str:
        told = subprocess.run(words, capture_output=True, text=True, check=False).stdout
        found = re.search(pattern, told)
        return found[1] if found else "unknown"

    return ask


def _shell(name: str) -> Callable[[Path], Command]:
    return lambda _: ("/bin/sh", str(SHELL), name, "env")


def _busybox(_: Path) -> Command:
    program = shutil.which("busybox") or "busybox"
    return (program, "sh", str(SHELL), "busybox", program)


def _go(work: Path) -> Command:
    return (str(building.go(SOURCES / "go", work)),)


def _rust(source: str, *features: str) -> Callable[[Path], Command]:
    # Programs of one source share what cargo has built, and the program is copied out of it.
    return lambda work: (
        str(building.rust(SOURCES / source, work.with_name(source), work, features)),
    )


def _cpython(work: Path) -> Command:
    return (sys.executable, "-I", str(building.cpython(SOURCES / "cpython", work)))


def _node(work: Path) -> Command:
    program = shutil.which("node") or "node"
    return (program, str(building.node(SOURCES / "node", work)))


def _its_own(work: Path) -> tuple[Path, ...]:
    return (work,)


_EVERY: Final = (
    Program(
        "gnu-tar",
        "GNU tar with gzip",
        ("tar", "gzip"),
        _asked(("tar", "--version"), r"GNU tar\) (\S+)"),
        _shell("gnu-tar"),
    ),
    Program(
        "bsdtar",
        "bsdtar (libarchive)",
        ("bsdtar",),
        _asked(("bsdtar", "--version"), r"libarchive (\S+)"),
        _shell("bsdtar"),
    ),
    Program(
        "busybox",
        "BusyBox's tar",
        ("busybox",),
        _asked(("busybox",), r"BusyBox v(\S+)"),
        _busybox,
    ),
    Program(
        "cpython",
        "CPython's tarfile with its data filter (3.12's, as backports.tarfile carries it)",
        (),
        _pinned("1.2.0"),
        _cpython,
        _its_own,
    ),
    Program(
        "go",
        "Go's archive/tar and compress/gzip, extracting by os.Root",
        ("go",),
        _asked(("go", "version"), r"go(\d+\.\d+)"),
        _go,
    ),
    Program(
        "node-tar",
        "npm's own reader of archives, node-tar",
        ("node", "npm"),
        _pinned("7.5.23"),
        _node,
        _its_own,
    ),
    Program(
        "rust-tar",
        "Rust's tar and flate2",
        ("cargo",),
        _pinned("0.4.46"),
        _rust("rust"),
    ),
    Program(
        "zarf-v0.22",
        "a stand-in for Zarf v0.22's injector, on Rust's tar and flate2 of 2022",
        ("cargo",),
        _pinned("0.4.38"),
        _rust("rust-2022"),
        is_historic=True,
    ),
    Program(
        "zarf-v0.18",
        "a stand-in for Zarf v0.18's injector, on Rust's tar of 2022 and flate2 of 2021",
        ("cargo",),
        _pinned("0.4.38"),
        _rust("rust-2021", "modes-of-the-archive"),
        is_historic=True,
    ),
    Program(
        "zarf-v0.16",
        "a stand-in for Zarf v0.16's injector, the same that aborts at every argument",
        ("cargo",),
        _pinned("0.4.38"),
        _rust("rust-2021", "raw-digest"),
        is_historic=True,
    ),
)

EVERY: Final[Mapping[str, Program]] = {one.name: one for one in _EVERY}
"""All programs by name, in the order in which they are judged."""
