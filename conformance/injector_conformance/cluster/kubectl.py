"""The cluster, as kubectl reaches it: so whatever kubectl can log in to can be judged in."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from injector_conformance.cluster import sight
from injector_conformance.cluster.errors import ClusterError, UsageError

SECONDS: Final = 120.0

Object = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Kubectl:
    """A way to call it.

    Attributes:
        context: of the kubeconfig; None for the current one.
        kubeconfig: the file; None for kubectl's own choice.
    """

    context: str | None = None
    kubeconfig: Path | None = None

    def run(self, *words: str, given: str | None = None, seconds: float = SECONDS) -> str:
        """Run it, and return what it prints.

        Args:
            words: after the options that choose the cluster.
            given: its standard input.
            seconds: that it may take.

        Raises:
            UsageError: there is no kubectl.
            ClusterError: it fails.
        """
        program = shutil.which("kubectl")
        if program is None:
            raise UsageError("kubectl is not on PATH; a cluster is reached through it")
        options = [f"--request-timeout={seconds:g}s"]
        if self.kubeconfig is not None:
            options.append(f"--kubeconfig={self.kubeconfig}")
        if self.context is not None:
            options.append(f"--context={self.context}")
        try:
            # A session of its own: Ctrl-C is for the story, which then has much to clean up.
            done = subprocess.run(
                [program, *options, *words],
                input=given if given is not None else "",
                capture_output=True,
                text=True,
                errors="replace",
                check=False,
                timeout=seconds,
                start_new_session=True,
            )
        except subprocess.TimeoutExpired:
            raise ClusterError(f"kubectl {words[0]}: no answer in {seconds:g} s") from None
        if done.returncode:
            raise ClusterError(f"kubectl {words[0]}: {_reason(done.stderr)}")
        return done.stdout

    def get(self, *words: str) -> Object:
        """What ``kubectl get`` prints as JSON.

        Raises:
            ClusterError: it fails, or prints something else.
        """
        text = self.run("get", *words, "--output=json")
        try:
            document = json.loads(text)
        except ValueError as error:
            raise ClusterError(f"kubectl get {words[0]}: printed no JSON: {error}") from None
        if not isinstance(document, dict):
            raise ClusterError(f"kubectl get {words[0]}: printed no object")
        return document

    def create(self, objects: Sequence[Object]) -> None:
        """Create objects by a server-side apply, as Zarf does.

        Raises:
            ClusterError: the API server refuses one.
        """
        listed = {"apiVersion": "v1", "kind": "List", "items": list(objects)}
        words = ("apply", "--server-side", "--field-manager=injector-conformance", "--filename=-")
        self.run(*words, "--output=name", given=json.dumps(listed))

    def set_image(self, namespace: str, pod: str, container: str, image: str) -> None:
        """Give a container another image: the kubelet starts it again, and keeps its volumes.

        Raises:
            ClusterError: the API server refuses.
        """
        self.run("set", "image", f"--namespace={namespace}", f"pod/{pod}", f"{container}={image}")

    def label(self, namespace: str, labels: Mapping[str, str]) -> None:
        """Change labels of a namespace.

        Raises:
            ClusterError: the API server refuses.
        """
        words = [f"{key}={value}" for key, value in labels.items()]
        self.run("label", "namespace", namespace, "--overwrite", *words)

    def pods(self, namespace: str) -> dict[str, sight.Pod]:
        """Every pod of a namespace by its name, with its events.

        Raises:
            ClusterError: they cannot be had.
        """
        found = self.get("pods,events", f"--namespace={namespace}")
        items = [one for one in found.get("items", []) if isinstance(one, dict)]
        events = json.dumps(
            {"kind": "List", "items": [one for one in items if one.get("kind") == "Event"]}
        )
        pods = (json.dumps(one) for one in items if one.get("kind") == "Pod")
        try:
            seen = [sight.read(pod, events) for pod in pods]
        except sight.SightError as error:
            raise ClusterError(str(error)) from None
        return {pod.name: pod for pod in seen}

    def log(self, namespace: str, pod: str, container: str) -> str:
        """What a container that has run wrote.

        Raises:
            ClusterError: the node does not tell: what it wrote is not known.
        """
        return self.run("logs", f"--namespace={namespace}", pod, f"--container={container}")

    def log_if_any(self, namespace: str, pod: str, container: str) -> str:
        """What a container wrote; nothing where it never ran or the node does not tell."""
        try:
            return self.log(namespace, pod, container)
        except ClusterError:
            return ""


def _reason(said: str) -> str:
    """Kubectl's last line, which is the error; those before it are its client's own log."""
    lines = [line for line in said.strip().splitlines() if line.strip()]
    return lines[-1].removeprefix("error: ") if lines else "it failed without a word"
