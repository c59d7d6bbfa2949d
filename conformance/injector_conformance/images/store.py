"""The daemon's store of images: loading what is built here, finding and pulling the rest."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final

import docker
from docker.errors import APIError, DockerException, ImageNotFound, NotFound

from injector_conformance.images.build import build
from injector_conformance.images.errors import ImageError
from injector_conformance.images.pins import ALPINE, EMPTY, Pin, pin

SECONDS: Final = 120


@contextmanager
def connect() -> Iterator[docker.DockerClient]:
    """A client of the container daemon.

    Raises:
        ImageError: no daemon answers.
    """
    try:
        client = docker.from_env(timeout=SECONDS)
        client.ping()
    except DockerException as error:
        raise ImageError(
            "no container daemon answers; start Docker, or set DOCKER_HOST to one that runs"
        ) from error
    try:
        yield client
    finally:
        client.close()


def load(client: docker.DockerClient, wanted: Pin) -> str:
    """Have a pinned image in the daemon, building it if it is not there.

    Returns:
        ``"cached"`` or ``"built"``.

    Raises:
        ImageError: it cannot be built, or the daemon stored something else.
    """
    if is_there(client, wanted):
        return "cached"
    client.images.load(build(wanted).content)
    if not is_there(client, wanted):
        found = client.images.get(wanted.tag).id
        raise ImageError(f"{wanted.tag}: the daemon stored {found}, but {wanted.id} is pinned")
    return "built"


def is_there(client: docker.DockerClient, wanted: Pin) -> bool:
    """Whether the daemon has a pinned image, and nothing else, under its name."""
    try:
        found = client.images.get(wanted.tag)
    except ImageNotFound:
        return False
    return found.id == wanted.id or is_same(found.attrs, wanted)


def is_same(attributes: Mapping[str, Any], wanted: Pin) -> bool:
    """Whether what the daemon says of an image fits a pin, however the daemon names images.

    Daemons with an image store of containerd's name an image by its manifest, which they make
    themselves. Its layers and its platform are the same.
    """
    layers = attributes.get("RootFS", {}).get("Layers") or ()
    platform = f"{attributes.get('Os')}/{attributes.get('Architecture')}"
    return tuple(layers) == wanted.layers and platform == wanted.platform


def obtain(client: docker.DockerClient, name: str, platform: str) -> str:
    """Have an image in the daemon, and return the name to run it by.

    Args:
        client: of the daemon.
        name: as the user gave it; ``alpine`` and ``empty`` stand for the pinned images, any other
            name for what the daemon has or a registry gives.
        platform: ``linux/amd64`` or ``linux/arm64``.

    Raises:
        ImageError: it is not to be had for the platform.
    """
    pinned = pin(name, platform) if name in (ALPINE, EMPTY) else None
    if pinned is not None:
        if is_there(client, pinned):
            return pinned.tag
        if pinned.kind == EMPTY:
            load(client, pinned)
            return pinned.tag
        name = pinned.reference
    if _architecture(client, name) == platform.rpartition("/")[2]:
        return name
    try:
        return str(client.images.pull(name, platform=platform).id)
    except (APIError, ImageNotFound, NotFound) as error:
        reason = (error.explanation or str(error)).strip().splitlines()[0]
        advice = "; make images builds the pinned Alpine images without a registry"
        raise ImageError(
            f"image {name} for {platform} is not to be had: {reason}{advice}"
        ) from error


def _architecture(client: docker.DockerClient, name: str) -> str | None:
    try:
        return str(client.images.get(name).attrs["Architecture"])
    except ImageNotFound:
        return None
