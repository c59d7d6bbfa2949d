"""Kubernetes objects for a payload of files: ConfigMaps and the pod, as Zarf v0.22 makes them."""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping
from typing import Any, Final

from injector_conformance.packing import security
from injector_conformance.packing.chunks import Packed
from injector_conformance.packing.errors import PackError
from injector_conformance.size.budgets import CONFIGMAP_LIMIT

NAMESPACE: Final = "zarf"
BINARIES: Final = "injector-binaries"
"""The ConfigMap that holds the injector itself."""

LABELS: Final = {"zarf-injector": "payload"}
_EXECUTABLE: Final = 0o777
_NAME: Final = re.compile(r"[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?")
_KEY: Final = re.compile(r"[-._a-zA-Z0-9]{1,253}")

Manifest = dict[str, Any]


def configmap(
    name: str, key: str, content: bytes, labels: Mapping[str, str], namespace: str = NAMESPACE
) -> Manifest:
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
        "metadata": {"name": name, "namespace": namespace, "labels": dict(labels)},
        "binaryData": {key: base64.b64encode(content).decode("ascii")},
    }


def configmaps(
    packed: Packed, injector: bytes | None, namespace: str = NAMESPACE
) -> list[Manifest]:
    """A ConfigMap for each chunk, and one for the injector if it is given.

    Raises:
        PackError: the API server would refuse one.
    """
    made = [
        configmap(chunk.name, chunk.name, chunk.read_bytes(), LABELS, namespace)
        for chunk in packed.chunks
    ]
    if injector is not None:
        made.append(configmap(BINARIES, "zarf-injector", injector, {}, namespace))
    return made


def pod(
    packed: Packed,
    *,
    image: str,
    seed_image: str,
    target_image: str,
    environment: Mapping[str, str],
    is_restricted: bool = False,
    architecture: str | None = None,
    namespace: str = NAMESPACE,
) -> Manifest:
    """The pod of v0.22: the injector as init container, then the registry program.

    Args:
        packed: the payload.
        image: the image that the cluster already has.
        seed_image: reference of the image in ``seed-image.tar``.
        target_image: reference under which the registry serves it.
        environment: variables of the registry program.
        is_restricted: add the security context that RUN-5 and CTR-3 speak of. Releases as old as
            v0.22 set none.
        architecture: run on nodes of this one only, in the words of Go.
        namespace: where it runs.
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
    own = {"securityContext": security.CONTAINER} if is_restricted else {}
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {
            "name": "injector",
            "namespace": namespace,
            "labels": {"app": "zarf-injector"},
        },
        "spec": {
            "restartPolicy": "Never",
            **({"securityContext": security.POD} if is_restricted else {}),
            **selector(architecture),
            "initContainers": [
                {
                    "name": "init-injector",
                    "image": image,
                    "imagePullPolicy": "IfNotPresent",
                    "workingDir": "/zarf-stage1",
                    "command": ["/zarf-stage1/zarf-injector", packed.sha256],
                    "volumeMounts": [*stage1, _output()],
                    "resources": _resources(),
                    **own,
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
                    **own,
                }
            ],
            "volumes": volumes,
        },
    }


def selector(architecture: str | None) -> Manifest:
    """The member of a pod's specification that chooses nodes of an architecture, if any."""
    return {"nodeSelector": {"kubernetes.io/arch": architecture}} if architecture else {}


def _output() -> Manifest:
    return {"name": "stage2", "mountPath": "/zarf-stage2"}


def _resources() -> Manifest:
    return {
        "requests": {"cpu": "500m", "memory": "64Mi"},
        "limits": {"cpu": "2", "memory": "256Mi"},
    }
