"""What clients are told of a layout that is served, and how they are run."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from injector_fixtures.oci.image import Image
from injector_fixtures.oci.layout import Layout

SECONDS = 120
"""How long a client may take; on a busy machine starting one takes seconds."""


@dataclass(frozen=True)
class Registry:
    """A layout, and the port of 127.0.0.1 at which it is served."""

    layout: Layout
    port: int

    @property
    def host(self) -> str:
        """Address and port."""
        return f"127.0.0.1:{self.port}"

    def references(self) -> dict[str, Image]:
        """Every image by tag and by digest, as clients write it."""
        found = {}
        for name, image in self.layout.images.items():
            path = name.rpartition(":")[0]
            found[f"{self.host}/{name}"] = image
            found[f"{self.host}/{path}@{image.digest}"] = image
        return found


def run(
    *command: str, home: Path, environment: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run a client with a home of its own; whether it succeeds is the caller's business."""
    program = shutil.which(command[0])
    assert program, f"{command[0]} is not on PATH"
    return subprocess.run(
        [program, *command[1:]],
        cwd=home,
        env={**os.environ, "HOME": str(home), **(environment or {})},
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )


def output(*command: str, home: Path) -> str:
    """What a client prints; it has to succeed."""
    done = run(*command, home=home)
    assert done.returncode == 0, f"{' '.join(command)}: {done.stdout}{done.stderr}"
    return done.stdout
