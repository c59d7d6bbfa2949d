"""The story of profile ``unified``: an injector that serves, and the node's runtime that pulls."""

from __future__ import annotations

import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from injector_conformance.cluster import faults, golden, naming, sight
from injector_conformance.cluster.errors import ClusterError
from injector_conformance.cluster.faults import Blame, Finding
from injector_conformance.cluster.golden import Told
from injector_conformance.cluster.kubectl import Kubectl
from injector_conformance.cluster.nodes import Node
from injector_conformance.cluster.steps import BrokenError, Steps, pause
from injector_conformance.cluster.users import assigned
from injector_conformance.packing import security
from injector_conformance.packing.manifests import Manifest
from injector_conformance.packing.unified import manifests
from injector_conformance.packing.unified.images import PackedImage, PackedImages, pack_images

READY_SECONDS: Final = 60.0
"""What Zarf waits for."""

PULL_SECONDS: Final = 60.0
SETTLE_SECONDS: Final = 3.0
"""Events come a little after what they tell of."""

INJECTOR: Final = "injector"
SEED: Final = "seed"

_FIRST_PORT, _LAST_PORT = 20_000, 29_999
"""Below NodePorts and below the ports that the kernel gives away."""


@dataclass(frozen=True, slots=True)
class Serving:
    """One story.

    Attributes:
        injector: the program.
        namespace: where everything is made.
        image: that the injector runs in; the node has it.
        port: of the node's loopback; None for any.
        wanted: what is packed, as :func:`pack_images` takes it; empty for the golden image.
        user: that the injector runs as, in group 0; None for Zarf's.
    """

    kubectl: Kubectl
    node: Node
    injector: bytes
    namespace: str
    image: str
    port: int | None = None
    wanted: tuple[str, ...] = ()
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
            PackError: the images cannot be packed.
        """
        port = self.port or _FIRST_PORT + secrets.randbelow(_LAST_PORT - _FIRST_PORT + 1)
        packed, told = self._pack(work, steps)
        facts["payload"] = described(packed)
        facts["port"] = port
        settings = manifests.Settings(
            image=self.image, namespace=self.namespace, node=self.node.name
        )
        objects = manifests.configmaps(packed.payload, self.injector, settings)
        with steps.step("create", f"{len(objects)} ConfigMaps created"):
            self.kubectl.create(objects)
        with steps.step("ready", "the injector's pod is ready"):
            pod = assigned(manifests.pod(packed.payload, settings), self.user)
            self.kubectl.create([on_host(pod, port)])
            self._await_ready()
        for number, image in enumerate(packed.images):
            self._pull(number, image, port, steps, told)

    def _pack(self, work: Path, steps: Steps) -> tuple[PackedImages, Told | None]:
        with steps.step("pack", "packed as Zarf packs"):
            wanted, told = self.wanted, None
            if not wanted:
                path, told = golden.image(work, self.node.architecture, secrets.token_hex(8))
                wanted = (f"{golden.NAME}={path}",)
            platform = f"linux/{self.node.architecture}"
            packed = pack_images(wanted, work / "payload", platform=platform)
        return packed, told

    def _look(self, name: str) -> sight.Pod:
        return self._pods(name)[name]

    def _pods(self, *names: str) -> dict[str, sight.Pod]:
        found = self.kubectl.pods(self.namespace)
        for name in names:
            if name not in found:
                raise ClusterError(f"the pod {name} is gone: somebody else deleted it")
        return found

    def _log(self) -> str:
        return self.kubectl.log_if_any(self.namespace, INJECTOR, INJECTOR)

    def _await_ready(self) -> None:
        deadline = time.monotonic() + READY_SECONDS
        while True:
            pod = self._look(INJECTOR)
            container = pod.container(INJECTOR)
            if container is not None and container.ready:
                return
            ended = container is not None and container.ended is not None
            if ended or time.monotonic() > deadline or _is_hopeless(pod):
                break
            pause()
        time.sleep(SETTLE_SECONDS if ended else 0)
        finding = naming.of_injector(self._look(INJECTOR), INJECTOR, self._log())
        raise BrokenError(
            finding or Finding(faults.UNNAMED, f"not ready after {READY_SECONDS:g} s")
        )

    def _pull(
        self, number: int, image: PackedImage, port: int, steps: Steps, told: Told | None
    ) -> None:
        name = SEED if number == 0 else f"{SEED}-{number}"
        with steps.step("pull", f"the node's runtime pulled {image.name} through the injector"):
            self.kubectl.create([seed(name, self.namespace, self.node.name, image.name, port)])
            early = self._await_pulled(name)
        if early is not None:
            raise BrokenError(early)
        self._compare_manifest(name, image)
        with steps.step("run", f"{image.name} runs, with the digests that were packed"):
            self._await_run(name, image, told)

    def _await_pulled(self, name: str) -> Finding | None:
        """Wait until the image is on the node; what went wrong on the way there is returned."""
        deadline = time.monotonic() + PULL_SECONDS
        while True:
            pods = self._pods(name, INJECTOR)
            finding = naming.of_pull(pods[name], pods[INJECTOR], INJECTOR)
            if naming.was_pulled(pods[name]):
                return finding
            is_final = finding is not None and naming.is_final(finding)
            if is_final or time.monotonic() > deadline:
                break
            pause()
        time.sleep(SETTLE_SECONDS)
        pods = self._pods(name, INJECTOR)
        finding = naming.of_pull(pods[name], pods[INJECTOR], INJECTOR, self._log())
        raise BrokenError(finding or Finding(faults.UNNAMED, f"not pulled in {PULL_SECONDS:g} s"))

    def _compare_manifest(self, name: str, image: PackedImage) -> None:
        """What the runtime knows the image by: the digest of its manifest or configuration."""
        status = self._status(name)
        deadline = time.monotonic() + PULL_SECONDS
        while not status.get("imageID") and time.monotonic() < deadline:
            pause()
            status = self._status(name)
        known = str(status.get("imageID", ""))
        digest = "sha256:" + known.rpartition("sha256:")[2]
        if digest != image.digest and digest not in image.blobs:
            words = f"packed {image.digest}, the node has {known or 'none'}"
            raise BrokenError(Finding(faults.OTHER_IMAGE, words))

    def _status(self, name: str) -> Mapping[str, Any]:
        pod = self.kubectl.get("pod", name, f"--namespace={self.namespace}")
        statuses = pod.get("status", {}).get("containerStatuses", [])
        return statuses[0] if statuses else {}

    def _await_run(self, name: str, image: PackedImage, told: Told | None) -> None:
        deadline = time.monotonic() + PULL_SECONDS
        while True:
            container = self._look(name).container(SEED)
            started = container is not None and (container.running or container.ended is not None)
            if started and (told is None or (container and container.ended is not None)):
                break
            if time.monotonic() > deadline:
                raise BrokenError(Finding(faults.NOT_RUN, f"{image.name}: not started"))
            pause()
        if told is None:
            return
        said = self.kubectl.log(self.namespace, name, SEED)
        if f"{told.sha256}  {told.path}" not in said.splitlines():
            raise BrokenError(Finding(faults.NOT_RUN, f"it said: {said.strip() or 'nothing'}"))


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


def _is_hopeless(pod: sight.Pod) -> bool:
    """Whether waiting is of no use: no injector is there to become ready."""
    finding = naming.of_injector(pod, INJECTOR)
    return (
        finding is not None
        and finding.fault.blame is Blame.CLUSTER
        and (finding.fault.id in {faults.NO_BASE_IMAGE.id, faults.DELETED.id, faults.EVICTED.id})
    )
