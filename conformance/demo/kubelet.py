"""ConfigMaps from YAML files, and how the kubelet mounts them."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Any

import yaml

from injector_fixtures.layout import InitDirectory, subpath, volume

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""The safe loader, in C where there is one: these are megabytes."""


def chunks(manifests: Path) -> list[bytes]:
    """The chunks in the ConfigMaps of a directory, in bytewise order of their names."""
    found = {}
    for path in manifests.glob("configmap-zarf-payload-*.yaml"):
        for key, text in _read(path)["binaryData"].items():
            found[key.encode()] = base64.b64decode(text, validate=True)
    return [found[name] for name in sorted(found)]


def layouts(pieces: list[bytes]) -> dict[str, InitDirectory]:
    """The two ways of mounting: key by key, and as a whole volume."""
    return {"subPath files": subpath(pieces), "volume of links": volume(pieces)}


def argument(manifests: Path) -> str:
    """The checksum that the pod gives to the injector."""
    pod = _read(manifests / "pod-injector.yaml")
    command: list[str] = pod["spec"]["initContainers"][0]["command"]
    return command[1]


def _read(path: Path) -> Any:
    return yaml.load(path.read_bytes(), Loader=_LOADER)  # noqa: S506 - it is a safe loader
