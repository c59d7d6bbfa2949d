"""Writes container images as archives that ``docker load`` reads, the same bytes every time.

An image built here has one layer or none. ``docker import`` would record the machine of the
daemon; an archive says what the image is for.
"""

from __future__ import annotations

import hashlib
import io
import json
import tarfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

PATH: Final = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
EPOCH: Final = "1970-01-01T00:00:00Z"


@dataclass(frozen=True, slots=True)
class LayerEntry:
    """One entry of a layer.

    Attributes:
        name: path without a leading slash.
        type: a tarfile type: directory, regular file or symbolic link.
        mode: permission bits, set-id and sticky bits included.
        uid: owner.
        gid: group.
        mtime: seconds since the epoch.
        content: bytes of a regular file, text of a symbolic link.
    """

    name: str
    type: bytes
    mode: int
    uid: int = 0
    gid: int = 0
    mtime: int = 0
    content: bytes = b""


@dataclass(frozen=True, slots=True)
class Archive:
    """A finished image: its id, the ids of its layers, and the archive's bytes."""

    image_id: str
    layers: tuple[str, ...]
    content: bytes


def _add(writer: tarfile.TarFile, name: str, content: bytes) -> None:
    member = tarfile.TarInfo(name)
    member.mode = 0o644
    member.size = len(content)
    writer.addfile(member, io.BytesIO(content))


def layer(entries: Iterable[LayerEntry]) -> bytes:
    """A layer's tar, entries sorted by name."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=tarfile.USTAR_FORMAT) as writer:
        for entry in sorted(entries, key=lambda one: one.name):
            member = tarfile.TarInfo(entry.name)
            member.type = entry.type
            member.mode = entry.mode
            member.uid, member.gid, member.mtime = entry.uid, entry.gid, entry.mtime
            if entry.type == tarfile.SYMTYPE:
                member.linkname = entry.content.decode()
                writer.addfile(member)
            else:
                member.size = len(entry.content)
                writer.addfile(member, io.BytesIO(entry.content))
    return buffer.getvalue()


def image(
    tag: str,
    platform: Mapping[str, str],
    layers: Iterable[bytes],
    origin: str,
    entrypoint: Sequence[str] = (),
) -> Archive:
    """An image archive.

    Args:
        tag: name and tag that loading gives it.
        platform: ``architecture`` and, where the platform has one, ``variant``.
        layers: uncompressed layer tars, lowest first.
        origin: where the contents come from; goes into the image's history.
        entrypoint: the program that a container of it runs; without, what has layers runs a shell.
    """
    blobs = {hashlib.sha256(blob).hexdigest(): blob for blob in layers}
    layer_ids = tuple(f"sha256:{digest}" for digest in blobs)
    runs: dict[str, object] = {"Cmd": ["/bin/sh"] if blobs else None}
    if entrypoint:
        runs = {"Entrypoint": list(entrypoint)}
    config: dict[str, object] = {
        **platform,
        "os": "linux",
        "created": EPOCH,
        "config": {"Env": [PATH], **runs},
        "rootfs": {"type": "layers", "diff_ids": list(layer_ids)},
        "history": [{"created": EPOCH, "created_by": origin} for _ in blobs],
    }
    raw = json.dumps(config, sort_keys=True, separators=(",", ":")).encode()
    identity = hashlib.sha256(raw).hexdigest()
    names = [f"{digest}/layer.tar" for digest in blobs]
    manifest = [{"Config": f"{identity}.json", "RepoTags": [tag], "Layers": names}]
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=tarfile.USTAR_FORMAT) as writer:
        _add(writer, "manifest.json", json.dumps(manifest, sort_keys=True).encode())
        _add(writer, f"{identity}.json", raw)
        for name, blob in zip(names, blobs.values(), strict=True):
            _add(writer, name, blob)
    return Archive(image_id=f"sha256:{identity}", layers=layer_ids, content=buffer.getvalue())
