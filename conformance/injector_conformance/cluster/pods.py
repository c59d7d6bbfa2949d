"""The pods of a story: Zarf's own, with what a story changes in them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from injector_conformance.packing import security
from injector_conformance.packing.chunks import Packed
from injector_conformance.packing.manifests import LABELS, Manifest, configmap
from injector_conformance.packing.unified.images import PackedImages

SEED: Final = "seed"
"""The container of a pod that pulls."""

RESTRICTIONS: Final = (
    "1000:2000, root read-only, no capabilities, no new privileges, RuntimeDefault, 256 MiB"
)
"""What security context and limits of Zarf's pod come to."""

OTHER_CHUNK: Final = "another-payload"
"""The ConfigMap of a chunk that is of no payload that anybody announced."""

_TIME: Final = 4
"""Where the header of a gzip member has its time, which means nothing to who reads it."""


def on_host(pod: Manifest, port: int) -> Manifest:
    """The pod of NodePort mode at a port of the node's loopback, as proxy mode has it.

    It leads to the pod wherever the network has hostPorts; a NodePort on loopback needs a
    kube-proxy of the right kind.
    """
    spec = pod["spec"]
    container = spec["containers"][0]
    ports = [{**container["ports"][0], "hostPort": port, "hostIP": "127.0.0.1"}]
    return {**pod, "spec": {**spec, "containers": [{**container, "ports": ports}]}}


def seed(name: str, namespace: str, node: str, image: str, port: int) -> Manifest:
    """A pod whose image only the injector has."""
    container = {
        "name": SEED,
        "image": f"127.0.0.1:{port}/{image}",
        "imagePullPolicy": "Always",
        "securityContext": security.CONTAINER,
    }
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": name, "namespace": namespace, "labels": {"zarf.dev/agent": "ignore"}},
        "spec": {
            "nodeName": node,
            "restartPolicy": "Never",
            "automountServiceAccountToken": False,
            "terminationGracePeriodSeconds": 1,
            "securityContext": security.POD,
            "containers": [container],
        },
    }


def described(packed: PackedImages) -> dict[str, Any]:
    """A payload in the words of a report."""
    return {
        "sha256": packed.payload.sha256,
        "bytes": packed.payload.size,
        "chunks": len(packed.payload.chunks),
        "images": [{"name": one.name, "digest": one.digest} for one in packed.images],
    }


def beside(pod: Manifest, name: str) -> Manifest:
    """The same pod under another name, which asks for no share of a processor."""
    spec = dict(pod["spec"])
    for kind in ("initContainers", "containers"):
        if kind in spec:
            spec[kind] = [_light(container) for container in spec[kind]]
    return {**pod, "metadata": {**pod["metadata"], "name": name}, "spec": spec}


def other_chunk(packed: Packed, namespace: str) -> Manifest:
    """The first chunk, one byte of it changed that changes nothing but the payload's digest."""
    chunk = packed.chunks[0]
    content = bytearray(chunk.read_bytes())
    content[_TIME] ^= 1
    return configmap(OTHER_CHUNK, chunk.name, bytes(content), LABELS, namespace)


def with_other_chunk(pod: Manifest, packed: Packed) -> Manifest:
    """The pod with :func:`other_chunk` where its first chunk was."""
    name = packed.chunks[0].name
    volumes = [
        {**volume, "configMap": {**volume["configMap"], "name": OTHER_CHUNK}}
        if volume.get("configMap", {}).get("name") == name
        else volume
        for volume in pod["spec"]["volumes"]
    ]
    return {**pod, "spec": {**pod["spec"], "volumes": volumes}}


def _light(container: Mapping[str, Any]) -> Manifest:
    resources = container["resources"]
    requests = {**resources["requests"], "cpu": "1m"}
    return {**container, "resources": {**resources, "requests": requests}}
