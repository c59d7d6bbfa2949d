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

AGAIN: Final = "library/again:1"
"""What a second image is pulled by, once the injector was started again."""

NOTHING: Final = "library/nothing:1"
"""An image without a single file: the injector then runs in it."""

_MORE_NOISE: Final = 1024 * 1024

NOISE: Final = 16 * 1024 * 1024
"""Bytes that cannot be compressed: with them the payload is as long as Zarf's own."""


@dataclass(frozen=True, slots=True)
class Told:
    """What a witness says: a path as its container sees it, and the SHA-256 of the file."""

    path: str
    sha256: str


def images(directory: Path, architecture: str, salt: str) -> tuple[tuple[str, ...], Told]:
    """Three images, as ``NAME=ARCHIVE``; the first one's program says what is returned beside."""
    program = witness.program(architecture).read_bytes()
    entry = f"/{witness.NAME}"
    own = LayerEntry(witness.NAME, tarfile.REGTYPE, 0o755, content=program)

    def noise(name: str, size: int) -> LayerEntry:
        return LayerEntry("noise", tarfile.REGTYPE, 0o644, content=seeded.noise(name, size))

    layers: dict[str, list[list[LayerEntry]]] = {
        NAME: [[noise(salt, NOISE)], [own]],
        AGAIN: [[noise(f"{salt} again", _MORE_NOISE)], [own]],
        NOTHING: [[]],
    }
    wanted = []
    for number, (name, content) in enumerate(layers.items()):
        made = archive.image(
            name,
            {"architecture": architecture},
            [archive.layer(entries) for entries in content],
            "a program that says what it is" if any(content) else "nothing at all",
            (entry,) if any(content) else (),
        )
        path = directory / f"seed-{number}.tar"
        path.write_bytes(made.content)
        wanted.append(f"{name}={path}")
    return tuple(wanted), Told(entry, hashlib.sha256(program).hexdigest())


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
