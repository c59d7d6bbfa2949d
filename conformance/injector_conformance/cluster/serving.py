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
from injector_conformance.cluster.pods import SEED, described, on_host, seed
from injector_conformance.cluster.steps import BrokenError, Steps, pause
from injector_conformance.cluster.users import assigned
from injector_conformance.packing.manifests import Manifest
from injector_conformance.packing.unified import manifests
from injector_conformance.packing.unified.images import PackedImage, PackedImages, pack_images

READY_SECONDS: Final = 60.0
"""What Zarf waits for."""

PULL_SECONDS: Final = 60.0
SETTLE_SECONDS: Final = 3.0
"""Events come a little after what they tell of."""

INJECTOR: Final = "injector"

_FIRST_PORT, _LAST_PORT = 20_000, 29_999
"""Below NodePorts and below the ports that the kernel gives away."""


@dataclass(frozen=True, slots=True)
class Served:
    """A story that went well.

    Attributes:
        pod: the injector's as Zarf writes it, without user or port of the story's own.
        packed: what it serves.
        port: of the node's loopback.
        told: what the images' programs say; None for images of the user's.
    """

    pod: Manifest
    packed: PackedImages
    port: int
    told: Told | None


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

    def play(self, work: Path, steps: Steps, facts: dict[str, Any]) -> Served:
        """Play it to its end; the injector then still serves.

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
        pod = manifests.pod(packed.payload, settings)
        with steps.step("ready", "the injector's pod is ready"):
            self.kubectl.create([on_host(assigned(pod, self.user), port)])
            self.await_ready(INJECTOR)
        first = packed.images if told is None else packed.images[:1]
        for number, image in enumerate(first):
            name = SEED if number == 0 else f"{SEED}-{number}"
            self.pull(name, image, image.name, port=port, steps=steps, told=told)
        return Served(pod, packed, port, told)

    def _pack(self, work: Path, steps: Steps) -> tuple[PackedImages, Told | None]:
        with steps.step("pack", "packed as Zarf packs"):
            wanted, told = self.wanted, None
            if not wanted:
                salt = secrets.token_hex(8)
                wanted, told = golden.images(work, self.node.architecture, salt)
            platform = f"linux/{self.node.architecture}"
            packed = pack_images(wanted, work / "payload", platform=platform)
        return packed, told

    def look(self, name: str) -> sight.Pod:
        """A pod as it is now.

        Raises:
            ClusterError: it is gone.
        """
        return self.pods(name)[name]

    def pods(self, *names: str) -> dict[str, sight.Pod]:
        """All pods, the named ones among them.

        Raises:
            ClusterError: one of these is gone.
        """
        found = self.kubectl.pods(self.namespace)
        for name in names:
            if name not in found:
                raise ClusterError(f"the pod {name} is gone: somebody else deleted it")
        return found

    def log(self, name: str) -> str:
        """What the injector of a pod wrote."""
        return self.kubectl.log_if_any(self.namespace, name, INJECTOR)

    def await_ready(self, name: str) -> None:
        """Wait as long as Zarf does.

        Raises:
            BrokenError: it is not ready then.
            ClusterError: it is gone.
        """
        deadline = time.monotonic() + READY_SECONDS
        while True:
            pod = self.look(name)
            container = pod.container(INJECTOR)
            if container is not None and container.ready:
                return
            ended = container is not None and container.ended is not None
            if ended or time.monotonic() > deadline or _is_hopeless(pod):
                break
            pause()
        time.sleep(SETTLE_SECONDS if ended else 0)
        finding = naming.of_injector(self.look(name), INJECTOR, self.log(name))
        raise BrokenError(
            finding or Finding(faults.UNNAMED, f"not ready after {READY_SECONDS:g} s")
        )

    def pull(
        self,
        name: str,
        image: PackedImage,
        reference: str,
        *,
        port: int,
        steps: Steps,
        told: Told | None,
    ) -> None:
        """Have the node's runtime pull an image, run it, and compare digests.

        Args:
            name: of the pod that needs it.
            image: what was packed.
            reference: that it is pulled by, behind the address.
            port: of the node's loopback.
            steps: told of what is done.
            told: what the image's program says; None if it says nothing.

        Raises:
            BrokenError: something is not as it was packed.
            ClusterError: the cluster does not do what it is asked.
        """
        with steps.step("pull", f"the node's runtime pulled {image.name} through the injector"):
            self.kubectl.create([seed(name, self.namespace, self.node.name, reference, port)])
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
            pods = self.pods(name, INJECTOR)
            finding = naming.of_pull(pods[name], pods[INJECTOR], INJECTOR)
            if naming.was_pulled(pods[name]):
                return finding
            is_final = finding is not None and naming.is_final(finding)
            if is_final or time.monotonic() > deadline:
                break
            pause()
        time.sleep(SETTLE_SECONDS)
        pods = self.pods(name, INJECTOR)
        finding = naming.of_pull(pods[name], pods[INJECTOR], INJECTOR, self.log(INJECTOR))
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
            container = self.look(name).container(SEED)
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


def _is_hopeless(pod: sight.Pod) -> bool:
    """Whether waiting is of no use: no injector is there to become ready."""
    finding = naming.of_injector(pod, INJECTOR)
    return (
        finding is not None
        and finding.fault.blame is Blame.CLUSTER
        and (finding.fault.id in {faults.NO_BASE_IMAGE.id, faults.DELETED.id, faults.EVICTED.id})
    )
