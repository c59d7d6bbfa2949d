"""Where the node keeps what it has, and what it is called."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Final

DIRECTORY: Final = Path("/var/lib/injector-node")
"""The one directory of the node. Short: paths of sockets have a limit of 107 bytes."""

NODE: Final = "127.0.0.1"
"""The node's name: an address, which every machine resolves."""

BRIDGE: Final = "injector-node0"
SUBNET: Final = "10.214.77.0/24"
SERVICES: Final = "10.215.0.0/24"

PAUSE: Final = "docker.io/local/injector-witness:1"
"""The one image that the node has from the start: it holds pods' namespaces, and a pod whose
program is static runs in it."""

CONTEXT: Final = "injector-node"


@dataclass(frozen=True, slots=True)
class Places:
    """The files below the node's directory."""

    top: Path = DIRECTORY

    @property
    def kubeconfig(self) -> Path:
        """For kubectl."""
        return self.top / "kubeconfig"

    @property
    def socket(self) -> Path:
        """Where containerd listens."""
        return self.top / "containerd.sock"

    @property
    def kubelet(self) -> Path:
        """The kubelet's root, with the pods' mounts."""
        return self.top / "kubelet"

    @property
    def processes(self) -> Path:
        """A file for each process: its id, and when it started."""
        return self.top / "processes"

    def log(self, name: str) -> Path:
        """What a process said."""
        return self.top / f"{name}.log"


def cache() -> Path:
    """Where what was built is kept."""
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "injector-conformance"
