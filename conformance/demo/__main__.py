"""``python -m demo``: the whole story end to end, with its steps and their seconds.

It is told on the node of ``make cluster`` if that is up, else in containers. No other cluster is
touched unless its context is named: the current one may be anybody's.
"""

from __future__ import annotations

import argparse
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from docker.errors import DockerException
from requests.exceptions import RequestException

from cluster_node import node
from cluster_node.places import CONTEXT, Places
from demo import cluster, handing_over, serving
from injector_conformance.cluster.errors import ClusterError, UsageError
from injector_conformance.cluster.kubectl import Kubectl
from injector_conformance.host import interruption
from injector_conformance.images.errors import ImageError
from injector_conformance.packing.errors import PackError
from injector_conformance.profiles import STAGE1, UNIFIED
from injector_conformance.sandbox import SandboxError

FAILED: Final = 1
INTERRUPTED: Final = 130

_IN_CONTAINERS: Final = """\
in containers, as no node of make cluster is up.
On Kubernetes itself: make cluster, then this again; or, on a cluster of yours, name its context:
  make demo ARGS='--context NAME'"""
_IN_CONTAINERS_AS_ASKED: Final = "in containers, as asked for by --containers"
_ON_NODE: Final = """\
on the node of make cluster.
In containers: make demo ARGS=--containers
On a cluster of yours: make demo ARGS='--context NAME'"""


def main(argv: Sequence[str] | None = None) -> int:
    """Tell the story; 0 if it ended well, 1 if not, 130 if it was interrupted.

    On a node the status is that of ``injector-conformance cluster``.
    """
    arguments = _arguments(argv)
    started = time.perf_counter()
    if signal.getsignal(signal.SIGINT) is not signal.SIG_IGN:
        signal.signal(signal.SIGINT, interruption.interrupt)
    try:
        with tempfile.TemporaryDirectory(prefix="injector-demo-") as scratch:
            work = Path(scratch)
            work.chmod(0o755)
            status = _tell(work, arguments)
    except subprocess.CalledProcessError as error:
        said = (error.stderr or "").strip().splitlines()[-1:]
        return _complain(f"{error.cmd[0]} failed: {' '.join(said)}")
    except (
        *(ImageError, SandboxError, PackError, ClusterError, UsageError),
        *(DockerException, RequestException, RuntimeError, OSError),
    ) as error:
        return _complain(str(error))
    except KeyboardInterrupt:
        print("demo: interrupted", file=sys.stderr)
        return INTERRUPTED
    if status == 0:
        print(f"all well in {time.perf_counter() - started:.1f} s")
    return status


def _arguments(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make demo", description=__doc__)
    where = parser.add_mutually_exclusive_group()
    where.add_argument("--containers", action="store_true", help="even if a node is up")
    where.add_argument("--context", metavar="NAME", help="of a cluster of yours")
    parser.add_argument(
        "--kubeconfig", type=Path, metavar="FILE", help="where --context NAME is looked up"
    )
    parser.add_argument(
        "--profile",
        choices=(STAGE1.id, UNIFIED.id),
        default=UNIFIED.id,
        help="the contract: today's (default: %(default)s), or that of Zarf up to v0.22",
    )
    arguments = parser.parse_args(argv)
    if arguments.kubeconfig is not None and arguments.context is None:
        parser.error("--kubeconfig: name the context too, by --context NAME")
    return arguments


def _tell(work: Path, arguments: argparse.Namespace) -> int:
    kubectl = _kubectl(arguments)
    if kubectl is not None:
        return cluster.tell(work, arguments.profile, kubectl)
    if arguments.profile == STAGE1.id:
        handing_over.tell(work)
    else:
        serving.tell(work)
    return 0


def _kubectl(arguments: argparse.Namespace) -> Kubectl | None:
    """The way to the cluster that the story is told on; None for containers. It is said which."""
    how = f"the story of profile {arguments.profile}"
    if arguments.context is not None:
        print(f"{how}, on the cluster of context {arguments.context}", flush=True)
        return Kubectl(arguments.context, arguments.kubeconfig)
    if arguments.containers:
        print(f"{how}, {_IN_CONTAINERS_AS_ASKED}", flush=True)
        return None
    places = Places()
    if node.is_ready(places):
        print(f"{how}, {_ON_NODE}", flush=True)
        return Kubectl(CONTEXT, places.kubeconfig)
    print(f"{how}, {_IN_CONTAINERS}", flush=True)
    return None


def _complain(message: str) -> int:
    print(f"demo: {message}", file=sys.stderr)
    return FAILED


if __name__ == "__main__":
    sys.exit(main())
