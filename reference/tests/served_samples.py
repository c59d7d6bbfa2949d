"""What the tests of serving processes serve, and how such a process ends."""

from __future__ import annotations

import subprocess

from injector_fixtures import golden
from injector_fixtures.oci import samples
from injector_fixtures.oci.image import Content
from injector_fixtures.oci.layout import Layout
from tests.served import SECONDS

GOLDEN = golden.unified_layout()
INIT = GOLDEN.init_directory()
TAG = "/v2/library/seed/manifests/3.1.1"
LARGE = samples.large_blob(64 * 1024 * 1024)


def largest(one: Layout) -> Content:
    """Its largest blob."""
    return max(one.blobs.values(), key=lambda blob: blob.size)


def end(popen: subprocess.Popen[bytes]) -> tuple[int, str]:
    """The status with which a process ends by itself, and its complaint."""
    _, complaint = popen.communicate(timeout=SECONDS)
    return popen.returncode, complaint.decode()
