"""The node comes up, says what it is, and leaves no trace."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from cluster_node import NodeError, built, node, processes, traces
from cluster_node.places import Places


@pytest.mark.needs("root", "node")
def test_a_node_that_is_up_is_not_brought_up_twice(kubeconfig: Path) -> None:
    command = [sys.executable, "-m", "cluster_node", "up"]

    done = subprocess.run(command, check=True, capture_output=True, text=True)

    assert "the node is up already" in done.stdout
    assert f"kubeconfig: {kubeconfig}" in done.stdout


@pytest.mark.needs("root", "node")
def test_its_processes_run(kubeconfig: Path) -> None:
    assert sorted(processes.running(Places(kubeconfig.parent))) == [
        *("containerd", "etcd", "kube-apiserver", "kube-controller-manager", "kubelet"),
    ]


def test_a_process_that_ended_is_not_waited_for(tmp_path: Path) -> None:
    places = Places(tmp_path)
    processes.start(places, "short", ["/bin/sh", "-c", "echo no such option; exit 1"])

    with pytest.raises(NodeError, match="short ended: no such option"):
        processes.wait_for(places, "short", lambda: False, 20)


def test_an_id_that_is_somebody_elses_is_let_be(tmp_path: Path) -> None:
    places = Places(tmp_path)
    sleeper = subprocess.Popen(["sleep", "60"])
    try:
        places.processes.mkdir()
        (places.processes / "kubelet").write_text(f"{sleeper.pid} 1\n")

        processes.stop(places, "kubelet")

        assert sleeper.poll() is None
        assert processes.running(places) == []
    finally:
        sleeper.kill()
        sleeper.wait()


def test_a_process_is_ended_and_forgotten(tmp_path: Path) -> None:
    places = Places(tmp_path)
    processes.start(places, "long", ["sleep", "60"])
    assert processes.running(places) == ["long"]

    processes.stop(places, "long")

    assert processes.running(places) == []


@pytest.mark.needs("root")
def test_mounts_below_its_directory_are_found(tmp_path: Path) -> None:
    places = Places(tmp_path / "node")
    inner = places.top / "a b"
    inner.mkdir(parents=True)
    subprocess.run(["mount", "-t", "tmpfs", "tmpfs", inner], check=True)
    try:
        assert {f"mount {inner}", f"directory {places.top}"} <= {*traces.left(places)}
    finally:
        subprocess.run(["umount", inner], check=True)

    assert traces.mounts(places) == []


def test_what_was_built_is_kept_below_the_versions_of_its_parts(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    before = built.directory()
    monkeypatch.setattr(built, "PROGRAMS", (*built.PROGRAMS, "kube-proxy"))

    assert before.parent == tmp_path / "injector-conformance"
    assert built.directory() != before
    assert not built.are_there()


def test_packages_that_are_missing_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.geteuid", lambda: 0)
    monkeypatch.setenv("PATH", "/nowhere")

    with pytest.raises(NodeError, match=r"apt-get install .*etcd-server.*kubernetes-client"):
        node.check()


def test_others_than_root_are_told_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.geteuid", lambda: 1000)

    with pytest.raises(NodeError, match="needs root"):
        node.check()
