"""Builds the launcher for every machine, in place, with Zig.

The programs are part of the distribution, so that users need no compiler. The result depends on
the source and on the compiler's version alone; a test builds them again and compares.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final

from injector_conformance.sandbox.launcher import MACHINES, SOURCE, program

ZIG_VERSION: Final = "0.17.1"
OPTIONS: Final = (
    *("-O", "small", "-mcpu", "baseline", "-fstrip", "-fsingle-threaded", "-static"),
    *("-fno-PIE", "-fomit-frame-pointer", "-fno-unwind-tables", "-fno-stack-check"),
    *("-fno-stack-protector", "-fno-ubsan-rt", "--gc-sections", "--build-id=none"),
    *("-z", "norelro"),
)


def build(machine: str, output: Path, source: Path = SOURCE) -> None:
    """Compile the launcher, or another program without a library, into the file ``output``.

    Raises:
        RuntimeError: the compiler is missing, another version, or refused the source.
    """
    zig = (sys.executable, "-m", "ziglang")
    version = subprocess.run([*zig, "version"], capture_output=True, text=True, check=False)
    if version.stdout.strip() != ZIG_VERSION:
        raise RuntimeError(f"needs ziglang {ZIG_VERSION}: pip install ziglang=={ZIG_VERSION}")
    with tempfile.TemporaryDirectory(prefix="launcher-") as cache:
        done = subprocess.run(
            [
                *(*zig, "build-exe", *OPTIONS, "-target", f"{machine}-linux-none"),
                *(f"-femit-bin={output.resolve()}", source.name),
            ],
            cwd=source.parent,
            env={**os.environ, "ZIG_GLOBAL_CACHE_DIR": cache, "ZIG_LOCAL_CACHE_DIR": cache},
            capture_output=True,
            text=True,
            check=False,
        )
    if done.returncode:
        raise RuntimeError(f"the compiler refused {source.name}:\n{done.stderr.strip()}")


def main() -> int:
    """Build all of them, in place."""
    argparse.ArgumentParser(description=__doc__).parse_args()
    for machine in MACHINES:
        try:
            build(machine, program(machine))
        except RuntimeError as error:
            sys.stderr.write(f"build: {error}\n")
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
