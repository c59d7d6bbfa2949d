"""The story of profile ``stage1``: an init container injects, the next one gets it."""

from __future__ import annotations

import secrets
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from injector_conformance.cluster import faults, golden, naming, sight
from injector_conformance.cluster.errors import ClusterError
from injector_conformance.cluster.faults import Finding
from injector_conformance.cluster.golden import Told
from injector_conformance.cluster.kubectl import Kubectl
from injector_conformance.cluster.nodes import Node
from injector_conformance.cluster.steps import BrokenError, Steps, pause
from injector_conformance.cluster.users import assigned
from injector_conformance.packing import manifests
from injector_conformance.packing.chunks import Packed
from injector_conformance.packing.manifests import Manifest
from injector_conformance.packing.payload import pack

SECONDS: Final = 60.0
"""What Zarf waits for."""

POD: Final = "injector"
INIT: Final = "init-injector"
NEXT: Final = "injector"


@dataclass(frozen=True, slots=True)
class Injected:
    """A story that went well.

    Attributes:
        pod: as Zarf v0.22 writes it, under the restrictions of later releases.
        packed: what it injects.
        told: what the next container says of it.
    """

    pod: Manifest
    packed: Packed
    told: Sequence[Told]


@dataclass(frozen=True, slots=True)
class Injecting:
    """One story.

    Attributes:
        injector: the program.
        namespace: where everything is made.
        image: that both containers run in; the node has it.
        user: that both run as, in group 0; None for Zarf's.
    """

    kubectl: Kubectl
    node: Node
    injector: bytes
    namespace: str
    image: str
    user: int | None = None

    def play(self, work: Path, steps: Steps, facts: dict[str, Any]) -> Injected:
        """Play it to its end.

        Args:
            work: an empty directory.
            steps: told of what is done.
            facts: gets what is found out.

        Raises:
            BrokenError: something went wrong that has a name.
            ClusterError: the cluster does not do what it is asked.
            PackError: the injector is too large for a ConfigMap.
        """
        with steps.step("pack", "packed as Zarf v0.22 packed"):
            salt = secrets.token_hex(8)
            paths, told = golden.files(work, self.node.architecture, salt)
            packed = pack(paths, work / "payload")
        facts["payload"] = {
            "sha256": packed.sha256,
            "bytes": packed.size,
            "chunks": len(packed.chunks),
        }
        objects = manifests.configmaps(packed, self.injector, self.namespace)
        pod = manifests.pod(
            packed,
            image=self.image,
            seed_image="library/registry:1",
            target_image="127.0.0.1:31999/library/registry:1",
            environment={},
            is_restricted=True,
            namespace=self.namespace,
        )
        pod["spec"] |= {"nodeName": self.node.name, "automountServiceAccountToken": False}
        with steps.step("create", f"{len(objects)} ConfigMaps created"):
            self.kubectl.create(objects)
        with steps.step("inject", "the init container injected"):
            self.kubectl.create([assigned(pod, self.user)])
            self.await_injected(POD)
        with steps.step("hand-over", "the injected program runs, and finds what was packed"):
            self.await_handed_over(POD, told)
        return Injected(pod, packed, told)

    def look(self, name: str) -> sight.Pod:
        """A pod as it is now.

        Raises:
            ClusterError: it is gone.
        """
        found = self.kubectl.pods(self.namespace)
        if name not in found:
            raise ClusterError(f"the pod {name} is gone: somebody else deleted it")
        return found[name]

    def await_injected(self, name: str, container: str = INIT) -> None:
        """Wait as long as Zarf does for an init container of a pod.

        Raises:
            BrokenError: it does not end, or not well.
            ClusterError: the pod is gone.
        """
        deadline = time.monotonic() + SECONDS
        while True:
            pod = self.look(name)
            init = pod.container(container)
            if init is not None and init.ended is not None:
                break
            if time.monotonic() > deadline:
                finding = naming.of_injection(pod, container)
                raise BrokenError(
                    finding or Finding(faults.NOT_INJECTED_IN_TIME, f"{SECONDS:g} s")
                )
            pause()
        log = self.kubectl.log_if_any(self.namespace, name, container)
        finding = naming.of_injection(pod, container, log)
        if finding is not None:
            raise BrokenError(finding)

    def await_handed_over(self, name: str, told: Sequence[Told]) -> None:
        """Wait for the container that runs what was injected.

        Raises:
            BrokenError: it does not run, or finds other files.
            ClusterError: the pod is gone, or its log.
        """
        deadline = time.monotonic() + SECONDS
        while True:
            container = self.look(name).container(NEXT)
            if container is not None and container.ended is not None:
                break
            if time.monotonic() > deadline:
                raise BrokenError(Finding(faults.UNNAMED, f"no hand-over in {SECONDS:g} s"))
            pause()
        said = self.kubectl.log(self.namespace, name, NEXT)
        finding = naming.of_hand_over(container.ended, said, told)
        if finding is not None:
            raise BrokenError(finding)
