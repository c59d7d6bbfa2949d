"""The seed image: an image of the daemon as the tarball that ``crane pull`` writes."""

from __future__ import annotations

import contextlib
import io
import json
import subprocess
import tarfile
import tempfile
from pathlib import Path

import docker
from docker.errors import ImageNotFound


def write(image: str, reference: str, path: Path) -> None:
    """Write ``image`` as a crane tarball under the name ``reference``.

    Raises:
        subprocess.CalledProcessError: skopeo failed.
    """
    with tempfile.TemporaryDirectory(prefix="injector-demo-") as scratch:
        source, target = f"docker-daemon:{image}", f"dir:{scratch}"
        skopeo("copy", "--dest-compress", source, target)
        blobs = Path(scratch)
        manifest = json.loads((blobs / "manifest.json").read_bytes())
        config = manifest["config"]["digest"].removeprefix("sha256:")
        layers = [one["digest"].removeprefix("sha256:") for one in manifest["layers"]]
        members = {f"sha256:{config}": (blobs / config).read_bytes()}
        members |= {f"{one}.tar.gz": (blobs / one).read_bytes() for one in layers}
    entry = {"Config": f"sha256:{config}", "RepoTags": [reference], "Layers": [*members][1:]}
    members["manifest.json"] = json.dumps([entry]).encode()
    with tarfile.open(path, "w", format=tarfile.USTAR_FORMAT) as archive:
        for name, content in members.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))


def skopeo(*words: str) -> str:
    """Run skopeo; its output is returned."""
    done = subprocess.run(["skopeo", *words], capture_output=True, text=True, check=True)
    return done.stdout


def forget(client: docker.DockerClient, reference: str) -> None:
    """Remove a name from the daemon's images, if it is there."""
    with contextlib.suppress(ImageNotFound):
        client.images.remove(reference)
