"""Images on disk, in every form in which they are packed."""

from __future__ import annotations

import io
import json
import tarfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from injector_conformance.images import archive
from injector_conformance.images.archive import Archive, LayerEntry
from injector_fixtures.oci.image import Blob
from injector_fixtures.oci.layout import Layout

AMD64 = {"architecture": "amd64"}


def layer(text: str) -> bytes:
    """A layer with one file, which says ``text``."""
    return archive.layer([LayerEntry("said", tarfile.REGTYPE, 0o644, content=text.encode())])


def docker_image(
    tag: str = "registry:3", *texts: str, platform: Mapping[str, str] = AMD64
) -> Archive:
    """An image with a layer for each text, as ``docker save`` writes it."""
    return archive.image(tag, platform, [layer(text) for text in texts or ("one", "two")], "test")


def files_of(content: bytes) -> dict[str, bytes]:
    """The files of an archive by name."""
    with tarfile.open(fileobj=io.BytesIO(content)) as opened:
        return {one.name: data.read() for one in opened if (data := opened.extractfile(one))}


def archived(files: Mapping[str, bytes]) -> bytes:
    """An archive of these files."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as opened:
        for name, data in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(data)
            opened.addfile(member, io.BytesIO(data))
    return buffer.getvalue()


def layout_files(layout: Layout) -> dict[str, bytes]:
    """The files of a layout by name."""
    found = {}
    for name, content, _ in layout.files:
        assert isinstance(content, Blob)
        found[name.decode()] = content.data
    return found


def write(files: Mapping[str, bytes], directory: Path) -> Path:
    """A directory of these files."""
    for name, data in files.items():
        path = directory / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return directory


def without_names(
    files: Mapping[str, bytes], notes: Mapping[str, str] | None = None
) -> dict[str, bytes]:
    """A layout's files, with other annotations on its descriptors."""
    index: Any = json.loads(files["index.json"])
    for one in index["manifests"]:
        one.pop("annotations", None)
        if notes:
            one["annotations"] = dict(notes)
    return {**files, "index.json": json.dumps(index).encode()}
