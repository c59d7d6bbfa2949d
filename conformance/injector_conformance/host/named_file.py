"""Reading a file that somebody named: a regular one, and not more than it can sensibly hold.

A FIFO would be waited for without end, a device never ends, and a sparse file of gigabytes takes
no room on disk and all of memory.
"""

from __future__ import annotations

import errno
import json
import os
import stat
from pathlib import Path
from typing import Any, Final

DOCUMENT: Final = 256 << 20
"""Bytes of the largest report or baseline."""

PROGRAM: Final = 256 << 20
"""Bytes of the largest subject: a thousand times what a ConfigMap holds would be a mistake."""


class NoJsonError(Exception):
    """A named file holds no JSON, or cannot be read; the message says which file and why."""


def read_json(path: Path, writer: str) -> Any:
    """The content of a JSON file, which ``writer`` should have written: ``check --json``.

    Raises:
        NoJsonError: there is no such file, it is none to be read, or it is no JSON.
    """
    try:
        return json.loads(read(path))
    except OSError as error:
        raise NoJsonError(f"{path}: cannot be read: {error.strerror}") from error
    except (ValueError, RecursionError) as error:
        raise NoJsonError(f"{path}: not JSON: {error}; name an output of {writer}") from error


def read(path: Path, most: int = DOCUMENT) -> bytes:
    """The content of a regular file; links to one are followed.

    Raises:
        OSError: it cannot be read, is no regular file, or has more than ``most`` bytes; its
            ``strerror`` says which.
    """
    check(path, most)
    return path.read_bytes()


def check(path: Path, most: int = DOCUMENT) -> None:
    """Look at a file without opening it.

    Raises:
        OSError: as :func:`read`.
    """
    found = path.stat()
    if stat.S_ISDIR(found.st_mode):
        raise OSError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
    if not stat.S_ISREG(found.st_mode):
        raise OSError(errno.EINVAL, "not a regular file", str(path))
    if found.st_size > most:
        raise OSError(errno.EFBIG, f"has {found.st_size:,} bytes, more than {most:,}", str(path))
