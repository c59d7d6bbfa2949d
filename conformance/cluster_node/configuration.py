"""What the processes of the node are told."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, Final

from cluster_node.places import BRIDGE, CONTEXT, NODE, PAUSE, SERVICES, SUBNET, Places

CNI_PROGRAMS: Final = "/usr/lib/cni"


@dataclass(frozen=True, slots=True)
class Ports:
    """Ports of the loopback interface, chosen when the node is brought up."""

    api: int
    etcd: int
    peers: int
    kubelet: int


def etcd(places: Places, ports: Ports) -> list[str]:
    """The command. Nothing needs to outlive the machine, so nothing waits for the disk."""
    client, peer = f"http://{NODE}:{ports.etcd}", f"http://{NODE}:{ports.peers}"
    return [
        *("etcd", "--name", "node", "--data-dir", str(places.top / "etcd")),
        *("--listen-client-urls", client, "--advertise-client-urls", client),
        *("--listen-peer-urls", peer, "--initial-advertise-peer-urls", peer),
        *("--initial-cluster", f"node={peer}", "--unsafe-no-fsync", "--logger", "zap"),
    ]


def api_server(places: Places, ports: Ports) -> list[str]:
    """The words after the program. Whoever has the token may do everything."""
    key = str(places.top / "service-accounts.key")
    return [
        *("--etcd-servers", f"http://{NODE}:{ports.etcd}", "--bind-address", NODE),
        *("--advertise-address", NODE, "--endpoint-reconciler-type", "none"),
        *("--secure-port", str(ports.api), "--cert-dir", str(places.top / "certificates")),
        *("--service-account-key-file", key, "--service-account-signing-key-file", key),
        *("--service-account-issuer", "https://kubernetes.default.svc"),
        *("--token-auth-file", str(places.top / "tokens.csv")),
        *("--authorization-mode", "AlwaysAllow", "--anonymous-auth=false"),
        *("--disable-admission-plugins", "ServiceAccount,TaintNodesByCondition"),
        *("--service-cluster-ip-range", SERVICES),
    ]


CONTROLLERS: Final = (
    "endpointslice-controller",
    "garbage-collector-controller",
    "namespace-controller",
    "pod-garbage-collector-controller",
)
"""What the story needs: namespaces that really end, and Services that lead to pods."""


def controllers(places: Places) -> list[str]:
    """The words of the controller manager after the program."""
    return [
        *("--kubeconfig", str(places.kubeconfig), "--leader-elect=false"),
        *("--controllers", ",".join(CONTROLLERS), "--secure-port", "0"),
        "--use-service-account-credentials=false",
    ]


def kubelet(places: Places) -> list[str]:
    """The words after the program."""
    return [
        *("--config", str(places.top / "kubelet.yaml"), "--root-dir", str(places.kubelet)),
        *("--cert-dir", str(places.top / "certificates")),
        *("--kubeconfig", str(places.kubeconfig), "--hostname-override", NODE),
    ]


def kubelet_file(places: Places, ports: Ports) -> str:
    """The kubelet's configuration; JSON is YAML."""
    return _json(
        {
            "apiVersion": "kubelet.config.k8s.io/v1beta1",
            "kind": "KubeletConfiguration",
            "address": NODE,
            "port": ports.kubelet,
            "healthzPort": 0,
            "authentication": {"anonymous": {"enabled": True}, "webhook": {"enabled": False}},
            "authorization": {"mode": "AlwaysAllow"},
            "containerRuntimeEndpoint": f"unix://{places.socket}",
            "cgroupDriver": "cgroupfs",
            "failSwapOn": False,
            "failCgroupV1": False,
            "enforceNodeAllocatable": [],
            "evictionHard": {},
            "localStorageCapacityIsolation": False,
            "makeIPTablesUtilChains": False,
            "podLogsDir": str(places.top / "pods"),
            "volumePluginDir": str(places.top / "plugins"),
            "staticPodPath": "",
            "registerNode": True,
            "clusterDomain": "cluster.local",
            "resolvConf": "",
            # A pod that pulls is asked often: the story waits for it.
            "syncFrequency": "10s",
            "nodeStatusUpdateFrequency": "10s",
        }
    )


def containerd(places: Places, snapshotter: str) -> str:
    """Containerd's configuration, of a daemon that shares nothing with another one."""
    return f"""\
version = 2
root = "{places.top}/containerd"
state = "{places.top}/containerd-state"
disabled_plugins = ["io.containerd.internal.v1.opt"]

[grpc]
address = "{places.socket}"

[plugins."io.containerd.grpc.v1.cri"]
sandbox_image = "{PAUSE}"
# Where root lacks CAP_SYS_RESOURCE, runc could start nothing otherwise.
restrict_oom_score_adj = true
stream_server_address = "{NODE}"

[plugins."io.containerd.grpc.v1.cri".containerd]
snapshotter = "{snapshotter}"

[plugins."io.containerd.grpc.v1.cri".cni]
bin_dir = "{CNI_PROGRAMS}"
conf_dir = "{places.top}/cni"
"""


def network(places: Places) -> str:
    """The pods' network: a bridge, and hostPorts."""
    return _json(
        {
            "cniVersion": "0.4.0",
            "name": "injector-node",
            "plugins": [
                {
                    "type": "bridge",
                    "bridge": BRIDGE,
                    "isGateway": True,
                    "ipMasq": False,
                    "hairpinMode": True,
                    "ipam": {
                        "type": "host-local",
                        "dataDir": str(places.top / "addresses"),
                        "ranges": [[{"subnet": SUBNET}]],
                    },
                },
                {"type": "portmap", "capabilities": {"portMappings": True}},
            ],
        }
    )


def kubeconfig(places: Places, ports: Ports, token: str) -> str:
    """For kubectl, the kubelet and the controllers."""
    authority = places.top / "certificates" / "apiserver.crt"
    return _json(
        {
            "apiVersion": "v1",
            "kind": "Config",
            "clusters": [
                {
                    "name": CONTEXT,
                    "cluster": {
                        "server": f"https://{NODE}:{ports.api}",
                        "certificate-authority": str(authority),
                    },
                }
            ],
            "users": [{"name": CONTEXT, "user": {"token": token}}],
            "contexts": [{"name": CONTEXT, "context": {"cluster": CONTEXT, "user": CONTEXT}}],
            "current-context": CONTEXT,
        }
    )


def _json(document: dict[str, Any]) -> str:
    return json.dumps(document, indent=2) + "\n"
