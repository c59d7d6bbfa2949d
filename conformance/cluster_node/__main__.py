"""``python -m cluster_node up|down``: a one-node cluster from packages; ``make cluster``."""

from __future__ import annotations

import argparse
import signal
import sys
import time
from types import FrameType
from typing import Final

from cluster_node import NodeError, node
from cluster_node.places import PAUSE, Places

FAILED: Final = 1
INTERRUPTED: Final = 130

_REAL: Final = """\
real: API server, etcd, controllers of namespaces and Services, kubelet, containerd, runc, CNI
not here: a scheduler (name the node: nodeName 127.0.0.1), kube-proxy (no Service answers; use a
          hostPort), DNS, a registry; whoever has the kubeconfig may do everything"""


def main() -> int:
    """Bring the node up or down; 0 if that was done, 1 if not."""
    parser = argparse.ArgumentParser(prog="python -m cluster_node", description=__doc__)
    parser.add_argument("action", choices=("up", "down"))
    action = parser.parse_args().action
    places = Places()
    started = time.perf_counter()
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        if action == "down":
            node.down(places, _tell)
            return 0
        node.up(places, _tell)
    except NodeError as error:
        print(f"cluster: {error}", file=sys.stderr)
        return FAILED
    except KeyboardInterrupt:
        print("cluster: interrupted", file=sys.stderr)
        return INTERRUPTED
    print(f"ready in {time.perf_counter() - started:.1f} s")
    print(_REAL)
    print(f"image on the node: {PAUSE} (one static program, no shell)")
    print(f"kubeconfig: {places.kubeconfig}")
    return 0


def _tell(line: str) -> None:
    print(line, flush=True)


def _interrupt(number: int, frame: FrameType | None) -> None:
    del number, frame
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main())
