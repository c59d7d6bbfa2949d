"""What all stories have in common: steps that are told, and the injectors that are in them."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

NATIVE: Final = Path(__file__).resolve().parents[2] / "reference" / "native"


@contextmanager
def step(title: str) -> Iterator[None]:
    """Say what is done, and how long it took."""
    started = time.perf_counter()
    yield
    print(f"{time.perf_counter() - started:6.1f} s  {title}", flush=True)


def build(work: Path) -> None:
    """Build the native injectors of both profiles, for both machines.

    Raises:
        subprocess.CalledProcessError: the compiler refuses.
    """
    with step("the native injector, built for both machines"):
        words = [sys.executable, str(NATIVE / "build.py"), "-o", str(work)]
        subprocess.run(words, check=True, capture_output=True, text=True)
