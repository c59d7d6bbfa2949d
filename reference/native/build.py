"""Build the native injector: one static program per architecture, from any host.

Needs nothing but the pinned Zig toolchain, which PyPI carries. The result depends on the sources
and on that version alone: the same bytes on every machine.
"""

from __future__ import annotations

import argparse
import hashlib
import itertools
import os
import struct
import subprocess
import sys
from pathlib import Path
from typing import Final

ZIG_VERSION: Final = "0.17.1"
ARCHITECTURES: Final = ("x86_64", "aarch64")

PROGRAMS: Final = {"zarf-injector": "main.zig", "zarf-injector-unified": "unified.zig"}
"""Names, without the architecture's, and root files: profile ``stage1``, profile ``unified``."""

HERE: Final = Path(__file__).resolve().parent

OPTIONS: Final = (
    "-O",
    "small",
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
    "-T", str(HERE / "layout.ld"),
)  # fmt: skip
"""Small, static, at a fixed address. ``-O small`` alone drops run-time checks: every function of
the sources turns them on again for itself."""


ARCHITECTURE_OPTIONS: Final = {
    "x86_64": ("-mcpu", "baseline"),
    # The last reordering of instructions is for the sake of speed, which it does not change here,
    # and costs 80 bytes. All of the program lies within 1 MiB of itself: one instruction forms an
    # address, not two.
    "aarch64": ("-mcpu", "baseline-use_postra_scheduler", "-mcmodel=tiny"),
}


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
        *zig(), "build-exe", *OPTIONS, *ARCHITECTURE_OPTIONS[architecture],
        "-target", f"{architecture}-linux-none",
        f"-femit-bin={output.resolve()}",
        source.name,
    ]  # fmt: skip
    done = subprocess.run(
        command, cwd=source.parent, env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        raise BuildError(f"the compiler refused {source}:\n{done.stderr.strip()}")


def drop_sections(program: bytes) -> bytes:
    """The program without its section table, which no kernel reads.

    What is left ends with the last byte of the last segment.

    Args:
        program: a little-endian ELF executable of 64 bits.
    """
    header = bytearray(program[:64])
    table, size, count = struct.unpack_from("<Q14xHH", header, 32)
    end = 0
    for at in range(table, table + size * count, size):
        offset, length = struct.unpack_from("<8xQ16xQ", program, at)
        end = max(end, offset + length)
    struct.pack_into("<Q", header, 40, 0)
    struct.pack_into("<HHH", header, 58, 0, 0, 0)
    return bytes(header) + program[64:end]


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
        for (name, source), architecture in itertools.product(PROGRAMS.items(), wanted):
            program = options.output / f"{name}-{architecture}"
            compile_program(HERE / "src" / source, architecture, program, options.cache.resolve())
            content = drop_sections(program.read_bytes())
            program.write_bytes(content)
            digest = hashlib.sha256(content).hexdigest()
            sys.stdout.write(f"{program.name}  {len(content)} bytes  sha256 {digest}\n")
    except BuildError as error:
        sys.stderr.write(f"build.py: {error}\n")
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
