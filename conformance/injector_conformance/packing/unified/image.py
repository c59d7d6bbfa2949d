"""An image that is to be packed: its blobs, wherever they lie."""

from __future__ import annotations

import hashlib
import io
import json
import tarfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import IO, Any, Final

from injector_conformance.packing.errors import PackError
from injector_conformance.packing.unified.reference import Reference

MOST_JSON: Final = 4 * 1024 * 1024
"""Bytes of a manifest or a configuration at most: more than containerd would read."""

_PIECE: Final = 1 << 20


@dataclass(frozen=True, slots=True)
class Blob:
    """A file by its digest.

    Attributes:
        digits: of its SHA-256.
        size: bytes.
        is_layer: whether it is a layer; else it is JSON.
        label: what messages call it.
        open: gives it from its beginning.
    """

    digits: str
    size: int
    is_layer: bool
    label: str
    open: Callable[[], IO[bytes]]

    def pieces(self) -> Iterator[bytes]:
        """Its content.

        Raises:
            PackError: it cannot be read, or is not what its digest says.
        """
        digest, size = hashlib.sha256(), 0
        try:
            with self.open() as file:
                while piece := file.read(_PIECE):
                    digest.update(piece)
                    size += len(piece)
                    if size > self.size:
                        break
                    yield piece
        except (OSError, EOFError, tarfile.TarError, zlib.error) as error:
            raise PackError(f"{self.label}: cannot be read: {error}; is it whole?") from error
        if size != self.size or digest.hexdigest() != self.digits:
            raise PackError(
                f"{self.label}: is not the content of sha256:{self.digits}; it is damaged"
            )


def held(data: bytes, label: str) -> Blob:
    """JSON that is in memory already."""
    digits = hashlib.sha256(data).hexdigest()
    return Blob(digits, len(data), False, label, lambda: io.BytesIO(data))


@dataclass(frozen=True, slots=True)
class Image:
    """An image for one platform.

    Attributes:
        label: what messages call it.
        names: what it can be pulled by.
        manifest: its manifest.
        media_type: the manifest's.
        config_type: the configuration's media type.
        platform: ``linux/amd64``, with the variant where there is one.
        blobs: configuration and layers.
    """

    label: str
    names: tuple[Reference, ...]
    manifest: Blob
    media_type: str
    config_type: str
    platform: str
    blobs: tuple[Blob, ...]

    @property
    def digest(self) -> str:
        """The manifest's digest."""
        return f"sha256:{self.manifest.digits}"

    def named(self, *names: Reference) -> Image:
        """The same image by other names."""
        return replace(self, names=names)


def parsed(data: bytes, label: str) -> Mapping[str, Any]:
    """A JSON object.

    Raises:
        PackError: it is none.
    """
    try:
        value = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise PackError(f"{label}: is no JSON: {error}") from error
    if not isinstance(value, dict):
        raise PackError(f"{label}: is no JSON object")
    return value


def platform_of(config: Mapping[str, Any], label: str) -> str:
    """The platform that a configuration names.

    Raises:
        PackError: it names none: what is packed could not be run.
    """
    parts = [config.get("os"), config.get("architecture")]
    if not all(isinstance(part, str) and part for part in parts):
        raise PackError(f"{label}: is no image to run: its configuration names no platform")
    return "/".join(map(str, [*parts, *filter(None, [config.get("variant")])]))


def is_for(platform: str, wanted: str) -> bool:
    """Whether a platform is what somebody asked for, who may leave the variant open."""
    return f"{platform}/".startswith(f"{wanted}/")
