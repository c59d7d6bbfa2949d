"""The node that the story takes place on, and the image that it has already."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from injector_conformance.cluster.errors import ClusterError, UsageError
from injector_conformance.cluster.kubectl import Kubectl

_LOOPBACK: Final = ("127.0.0.1:", "[::1]:", "localhost:")


@dataclass(frozen=True, slots=True)
class Node:
    """A node.

    Attributes:
        architecture: in Kubernetes' words, ``amd64``.
        runtime: name and version of the container runtime, ``containerd://1.6.20``.
        version: of the kubelet.
        image: the smallest one that it has under a name with a tag; empty if none is known.
    """

    name: str
    architecture: str
    runtime: str
    version: str
    image: str


def choose(kubectl: Kubectl, name: str | None = None) -> Node:
    """The named node, or the first one that is ready and takes pods.

    Raises:
        UsageError: there is no node of that name.
        ClusterError: no node can be used.
    """
    listed = kubectl.get("nodes").get("items", [])
    if name is not None:
        named = [one for one in listed if one["metadata"]["name"] == name]
        if not named:
            known = ", ".join(one["metadata"]["name"] for one in listed) or "none"
            raise UsageError(f"--node {name}: there is no such node; there are: {known}")
        return _node(named[0])
    for one in listed:
        if _takes_pods(one):
            return _node(one)
    raise ClusterError("no node is ready and takes pods; kubectl get nodes says why")


def _takes_pods(node: Mapping[str, Any]) -> bool:
    spec = node.get("spec", {})
    taints = any(one.get("effect") != "PreferNoSchedule" for one in spec.get("taints", []))
    ready = any(
        one.get("type") == "Ready" and one.get("status") == "True"
        for one in node.get("status", {}).get("conditions", [])
    )
    return ready and not spec.get("unschedulable") and not taints


def _node(document: Mapping[str, Any]) -> Node:
    status = document["status"]
    info = status["nodeInfo"]
    return Node(
        name=document["metadata"]["name"],
        architecture=info["architecture"],
        runtime=info["containerRuntimeVersion"],
        version=info["kubeletVersion"],
        image=_smallest(status.get("images", [])),
    )


def _smallest(images: Sequence[Mapping[str, Any]]) -> str:
    """As Zarf chooses: nothing in the image is used, so the smallest is the best."""
    for image in sorted(images, key=lambda one: int(one.get("sizeBytes", 0))):
        for name in image.get("names", []):
            # What an injector served that is gone by now cannot be had again.
            is_served = name.startswith(_LOOPBACK)
            if not is_served and "@" not in name and "<none>" not in name:
                return str(name)
    return ""
