"""No container outlives its harness: not after Ctrl-C, not after a signal, not after a kill."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import docker
import pytest
from docker.errors import NotFound

from injector_conformance.images.pins import ARCHITECTURES, EMPTY, pin
from injector_conformance.images.store import load
from injector_conformance.sandbox import launcher
from injector_conformance.sandbox.container import launch
from injector_conformance.sandbox.container.leftovers import LABEL, owner, reap

pytestmark = pytest.mark.needs("container", "root")

PATIENCE = 120


@pytest.fixture
def harness(script: Callable[[str], Path]) -> Iterator[subprocess.Popen[bytes]]:
    """A harness whose subject never ends."""
    command = [sys.executable, "-m", "injector_conformance", "check", "--sandbox", "container"]
    options = ["--image", "empty", "--jobs", "1", "--timeout", "600", "--case", "tar-format-v7"]
    with subprocess.Popen(
        [*command, *options, "--", str(script("while :; do :; done"))],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    ) as process:
        yield process
        process.kill()


def running(daemon: docker.DockerClient, harness: subprocess.Popen[bytes]) -> str:
    """Wait until the harness has started its subject; the container's id is returned."""
    minutes_ago = int(time.time()) - 2 * PATIENCE
    wanted = {"type": "container", "label": LABEL}
    events = daemon.events(decode=True, since=minutes_ago, filters=wanted)
    late = threading.Timer(PATIENCE, events.close)
    late.start()
    try:
        for event in events:
            attributes = event["Actor"]["Attributes"]
            if (
                event["Action"].startswith("exec_start")
                and f"/{harness.pid}/" in attributes[LABEL]
            ):
                return str(event["Actor"]["ID"])
    finally:
        late.cancel()
        events.close()
    harness.kill()
    raise AssertionError(f"the harness did not start its subject: {harness.communicate()[0]!r}")


def await_removal(daemon: docker.DockerClient, container_id: str) -> None:
    """Wait until a container is gone.

    Raises:
        requests.exceptions.RequestException: it is still there after two minutes.
    """
    try:
        daemon.api.wait(container_id, timeout=PATIENCE, condition="removed")
    except NotFound:
        return


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_a_harness_that_ends_takes_its_containers_along(
    daemon: docker.DockerClient, harness: subprocess.Popen[bytes], number: signal.Signals
) -> None:
    container = running(daemon, harness)

    harness.send_signal(number)

    said = harness.communicate(timeout=PATIENCE)[0]
    await_removal(daemon, container)
    mine = [
        one.attrs["Id"]
        for one in daemon.containers.list(all=True, filters={"label": LABEL}, ignore_removed=True)
        if f"/{harness.pid}/" in one.labels[LABEL]
    ]
    assert mine == []
    if number is not signal.SIGKILL:
        assert (harness.returncode, said) == (130, b"injector-conformance: interrupted\n")


@pytest.fixture
def leftover(daemon: docker.DockerClient, tmp_path: Path) -> Iterator[Callable[[str], str]]:
    """Makes containers with an owner's label; those that are left are removed."""
    made = []
    machine = next(iter(ARCHITECTURES))
    wanted = pin(EMPTY, f"linux/{ARCHITECTURES[machine]}")
    assert wanted is not None
    load(daemon, wanted)
    program = launcher.install(machine, tmp_path)

    def make(label: str) -> str:
        container = daemon.containers.create(
            wanted.tag,
            [launch.PROGRAM],
            labels={LABEL: label},
            volumes={str(program): {"bind": launch.PROGRAM, "mode": "ro"}},
            network_mode="none",
        )
        made.append(container)
        return str(container.id)

    yield make
    for container in made:
        try:
            container.remove(force=True)
        except NotFound:
            continue


def test_the_next_harness_removes_what_a_killed_one_left(
    daemon: docker.DockerClient, leftover: Callable[[str], str]
) -> None:
    here, own_id, started = owner().rsplit("/", 2)
    gone = [
        leftover(f"{here}/{own_id}/{int(started) - 1}"),
        leftover(f"{here}/{2**22 + 1}/{started}"),
    ]
    kept = [leftover(owner()), leftover(f"another-boot/pid:[1]/{2**22 + 1}/1")]

    reap(daemon)

    left = {
        one.id
        for one in daemon.containers.list(all=True, filters={"label": LABEL}, ignore_removed=True)
    }
    assert not left & set(gone)
    assert left >= set(kept)
