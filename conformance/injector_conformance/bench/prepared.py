"""A payload laid out on disk, and whether it was extracted."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path

from injector_conformance.bench.recipes import Recipe
from injector_conformance.profiles.profile import PROGRAM


@dataclass(frozen=True, slots=True)
class Prepared:
    """A payload on disk.

    Attributes:
        recipe: what it was made from.
        init: the init directory.
        plan: a JSON file that tells the floor what to write: a list of directories, and a list of
            ``[name, offset, size]`` for the files, offsets into the archive.
        sha256: the checksum argument.
        content: bytes of content, all files together.
        compressed: bytes of all chunks.
        chunks: how many chunks.
        files: how many regular files.
    """

    recipe: Recipe
    init: Path
    plan: Path
    sha256: str
    content: int
    compressed: int
    chunks: int
    files: int


def prepare(recipe: Recipe, directory: Path) -> Prepared:
    """Make the payload in ``directory``, which does not exist yet.

    Raises:
        OSError: it cannot be written.
    """
    init, plan = directory / "init", directory / "plan.json"
    init.mkdir(parents=True)
    payload = recipe.make()
    written = payload.write_chunks(init, recipe.chunk_size(payload))
    chunks = len(os.listdir(init))
    (init / PROGRAM).touch(0o755)  # where the sandbox shows the injector
    folders, files, offset = [], [], 0
    for member in payload.members():
        name, offset = member.name.decode(), offset + len(member.header)
        if member.is_directory:
            folders.append(name)
        else:
            files.append((name, offset, member.size))
            offset += -(-member.size // 512) * 512
    plan.write_text(json.dumps([folders, files]))
    content = sum(size for _, _, size in files)
    return Prepared(recipe, init, plan, written.sha256, content, written.size, chunks, len(files))


def count_files(directory: Path) -> int:
    """How many regular files there are below ``directory``."""
    count, waiting = 0, [str(directory)]
    while waiting:
        with os.scandir(waiting.pop()) as entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    waiting.append(entry.path)
                else:
                    count += entry.is_file(follow_symlinks=False)
    return count
