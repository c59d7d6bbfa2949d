"""Kubernetes objects as YAML files."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml


def _no_aliases(dumper: Any) -> type:
    return type("Dumper", (dumper,), {"ignore_aliases": lambda _self, _data: True})


_DUMPER = _no_aliases(getattr(yaml, "CSafeDumper", yaml.SafeDumper))


def write(manifests: Sequence[Mapping[str, Any]], directory: Path) -> Iterator[Path]:
    """Write each object into a YAML file named after its kind and name."""
    directory.mkdir(parents=True, exist_ok=True)
    for manifest in manifests:
        path = directory / f"{manifest['kind'].lower()}-{manifest['metadata']['name']}.yaml"
        with path.open("w", encoding="ascii") as file:
            yaml.dump(manifest, file, Dumper=_DUMPER, sort_keys=False, width=1 << 30)
        yield path
