"""The story of profile ``stage1``: an init container injects, the next one gets it."""

from __future__ import annotations

import secrets
import time
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
from injector_conformance.packing.payload import pack

SECONDS: Final = 60.0
"""What Zarf waits for."""

POD: Final = "injector"
INIT: Final = "init-injector"
NEXT: Final = "injector"


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

    def play(self, work: Path, steps: Steps, facts: dict[str, Any]) -> None:
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
            self._await_injected()
        with steps.step("hand-over", "the injected program runs, and finds what was packed"):
            self._await_handed_over(told)

    def _look(self) -> sight.Pod:
        found = self.kubectl.pods(self.namespace)
        if POD not in found:
            raise ClusterError(f"the pod {POD} is gone: somebody else deleted it")
        return found[POD]

    def _await_injected(self) -> None:
        deadline = time.monotonic() + SECONDS
        while True:
            pod = self._look()
            init = pod.container(INIT)
            if init is not None and init.ended is not None:
                break
            if time.monotonic() > deadline:
                finding = naming.of_injection(pod, INIT)
                raise BrokenError(
                    finding or Finding(faults.NOT_INJECTED_IN_TIME, f"{SECONDS:g} s")
                )
            pause()
        log = self.kubectl.log_if_any(self.namespace, POD, INIT)
        finding = naming.of_injection(pod, INIT, log)
        if finding is not None:
            raise BrokenError(finding)

    def _await_handed_over(self, told: list[Told]) -> None:
        deadline = time.monotonic() + SECONDS
        while True:
            container = self._look().container(NEXT)
            if container is not None and container.ended is not None:
                break
            if time.monotonic() > deadline:
                raise BrokenError(Finding(faults.UNNAMED, f"no hand-over in {SECONDS:g} s"))
            pause()
        said = self.kubectl.log(self.namespace, POD, NEXT)
        finding = naming.of_hand_over(container.ended, said, told)
        if finding is not None:
            raise BrokenError(finding)
