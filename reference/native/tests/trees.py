"""Payloads to extract, and what was extracted."""

from __future__ import annotations

import io
import os
import random
import stat
import tarfile
from pathlib import Path

FORMATS = (tarfile.USTAR_FORMAT, tarfile.GNU_FORMAT, tarfile.PAX_FORMAT)

Tree = dict[bytes, tuple[str, int, bytes]]


def archive(rng: random.Random) -> bytes:
    """A tar archive of a few small members of all kinds, in any of the common formats."""
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w", format=rng.choice(FORMATS)) as tar:
        for number in range(rng.randint(1, 4)):
            name = f"d{rng.randrange(2)}/" * rng.randrange(3) + f"m{number}"
            member = tarfile.TarInfo(name)
            member.mode = rng.choice((0o644, 0o755, 0o4000))
            member.type = rng.choice((tarfile.REGTYPE,) * 3 + (tarfile.DIRTYPE, tarfile.SYMTYPE))
            member.linkname = "m0" if member.type == tarfile.SYMTYPE else ""
            if tar.format != tarfile.USTAR_FORMAT and rng.random() < 0.2:
                member.name += "/" + "long" * 40
            data = rng.randbytes(rng.choice((0, 3, 512, 600)))
            member.size = len(data) if member.isreg() else 0
            tar.addfile(member, io.BytesIO(data))
    return stream.getvalue()


def extracted(root: Path) -> Tree:
    """Kind, permission bits, and content or link text of everything below ``root``."""
    found: Tree = {}
    start = os.fsencode(root)
    for directory, folders, files in os.walk(start):
        for name in folders + files:
            path = os.path.join(directory, name)
            status = os.lstat(path)
            relative = os.path.relpath(path, start)
            if stat.S_ISLNK(status.st_mode):
                found[relative] = ("link", 0, os.readlink(path))
            elif stat.S_ISDIR(status.st_mode):
                found[relative] = ("directory", stat.S_IMODE(status.st_mode), b"")
            else:
                content = Path(os.fsdecode(path)).read_bytes()
                found[relative] = ("file", stat.S_IMODE(status.st_mode), content)
    return found
