"""Kubernetes objects for a payload of images, as Zarf v0.84 makes them.

Two modes: a pod behind a Service of type NodePort, which ends when the registry is up; and in
proxy mode a DaemonSet that serves at a port of every node as long as the cluster lives.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, Literal

from injector_conformance.packing import security
from injector_conformance.packing.chunks import Packed
from injector_conformance.packing.manifests import LABELS, NAMESPACE, Manifest, configmap, selector

BINARY: Final = "rust-binary"
"""The ConfigMap that holds the injector itself."""

PORT: Final = 5000
"""Where the pod listens."""

HOST_PORT: Final = 5001
"""Where the DaemonSet listens, in its pods and on each node's loopback."""

POD_LABEL: Final = "zarf-injector"
DAEMON_LABEL: Final = "zarf-daemonset-injector"

MODES: Final = ("nodeport", "proxy")
Mode = Literal["nodeport", "proxy"]

_EXECUTABLE: Final = 0o777
_READABLE: Final = 0o644


@dataclass(frozen=True, slots=True)
class Settings:
    """What Zarf takes from the cluster and the package.

    Attributes:
        image: one that every node has; nothing in it is used.
        namespace: where everything lies.
        package: the label that tells whose objects they are.
        node: run the pod on this node, as Zarf does where it found the image there.
        architecture: run on nodes of this one only, in the words of Go. Zarf chooses a node
            itself, and sets none.
        is_ipv6: whether the cluster has no IPv4.
        node_port: the Service's port on the nodes; None lets the cluster choose.
        host_port: the port of proxy mode.
        uses_host_network: in proxy mode, listen in the node's own network.
    """

    image: str
    namespace: str = NAMESPACE
    package: str = "init"
    node: str | None = None
    architecture: str | None = None
    is_ipv6: bool = False
    node_port: int | None = None
    host_port: int = HOST_PORT
    uses_host_network: bool = False

    @property
    def labels(self) -> dict[str, str]:
        """The label of everything that belongs to the package."""
        return {"zarf.dev/package": self.package}


def configmaps(packed: Packed, injector: bytes | None, settings: Settings) -> list[Manifest]:
    """A ConfigMap for each chunk, and one for the injector if it is given.

    Raises:
        PackError: the API server would refuse one.
    """
    labels = {**LABELS, **settings.labels}
    made = [
        configmap(chunk.name, chunk.name, chunk.read_bytes(), labels, settings.namespace)
        for chunk in packed.chunks
    ]
    if injector is not None:
        own = configmap(BINARY, "zarf-injector", injector, settings.labels, settings.namespace)
        made.append(own)
    return made


def objects(packed: Packed, settings: Settings, mode: Mode) -> list[Manifest]:
    """What runs the injector: Service and Pod, or the DaemonSet."""
    if mode == "proxy":
        return [daemonset(packed, settings)]
    return [service(settings), pod(packed, settings)]


def service(settings: Settings) -> Manifest:
    """The Service. Zarf creates it before the pod, so the pod's environment tells of it."""
    port = {"port": PORT, "targetPort": PORT}
    if settings.node_port is not None:
        port["nodePort"] = settings.node_port
    return {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": {
            "name": "zarf-injector",
            "namespace": settings.namespace,
            "labels": settings.labels,
        },
        "spec": {"type": "NodePort", "ports": [port], "selector": {"app": POD_LABEL}},
    }


def pod(packed: Packed, settings: Settings) -> Manifest:
    """The pod of NodePort mode."""
    labels = {"app": POD_LABEL, "zarf.dev/agent": "ignore", **settings.labels}
    resources = {
        "requests": {"cpu": "500m", "memory": "64Mi"},
        "limits": {"cpu": "1", "memory": "256Mi"},
    }
    container = {
        **_container(packed, settings, PORT),
        "imagePullPolicy": "IfNotPresent",
        "ports": [{"containerPort": PORT}],
        "resources": resources,
    }
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": "injector", "namespace": settings.namespace, "labels": labels},
        "spec": {
            **({"nodeName": settings.node} if settings.node else {}),
            **selector(settings.architecture),
            "restartPolicy": "Never",
            **_common(packed, [container]),
        },
    }


def daemonset(packed: Packed, settings: Settings) -> Manifest:
    """The DaemonSet of proxy mode."""
    port: dict[str, Any] = {"containerPort": settings.host_port}
    network: dict[str, Any] = {}
    if settings.uses_host_network or settings.is_ipv6:
        network = {"dnsPolicy": "ClusterFirstWithHostNet", "hostNetwork": True}
    else:
        port |= {"hostPort": settings.host_port, "hostIP": "127.0.0.1"}
    resources = {
        "requests": {"cpu": "100m", "memory": "256Mi"},
        "limits": {"cpu": "200m", "memory": "256Mi"},
    }
    container = {
        **_container(packed, settings, settings.host_port),
        "ports": [port],
        "resources": resources,
    }
    labels = {"app": DAEMON_LABEL}
    return {
        "apiVersion": "apps/v1",
        "kind": "DaemonSet",
        "metadata": {
            "name": "zarf-injector",
            "namespace": settings.namespace,
            "labels": settings.labels,
        },
        "spec": {
            "selector": {"matchLabels": labels},
            "template": {
                "metadata": {"labels": {**labels, "zarf.dev/agent": "ignore"}},
                "spec": {
                    "priorityClassName": "system-node-critical",
                    **selector(settings.architecture),
                    **network,
                    **_common(packed, [container]),
                },
            },
        },
    }


def _container(packed: Packed, settings: Settings, port: int) -> Manifest:
    address = "[::]" if settings.is_ipv6 else "0.0.0.0"  # noqa: S104 - it is Zarf's
    mounts = [
        {"name": "init", "mountPath": "/zarf-init/zarf-injector", "subPath": "zarf-injector"},
        {"name": "seed", "mountPath": "/zarf-seed"},
    ]
    mounts += [
        {"name": chunk.name, "mountPath": f"/zarf-init/{chunk.name}", "subPath": chunk.name}
        for chunk in packed.chunks
    ]
    return {
        "name": "injector",
        "image": settings.image,
        "workingDir": "/zarf-init",
        "command": ["/zarf-init/zarf-injector", packed.sha256, f"{address}:{port}"],
        "volumeMounts": mounts,
        "securityContext": security.CONTAINER,
        "readinessProbe": {
            "httpGet": {"path": "/v2/", "port": port},
            "periodSeconds": 2,
            "successThreshold": 1,
            "failureThreshold": 10,
            "timeoutSeconds": 1,
        },
    }


def _common(packed: Packed, containers: list[Manifest]) -> Manifest:
    volumes: list[Manifest] = [
        {"name": "init", "configMap": {"name": BINARY, "defaultMode": _EXECUTABLE}},
        {"name": "seed", "emptyDir": {}},
    ]
    volumes += [
        {"name": chunk.name, "configMap": {"name": chunk.name, "defaultMode": _READABLE}}
        for chunk in packed.chunks
    ]
    return {
        "automountServiceAccountToken": False,
        "terminationGracePeriodSeconds": 1,
        "securityContext": security.POD,
        "containers": containers,
        "volumes": volumes,
    }
