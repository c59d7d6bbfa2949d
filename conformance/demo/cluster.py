"""The story on a Kubernetes node, told by ``injector-conformance cluster``."""

from __future__ import annotations

from pathlib import Path

from demo.steps import build
from injector_conformance.cli import main as conformance
from injector_conformance.cluster import nodes
from injector_conformance.cluster.kubectl import Kubectl
from injector_conformance.images.pins import ARCHITECTURES
from injector_conformance.profiles import UNIFIED


def tell(work: Path, profile: str, kubectl: Kubectl) -> int:
    """Tell it; the exit status of that command is returned.

    Args:
        work: an empty directory.
        profile: its id.
        kubectl: the way to the cluster, named by who asked for it.

    Raises:
        ClusterError: the cluster does not answer, or has no node that can be used.
        UsageError: there is no kubectl.
        RuntimeError: there is no native injector for the node.
    """
    node = nodes.choose(kubectl)
    machines = {name: machine for machine, name in ARCHITECTURES.items()}
    if node.architecture not in machines:
        raise RuntimeError(f"no native injector is built for the node {node.name}")
    build(work)
    kind = "-unified" if profile == UNIFIED.id else ""
    program = work / f"zarf-injector{kind}-{machines[node.architecture]}"
    words = ["cluster", "--profile", profile, "--node", node.name]
    if kubectl.context is not None:
        words += ["--context", kubectl.context]
    if kubectl.kubeconfig is not None:
        words += ["--kubeconfig", str(kubectl.kubeconfig)]
    return conformance([*words, "--", str(program)])
