"""Build the native injector: one static program per architecture, from any host.

Needs nothing but the pinned Zig toolchain, which PyPI carries. The result depends on the sources
and on that version alone: the same bytes on every machine.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import subprocess
import sys
from pathlib import Path
from typing import Final

ZIG_VERSION: Final = "0.17.1"
ARCHITECTURES: Final = ("x86_64", "aarch64")

HERE: Final = Path(__file__).resolve().parent

OPTIONS: Final = (
    "-O",
    "small",
    "-mcpu", "baseline",
    "-fstrip",
    "-fsingle-threaded",
    "-static",
    "-fno-PIE",
    "-fomit-frame-pointer",
    "-fno-unwind-tables",
    "-fno-stack-check",
    "-fno-stack-protector",
    "-fno-compiler-rt",
    "-fno-ubsan-rt",
    "-ffunction-sections",
    "-fdata-sections",
    "--gc-sections",
    "--build-id=none",
    "-z", "norelro",
)  # fmt: skip
"""Small, static, at a fixed address. ``-O small`` alone drops run-time checks: every function of
the sources turns them on again for itself."""


class BuildError(Exception):
    """The toolchain is missing, is another version, or refuses the sources."""


def zig() -> list[str]:
    """The toolchain's command.

    Raises:
        BuildError: it is not installed, or not in the pinned version.
    """
    command = [sys.executable, "-m", "ziglang"]
    remedy = f"install it with: {sys.executable} -m pip install ziglang=={ZIG_VERSION}"
    found = subprocess.run([*command, "version"], capture_output=True, text=True, check=False)
    if found.returncode != 0:
        raise BuildError(f"the Zig toolchain is missing; {remedy}")
    version = found.stdout.strip()
    if version != ZIG_VERSION:
        raise BuildError(f"the Zig toolchain is {version}, not the pinned {ZIG_VERSION}; {remedy}")
    return command


def compile_program(source: Path, architecture: str, output: Path, cache: Path) -> None:
    """Compile the program whose root file is ``source`` to ``output``.

    Args:
        source: a Zig file that exports ``_start``.
        architecture: one of :data:`ARCHITECTURES`.
        output: the executable to write; its directory is made.
        cache: a directory for intermediate results.

    Raises:
        BuildError: see :func:`zig`; or the compiler refused, and the message holds what it said.
    """
    output.parent.mkdir(parents=True, exist_ok=True)
    environment = dict(
        os.environ,
        ZIG_GLOBAL_CACHE_DIR=str(cache / "global"),
        ZIG_LOCAL_CACHE_DIR=str(cache / "local"),
    )
    command = [
        *zig(), "build-exe", *OPTIONS,
        "-target", f"{architecture}-linux-none",
        f"-femit-bin={output.resolve()}",
        source.name,
    ]  # fmt: skip
    done = subprocess.run(
        command, cwd=source.parent, env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        raise BuildError(f"the compiler refused {source}:\n{done.stderr.strip()}")


def main(arguments: list[str] | None = None) -> int:
    """Build for the wanted architectures and print name, bytes and SHA-256 of each program."""
    parser = argparse.ArgumentParser(description="Build the native injector.")
    parser.add_argument("--arch", choices=(*ARCHITECTURES, "all"), default="all")
    parser.add_argument(
        "-o",
        "--output",
        type=Path,
        default=HERE / "bin",
        metavar="DIR",
        help="default: %(default)s",
    )
    parser.add_argument(
        "--cache",
        type=Path,
        default=HERE / ".zig-cache",
        metavar="DIR",
        help="default: %(default)s",
    )
    options = parser.parse_args(arguments)
    wanted = ARCHITECTURES if options.arch == "all" else (options.arch,)
    try:
        for architecture in wanted:
            program = options.output / f"zarf-injector-{architecture}"
            compile_program(
                HERE / "src" / "main.zig", architecture, program, options.cache.resolve()
            )
            content = program.read_bytes()
            digest = hashlib.sha256(content).hexdigest()
            sys.stdout.write(f"{program.name}  {len(content)} bytes  sha256 {digest}\n")
    except BuildError as error:
        sys.stderr.write(f"build.py: {error}\n")
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
