"""Injectors that serve where ``sendfile`` is refused: what they must send all the same."""

from __future__ import annotations

import errno
import hashlib
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from native.tests import filters
from native.tests.native_programs import found
from tests import served_samples as samples
from tests import unified_process
from tests.served import read_to_end, request
from tests.unified_process import Process, serving

REFUSALS = (errno.EINVAL, errno.ENOSYS, errno.EPERM)
"""Of file systems that cannot, of kernels or emulators, and of filters."""

TRY = """
import os, socket, sys
ours, theirs = socket.socketpair()
with open(sys.argv[1], "rb") as file:
    try:
        os.sendfile(ours.fileno(), file.fileno(), 0, 1)
    except OSError as error:
        print(error.errno)
"""


@contextmanager
def behind_a_filter(
    command: tuple[str, ...], refusal: int, directory: Path
) -> Iterator[tuple[str, ...]]:
    """Have the injector started where ``sendfile`` fails so; yields what starts others there."""
    path = directory / "filter"
    path.write_bytes(filters.without_sendfile(refusal))
    boxed = (
        *("/bin/sh", "-c", f'exec 9<"{path}"; exec "$@"', "sh"),
        *(found("bwrap"), "--dev-bind", "/", "/", "--die-with-parent", "--seccomp", "9", "--"),
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(unified_process, "COMMAND", (*boxed, *command))
        yield boxed


def judge(command: tuple[str, ...], refusal: int, directory: Path) -> None:
    """Serve behind the filter, and compare what comes with what the layout holds."""
    with behind_a_filter(command, refusal, directory) as boxed:
        tried = [*boxed, sys.executable, "-c", TRY, __file__]
        said = subprocess.run(tried, capture_output=True, text=True, check=True, cwd="/").stdout
        assert said == f"{refusal}\n", "the filter does not refuse"
        with serving(samples.LARGE.init_directory(), directory) as process:
            _compare(process)


def _compare(process: Process) -> None:
    blob = samples.largest(samples.LARGE)
    path = f"/v2/a/blobs/{blob.digest}"
    whole = process.ask(path).body
    assert f"sha256:{hashlib.sha256(whole).hexdigest()}" == blob.digest

    part = process.ask(path, Range="bytes=1000-70000")
    assert (part.status, part.body) == (206, whole[1000:70001])

    for image in samples.LARGE.images.values():
        answer = process.ask(f"/v2/a/manifests/{image.digest}")
        assert (answer.status, answer.body) == (200, image.manifest.data)

    # Somebody who reads nothing for a while gets everything, and keeps nobody waiting.
    with process.connect() as stream:
        stream.sendall(request(path, Connection="close"))
        assert process.ask("/v2/").status == 200
        _, _, body = read_to_end(stream).partition(b"\r\n\r\n")
    assert body == whole
