"""The floor: hash and inflate in memory, write plain files; no archive is read, nothing checked.

What is left is what an injector cannot do without, done once, with this machine's libraries and
one thread. Run as a program: arguments are a plan (see ``prepared.Prepared``), an output directory
and the payload's SHA-256; the working directory is the init directory.
"""

from __future__ import annotations

import contextlib
import hashlib
import importlib
import json
import os
import sys
from collections.abc import Iterator
from typing import Any, Final

LIBRARIES: Final = ("zlib_ng.zlib_ng", "zlib")
"""Decompressors, the fastest first; not all are everywhere."""

GZIP_WINDOW: Final = 31
BLOCK: Final = 128 * 1024


def decompressor() -> Any:
    """A decompressor of the best library that there is."""
    for library in LIBRARIES:
        with contextlib.suppress(ImportError):
            return importlib.import_module(library).decompressobj(GZIP_WINDOW)
    raise ImportError(" and ".join(LIBRARIES))


class Archive:
    """The archive, inflated as it is taken, and hashed as it is read."""

    def __init__(self) -> None:
        """Start at the beginning of the payload in the working directory."""
        self._digest = hashlib.sha256()
        self._blocks = self._inflate()
        self._block = memoryview(b"")

    def take(self, size: int) -> Iterator[memoryview]:
        """The next ``size`` bytes, piece by piece."""
        while size:
            if not self._block:
                self._block = next(self._blocks)
            piece, self._block = self._block[:size], self._block[size:]
            size -= len(piece)
            yield piece

    def finish(self) -> str:
        """The SHA-256 of the whole payload, after what nobody took."""
        for _ in self._blocks:
            pass
        return self._digest.hexdigest()

    def _inflate(self) -> Iterator[memoryview]:
        inflater = decompressor()
        for chunk in self._chunks():
            waiting = chunk
            while waiting or inflater.unconsumed_tail:
                yield memoryview(inflater.decompress(waiting, BLOCK))
                waiting = inflater.unconsumed_tail

    def _chunks(self) -> Iterator[bytes]:
        for name in sorted(os.listdir()):
            if name.startswith("zarf-payload-"):
                with open(name, "rb", buffering=0) as chunk:
                    while block := chunk.read(BLOCK):
                        self._digest.update(block)
                        yield block


def main(plan: str, output: str, expected: str) -> int:
    """Do it; the exit status is returned."""
    with open(plan, "rb") as file:
        folders, files = json.load(file)
    for name in folders:
        os.mkdir(f"{output}/{name}")
    archive, position = Archive(), 0
    for name, offset, size in files:
        for _ in archive.take(offset - position):
            pass
        descriptor = os.open(f"{output}/{name}", os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o755)
        for piece in archive.take(size):
            os.write(descriptor, piece)
        os.close(descriptor)
        position = offset + size
    return int(archive.finish() != expected)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
