"""EXT: extraction, over whatever an earlier start has left.

It is that of ``stage1``, which gives every file and directory the bits 0755: the archive's own,
which may be any, are not read, and set-id bits never arise (EXT-1).
"""

import os
from collections.abc import Callable

from zarf_injector import checksum, confinement, payload
from zarf_injector.injection import inject

LAYOUT = (b"blobs", b"index.json", b"oci-layout")
"""What an image layout consists of."""


def seed(init_root: str, seed_root: str, sha256: str, progress: Callable[[str], None]) -> None:
    """Join, verify and extract, so that the layout is the payload's and nothing else (EXT-3).

    What is in the directory beside a layout belongs to somebody else, and stays. If there is an
    earlier layout, the payload is verified once more than otherwise: before anything is removed
    (SUM-2).

    Raises:
        InjectorError: as :func:`zarf_injector.injection.inject`.
    """
    root = os.fsencode(seed_root)
    earlier = earlier_layout(root)
    if earlier:
        chunks = payload.find(os.fsencode(init_root))
        actual = checksum.digest(payload.first_reading(chunks, lambda _: None))
        checksum.verify(sha256, actual)
        remove_layout(root, earlier)
    inject(init_root, seed_root, sha256, progress)


def earlier_layout(root: bytes) -> list[bytes]:
    """What is there of a layout; nothing, if one cannot look: extraction will say why."""
    try:
        return [name for name in os.listdir(root) if name in LAYOUT]
    except OSError:
        return []


def remove_layout(root: bytes, names: list[bytes]) -> None:
    """Remove what can be removed; the rest gives way, or not, when it is written over (TAR-6)."""
    with confinement.OutputDirectory(root) as output:
        for name in names:
            try:
                remove(output.descriptor, name)
            except (OSError, RecursionError):
                continue


def remove(parent: int, name: bytes) -> None:
    """Remove an entry and all below it, through no link (BOX-5)."""
    try:
        os.unlink(name, dir_fd=parent)
    except IsADirectoryError:
        directory = os.open(name, confinement.ENTER, dir_fd=parent)
        try:
            for entry in os.listdir(directory):
                remove(directory, os.fsencode(entry))
        finally:
            os.close(directory)
        os.rmdir(name, dir_fd=parent)
