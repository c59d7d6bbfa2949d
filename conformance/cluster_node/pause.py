"""The image that the node has from the start: one static program, imported into containerd."""

from __future__ import annotations

import platform
import subprocess
import tarfile
from typing import Final

from cluster_node import NodeError
from cluster_node.places import PAUSE, Places
from injector_conformance.cluster import witness
from injector_conformance.images import archive
from injector_conformance.images.archive import LayerEntry

_NAMESPACE: Final = "k8s.io"


def load(places: Places) -> None:
    """Import it.

    Raises:
        NodeError: containerd refuses it.
    """
    file = places.top / "pause.tar"
    file.write_bytes(image())
    done = subprocess.run(
        ctr(places, "images", "import", str(file)), check=False, capture_output=True, text=True
    )
    file.unlink()
    if done.returncode:
        raise NodeError(f"containerd takes no image: {done.stderr.strip()}")


def ctr(places: Places, *words: str) -> list[str]:
    """A command for the node's containerd, in Kubernetes' namespace of it."""
    return ["ctr", "--address", str(places.socket), "--namespace", _NAMESPACE, *words]


def image() -> bytes:
    """The image's archive, for this machine."""
    machines = {machine: name for name, machine in witness.MACHINES.items()}
    architecture = machines[platform.machine()]
    program = witness.program(architecture).read_bytes()
    entry = LayerEntry(witness.NAME, tarfile.REGTYPE, 0o755, content=program)
    layers = [archive.layer([entry])]
    words = (f"/{witness.NAME}", witness.PAUSE)
    return archive.image(
        PAUSE, {"architecture": architecture}, layers, "a program that waits", words
    ).content
