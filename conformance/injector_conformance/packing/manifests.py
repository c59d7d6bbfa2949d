"""Kubernetes objects for a payload: its ConfigMaps and the pod, as Zarf v0.22 makes them."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

import yaml

from injector_conformance.packing.payload import Packed, PackError
from injector_conformance.size.budgets import CONFIGMAP_LIMIT

NAMESPACE: Final = "zarf"
BINARIES: Final = "injector-binaries"
"""The ConfigMap that holds the injector itself."""

LABELS: Final = {"zarf-injector": "payload"}
_EXECUTABLE: Final = 0o777
_NAME: Final = re.compile(r"[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?")
_KEY: Final = re.compile(r"[-._a-zA-Z0-9]{1,253}")

Manifest = dict[str, Any]


def configmap(name: str, key: str, content: bytes, labels: dict[str, str]) -> Manifest:
    """A ConfigMap with one binary value.

    Raises:
        PackError: the API server would refuse it.
    """
    if not _NAME.fullmatch(name) or not _KEY.fullmatch(key):
        raise PackError(f"{name}: Kubernetes allows no ConfigMap or key of that name")
    if len(content) > CONFIGMAP_LIMIT:
        raise PackError(
            f"{name}: {len(content):,} bytes, a ConfigMap holds {CONFIGMAP_LIMIT:,};"
            " choose a smaller --chunk-size"
        )
    return {
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": {"name": name, "namespace": NAMESPACE, "labels": labels},
        "binaryData": {key: base64.b64encode(content).decode("ascii")},
    }


def pod(
    packed: Packed, *, image: str, seed_image: str, target_image: str, environment: dict[str, str]
) -> Manifest:
    """The pod of v0.22: the injector as init container, then the registry program.

    Args:
        packed: the payload.
        image: the image that the cluster already has.
        seed_image: reference of the image in ``seed-image.tar``.
        target_image: reference under which the registry serves it.
        environment: variables of the registry program.
    """
    names = [chunk.name for chunk in packed.chunks]
    stage1 = [
        {"name": BINARIES, "mountPath": "/zarf-stage1/zarf-injector", "subPath": "zarf-injector"}
    ]
    stage1 += [
        {"name": name, "mountPath": f"/zarf-stage1/{name}", "subPath": name} for name in names
    ]
    binaries = {"name": BINARIES, "defaultMode": _EXECUTABLE}
    volumes: list[Manifest] = [{"name": BINARIES, "configMap": binaries}]
    volumes += [{"name": name, "configMap": {"name": name}} for name in names]
    volumes.append({"name": "stage2", "emptyDir": {}})
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {
            "name": "injector",
            "namespace": NAMESPACE,
            "labels": {"app": "zarf-injector"},
        },
        "spec": {
            "restartPolicy": "Never",
            "initContainers": [
                {
                    "name": "init-injector",
                    "image": image,
                    "imagePullPolicy": "IfNotPresent",
                    "workingDir": "/zarf-stage1",
                    "command": ["/zarf-stage1/zarf-injector", packed.sha256],
                    "volumeMounts": [*stage1, _output()],
                    "resources": _resources(),
                }
            ],
            "containers": [
                {
                    "name": "injector",
                    "image": image,
                    "imagePullPolicy": "IfNotPresent",
                    "workingDir": "/zarf-stage2",
                    "command": [
                        "/zarf-stage2/zarf-registry",
                        "/zarf-stage2/seed-image.tar",
                        seed_image,
                        target_image,
                    ],
                    "env": [{"name": name, "value": value} for name, value in environment.items()],
                    "volumeMounts": [_output()],
                    "resources": _resources(),
                }
            ],
            "volumes": volumes,
        },
    }


def _output() -> Manifest:
    return {"name": "stage2", "mountPath": "/zarf-stage2"}


def _resources() -> Manifest:
    return {
        "requests": {"cpu": "500m", "memory": "64Mi"},
        "limits": {"cpu": "2", "memory": "256Mi"},
    }


def write(manifests: Sequence[Manifest], directory: Path) -> Iterator[Path]:
    """Write each object into a YAML file named after its kind and name."""
    directory.mkdir(parents=True, exist_ok=True)
    dumper: Any = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
    for manifest in manifests:
        path = directory / f"{manifest['kind'].lower()}-{manifest['metadata']['name']}.yaml"
        with path.open("w", encoding="ascii") as file:
            yaml.dump(manifest, file, Dumper=dumper, sort_keys=False, width=1 << 30)
        yield path
