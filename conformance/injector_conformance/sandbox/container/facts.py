"""What a report says of the image."""

from __future__ import annotations

import io
import re
import tarfile
from typing import Any

from injector_conformance.sandbox.container.box import Box

_MUSL = re.compile(rb"^P:musl\nV:(.+)$", re.MULTILINE)
_DATABASES = ("/lib/apk/db/installed", "/usr/lib/apk/db/installed")


def of_image(name: str, attributes: dict[str, Any], box: Box) -> dict[str, str]:
    """Name, id, digests, and for Alpine its version and musl's."""
    facts = {"image": name, "image id": str(attributes["Id"])}
    digests = attributes.get("RepoDigests")
    if digests:
        facts["image digest"] = ", ".join(digests)
    release = _file(box, "/etc/alpine-release")
    if release is not None:
        facts["alpine"] = release.decode(errors="replace").strip()
    for path in _DATABASES:
        found = _MUSL.search(_file(box, path) or b"")
        if found:
            facts["musl"] = found[1].decode(errors="replace")
    return facts


def _file(box: Box, path: str) -> bytes | None:
    archive = box.read(path)
    if archive is None:
        return None
    with tarfile.open(fileobj=io.BytesIO(archive)) as reader:
        for member in reader:
            content = reader.extractfile(member) if member.isreg() else None
            if content is not None:
                return content.read()
    return None
