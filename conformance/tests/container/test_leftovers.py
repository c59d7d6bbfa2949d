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
from docker.models.containers import Container

from injector_conformance.host.leftovers import LABEL, owner, reap
from injector_conformance.images.pins import ARCHITECTURES, EMPTY, pin
from injector_conformance.images.store import load
from injector_conformance.sandbox import launcher
from injector_conformance.sandbox.container import launch

pytestmark = pytest.mark.needs("container", "root")

PATIENCE = 120


@pytest.fixture
def case() -> str:
    """What the harness judges; its control is run first."""
    return "tar-format-v7"


@pytest.fixture
def harness(script: Callable[[str], Path], case: str) -> Iterator[subprocess.Popen[bytes]]:
    """A harness whose subject never ends."""
    command = [sys.executable, "-m", "injector_conformance", "check", "--sandbox", "container"]
    options = ["--image", "empty", "--jobs", "1", "--timeout", "600", "--case", case]
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
    assert of(harness, daemon) == []
    if number is not signal.SIGKILL:
        assert (harness.returncode, said) == (130, b"injector-conformance: interrupted\n")


def of(harness: subprocess.Popen[bytes], daemon: docker.DockerClient) -> list[Container]:
    """The harness's containers."""
    found = daemon.containers.list(all=True, filters={"label": LABEL}, ignore_removed=True)
    return [one for one in found if f"/{harness.pid}/" in one.labels[LABEL]]


@pytest.mark.parametrize("case", ["run-first-process-hard-link"])
def test_a_subject_that_is_process_1_does_not_outlive_a_killed_harness(
    daemon: docker.DockerClient, harness: subprocess.Popen[bytes]
) -> None:
    """Nothing in such a container waits for the harness's end."""
    deadline = time.monotonic() + PATIENCE
    # The container that is held open for others has no words but the launcher's name.
    while not any(one.status == "running" and one.attrs["Args"] for one in of(harness, daemon)):
        assert time.monotonic() < deadline, "the harness did not start its subject"
        assert harness.poll() is None, harness.communicate()
        time.sleep(0.05)

    harness.kill()

    harness.wait()
    while of(harness, daemon):
        assert time.monotonic() < deadline, "a container has outlived the harness"
        time.sleep(0.05)


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
