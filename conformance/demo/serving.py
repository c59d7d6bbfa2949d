"""The story of profile ``unified`` in containers: the injector serves, the daemon pulls and runs.

The daemon has a kubelet's part: it reaches the injector at a port of the host's loopback, as the
runtime of a node does.
"""

from __future__ import annotations

import platform
import secrets
import shutil
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Final

import docker
from docker.models.containers import Container

from demo import seed
from demo.steps import build, step
from injector_conformance.cluster import golden
from injector_conformance.host import aftermath, interruption, leftovers
from injector_conformance.images.pins import ALPINE, ARCHITECTURES
from injector_conformance.images.store import connect, obtain
from injector_conformance.packing.security import POD
from injector_conformance.packing.unified.images import PackedImages, pack_images
from injector_conformance.sandbox.container.fitness import check_access

READY_SECONDS: Final = 60.0
"""What Zarf waits for."""

_PORT: Final = 5000
_PAUSE: Final = 0.1


def tell(work: Path) -> None:
    """All steps, in a directory that is removed afterwards.

    Raises:
        ImageError: no daemon answers, or it has no Alpine.
        PackError: the images cannot be packed.
        RuntimeError: something is not as it was packed.
        SandboxError: the daemon's files would not be ours.
    """
    machine = platform.machine()
    architecture = ARCHITECTURES[machine]
    build(work)
    with step("an image that is new, packed as Zarf packs it"):
        wanted, told = golden.images(work, architecture, secrets.token_hex(8))
        init = work / "zarf-init"
        packed = pack_images(wanted, init, platform=f"linux/{architecture}")
        # The kubelet mounts it there by the same mode, from the ConfigMap that has it.
        shutil.copyfile(work / f"zarf-injector-unified-{machine}", init / "zarf-injector")
        (init / "zarf-injector").chmod(0o777)
    with connect() as client, ExitStack() as cleaning:
        check_access(client)
        leftovers.reap(client)
        arranged = aftermath.arranged(aftermath.CONTAINERS, leftovers.owner())
        cleaning.enter_context(arranged)
        image = obtain(client, ALPINE, f"linux/{architecture}")
        container = cleaning.enter_context(_injector(client, image, packed, work))
        with step("the injector is ready in Alpine, as 1000:2000, its root read-only"):
            address = _await_ready(container)
        first = packed.images[0]
        target = f"{address}/{first.name}"
        cleaning.callback(seed.forget, client, target)
        with step(f"the daemon pulled {first.name} through the injector"):
            pulled = client.images.pull(target.rpartition(":")[0], target.rpartition(":")[2])
        digests = [one.rpartition("@")[2] for one in pulled.attrs["RepoDigests"]]
        if first.digest not in digests:
            raise RuntimeError(f"packed {first.digest}, pulled {', '.join(digests)}")
        with step(f"{first.name} runs, with the digests that were packed"):
            said = _said(client, target)
        if f"{told.sha256}  {told.path}" not in said.splitlines():
            raise RuntimeError(f"{first.name} said: {said.strip() or 'nothing'}")
    print(f"the same image, {first.digest}")


@contextmanager
def _injector(
    client: docker.DockerClient, image: str, packed: PackedImages, work: Path
) -> Iterator[Container]:
    """The injector at work, under the restrictions of Zarf's pod."""
    output = work / "zarf-seed"
    output.mkdir()
    # An emptyDir under fsGroup: everybody's, its group the pod's.
    output.chmod(0o2777)
    with interruption.deferred():
        container = client.containers.create(
            image,
            ["/zarf-init/zarf-injector", packed.payload.sha256, f"0.0.0.0:{_PORT}"],
            user=f"{POD['runAsUser']}:{POD['runAsGroup']}",
            working_dir="/zarf-init",
            read_only=True,
            cap_drop=["ALL"],
            security_opt=["no-new-privileges"],
            mem_limit="256m",
            volumes={
                str(work / "zarf-init"): {"bind": "/zarf-init", "mode": "ro"},
                str(output): {"bind": "/zarf-seed", "mode": "rw"},
            },
            ports={f"{_PORT}/tcp": ("127.0.0.1", 0)},
            labels={leftovers.LABEL: leftovers.owner()},
        )
    try:
        container.start()
        yield container
    finally:
        with interruption.deferred():
            container.remove(force=True, v=True)


def _await_ready(container: Container) -> str:
    """Wait as long as Zarf does, by the probe of its pod; the address is returned."""
    deadline = time.monotonic() + READY_SECONDS
    while time.monotonic() < deadline:
        container.reload()
        if container.status == "exited":
            break
        bound = container.ports.get(f"{_PORT}/tcp")
        if bound:
            address = f"127.0.0.1:{bound[0]['HostPort']}"
            try:
                with urllib.request.urlopen(f"http://{address}/v2/", timeout=1):
                    return address
            except (urllib.error.URLError, OSError):
                pass  # not yet
        time.sleep(_PAUSE)
    said = container.logs().decode(errors="replace").strip().splitlines()[-1:]
    raise RuntimeError(f"the injector did not serve: {' '.join(said) or 'it said nothing'}")


def _said(client: docker.DockerClient, image: str) -> str:
    output: bytes = client.containers.run(
        image,
        remove=True,
        network_mode="none",
        labels={leftovers.LABEL: leftovers.owner()},
    )
    return output.decode(errors="replace")
