"""Brings a node up, step by step, and down again."""

from __future__ import annotations

import os
import secrets
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from cluster_node import NodeError, built, configuration, pause, processes, traces
from cluster_node.configuration import Ports
from cluster_node.places import CONTEXT, NODE, Places

PACKAGES: Final = {
    "etcd": "etcd-server",
    "containerd": "containerd",
    "runc": "runc",
    "ctr": "containerd",
    "kubectl": "kubernetes-client",
    "iptables": "iptables",
    "ip": "iproute2",
    "openssl": "openssl",
}
"""Programs that come from packages of Debian and Ubuntu."""

_CNI: Final = ("bridge", "host-local", "portmap", "loopback")
_SECONDS: Final = 60.0
_PODS_SECONDS: Final = 30.0

Tell = Callable[[str], None]


def check() -> None:
    """Check that it can be brought up here.

    Raises:
        NodeError: it cannot; every package that is missing is named.
    """
    if os.geteuid() != 0:
        raise NodeError("needs root: containers, mounts and a bridge are made")
    missing = {package for program, package in PACKAGES.items() if shutil.which(program) is None}
    if not all(Path(configuration.CNI_PROGRAMS, name).is_file() for name in _CNI):
        missing.add("containernetworking-plugins")
    if missing:
        raise NodeError(f"missing: apt-get install {' '.join(sorted(missing))}")


def is_ready(places: Places) -> bool:
    """Whether the node is up, and says that it is ready."""
    if not places.kubeconfig.is_file():
        return False
    path = '{.status.conditions[?(@.type=="Ready")].status}'
    return _kubectl(places, "get", "node", NODE, "-o", f"jsonpath={path}").strip() == "True"


def up(places: Places, tell: Tell) -> None:
    """Bring it up; what is left of an earlier one is removed first.

    Raises:
        NodeError: something does not start; what was started is ended again.
    """
    check()
    if is_ready(places):
        tell("the node is up already")
        return
    if places.top.exists():
        down(places, tell)
    try:
        _up(places, tell)
    except BaseException:
        down(places, lambda _: None)
        raise


def _up(places: Places, tell: Tell) -> None:
    if not built.are_there():
        tell(f"building Kubernetes {built.VERSION} from Go modules: minutes, this once")
        with _step(tell, f"API server, controllers and kubelet are built: {built.directory()}"):
            built.build()
    places.top.mkdir(parents=True, mode=0o755)
    traces.remember(places)
    ports = _write(places)
    with _step(tell, "etcd and containerd"):
        processes.start(places, "etcd", configuration.etcd(places, ports))
        words = ["containerd", "--config", places.top / "containerd.toml"]
        processes.start(places, "containerd", words)
        processes.wait_for(places, "containerd", lambda: _ctr(places, "version"), _SECONDS)
        pause.load(places)
    programs = built.directory()
    with _step(tell, "API server"):
        words = [programs / "kube-apiserver", *configuration.api_server(places, ports)]
        processes.start(places, "kube-apiserver", words)
        processes.wait_for(places, "kube-apiserver", lambda: _api_is_ready(places), _SECONDS)
    with _step(tell, "controllers and kubelet: the node is ready"):
        words = [programs / "kube-controller-manager", *configuration.controllers(places)]
        processes.start(places, "kube-controller-manager", words)
        words = [programs / "kubelet", *configuration.kubelet(places)]
        processes.start(places, "kubelet", words)
        processes.wait_for(places, "kubelet", lambda: is_ready(places), _SECONDS)


def down(places: Places, tell: Tell) -> None:
    """Bring it down, and remove every trace of it.

    Raises:
        NodeError: something is still there.
    """
    was_up = places.top.exists()
    if was_up and is_ready(places):
        with _step(tell, "pods are deleted"):
            _end_pods(places)
    _stop(places, "kubelet", "kube-controller-manager")
    if processes.is_running(places, "containerd"):
        _end_tasks(places)
    for name in processes.running(places):
        processes.stop(places, name)
    traces.remove(places)
    still = traces.left(places)
    if still:
        raise NodeError(f"still there: {', '.join(still)}")
    tell("the node is down, and nothing of it is left" if was_up else "there is no node")


def _write(places: Places) -> Ports:
    """Everything that the processes read."""
    for name in ("certificates", "cni", "kubelet", "plugins"):
        (places.top / name).mkdir()
    ports = Ports(*_free_ports(4))
    token = secrets.token_hex(16)
    key = places.top / "service-accounts.key"
    subprocess.run(
        ["openssl", "genrsa", "-out", str(key), "2048"], check=True, capture_output=True
    )
    files = {
        "containerd.toml": configuration.containerd(places, _snapshotter(places)),
        "cni/10-injector-node.conflist": configuration.network(places),
        "kubelet.yaml": configuration.kubelet_file(places, ports),
        "kubeconfig": configuration.kubeconfig(places, ports, token),
        "tokens.csv": f'{token},admin,1,"system:masters"\n',
    }
    for name, content in files.items():
        path = places.top / name
        path.touch(mode=0o600)
        path.write_text(content)
    return ports


def _snapshotter(places: Places) -> str:
    """Overlay file systems where they can be mounted, else copies."""
    with tempfile.TemporaryDirectory(dir=places.top) as scratch:
        top = Path(scratch)
        folders = [top / name for name in ("lower", "upper", "work", "merged")]
        for folder in folders:
            folder.mkdir()
        lower, upper, work, merged = folders
        options = f"lowerdir={lower},upperdir={upper},workdir={work}"
        words = ["mount", "-t", "overlay", "overlay", "-o", options, str(merged)]
        if subprocess.run(words, check=False, capture_output=True).returncode:
            return "native"
        subprocess.run(["umount", str(merged)], check=True, capture_output=True)
    return "overlayfs"


def _free_ports(number: int) -> list[int]:
    held = [socket.create_server((NODE, 0)) for _ in range(number)]
    ports = [one.getsockname()[1] for one in held]
    for one in held:
        one.close()
    return ports


def _end_pods(places: Places) -> None:
    words = ("delete", "pods", "--all", "--all-namespaces", "--wait=true", "--grace-period=1")
    _kubectl(places, *words, f"--timeout={_PODS_SECONDS:g}s")


def _end_tasks(places: Places) -> None:
    """What a pod that could not be deleted has left running."""
    listed = subprocess.run(
        pause.ctr(places, "tasks", "list", "-q"), check=False, capture_output=True, text=True
    )
    for task in listed.stdout.split():
        words = pause.ctr(places, "tasks", "delete", "--force", task)
        subprocess.run(words, check=False, capture_output=True)


def _stop(places: Places, *names: str) -> None:
    for name in names:
        processes.stop(places, name)


def _ctr(places: Places, *words: str) -> bool:
    done = subprocess.run(pause.ctr(places, *words), check=False, capture_output=True)
    return done.returncode == 0


def _api_is_ready(places: Places) -> bool:
    return _kubectl(places, "get", "--raw", "/readyz").strip() == "ok"


def _kubectl(places: Places, *words: str) -> str:
    """What kubectl prints; nothing if it fails, or has no answer in time."""
    command = ["kubectl", f"--kubeconfig={places.kubeconfig}", f"--context={CONTEXT}", *words]
    environment = {**os.environ, "KUBECACHEDIR": str(places.top / "kubectl")}
    try:
        done = subprocess.run(
            command, check=False, capture_output=True, text=True, env=environment, timeout=_SECONDS
        )
    except subprocess.TimeoutExpired:
        return ""
    return done.stdout if done.returncode == 0 else ""


@contextmanager
def _step(tell: Tell, title: str) -> Iterator[None]:
    started = time.perf_counter()
    yield
    tell(f"{time.perf_counter() - started:6.1f} s  {title}")
