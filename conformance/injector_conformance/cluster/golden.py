"""Payloads of no user's: images and files whose program says which bytes it was started from.

Each is another one every time: what a node has pulled once it does not pull again.
"""

from __future__ import annotations

import hashlib
import tarfile
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from injector_conformance.cluster import witness
from injector_conformance.images import archive
from injector_conformance.images.archive import LayerEntry
from injector_fixtures import seeded

NAME: Final = "library/seed:1"
"""What the seed image is pulled by."""

NOISE: Final = 16 * 1024 * 1024
"""Bytes that cannot be compressed: with them the payload is as long as Zarf's own."""


@dataclass(frozen=True, slots=True)
class Told:
    """What a witness says: a path as its container sees it, and the SHA-256 of the file."""

    path: str
    sha256: str


def image(directory: Path, architecture: str, salt: str) -> tuple[Path, Told]:
    """An image archive whose entry point is the witness, and what that will say of itself."""
    program = witness.program(architecture).read_bytes()
    noise = seeded.noise(salt, NOISE)
    layers = [
        archive.layer([LayerEntry("noise", tarfile.REGTYPE, 0o644, content=noise)]),
        archive.layer([LayerEntry(witness.NAME, tarfile.REGTYPE, 0o755, content=program)]),
    ]
    entry = f"/{witness.NAME}"
    platform = {"architecture": architecture}
    made = archive.image(NAME, platform, layers, "a program that says what it is", (entry,))
    path = directory / "seed.tar"
    path.write_bytes(made.content)
    return path, Told(entry, hashlib.sha256(program).hexdigest())


def files(directory: Path, architecture: str, salt: str) -> tuple[list[Path], list[Told]]:
    """The two files of Zarf v0.22, the witness in the place of the registry program."""
    contents = {
        "zarf-registry": witness.program(architecture).read_bytes(),
        "seed-image.tar": seeded.noise(salt, NOISE),
    }
    paths, told = [], []
    for name, content in contents.items():
        path = directory / name
        path.write_bytes(content)
        path.chmod(0o755)
        paths.append(path)
        told.append(Told(f"/zarf-stage2/{name}", hashlib.sha256(content).hexdigest()))
    return paths, told
