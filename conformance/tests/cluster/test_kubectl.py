"""kubectl as a program that answers what was recorded, or fails."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from injector_conformance.cli import main
from injector_conformance.cluster import nodes
from injector_conformance.cluster.errors import ClusterError, UsageError
from injector_conformance.cluster.kubectl import Kubectl

PAUSE = "registry.k8s.io/pause:3.9"
NODES = {
    "kind": "List",
    "items": [
        {
            "metadata": {"name": name},
            "spec": spec,
            "status": {
                "conditions": [{"type": "Ready", "status": ready}],
                "nodeInfo": {
                    "architecture": "amd64",
                    "containerRuntimeVersion": "containerd://1.6.20",
                    "kubeletVersion": "v1.34.1",
                },
                "images": [
                    {"names": ["big:1"], "sizeBytes": 9000},
                    {"names": [f"{PAUSE.rpartition(':')[0]}@sha256:0", PAUSE], "sizeBytes": 300},
                    {"names": ["<none>@<none>"], "sizeBytes": 1},
                    {"names": ["127.0.0.1:24146/library/nothing:1"], "sizeBytes": 2},
                ],
            },
        }
        for name, ready, spec in (
            ("control", "True", {"taints": [{"key": "control-plane", "effect": "NoSchedule"}]}),
            ("lost", "Unknown", {}),
            ("closed", "True", {"unschedulable": True}),
            ("worker", "True", {"taints": [{"key": "x", "effect": "PreferNoSchedule"}]}),
        )
    ],
}

Fake = Callable[[str], Path]


@pytest.fixture
def fake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Fake:
    """Puts a kubectl on PATH that is this shell script; its words go into a file."""

    def make(script: str) -> Path:
        program = tmp_path / "kubectl"
        words = tmp_path / "words"
        program.write_text(f'#!/bin/sh\nprintf "%s\\n" "$@" >>{words}\n{script}\n')
        program.chmod(0o755)
        monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
        return words

    return make


def said(fake: Fake, document: object) -> Path:
    return fake(f"cat <<'END'\n{json.dumps(document)}\nEND")


def test_the_first_node_that_takes_pods_is_chosen_with_its_smallest_image(fake: Fake) -> None:
    said(fake, NODES)

    node = nodes.choose(Kubectl())

    assert (node.name, node.architecture, node.image) == ("worker", "amd64", PAUSE)


def test_a_node_can_be_named_that_takes_no_other_pods(fake: Fake) -> None:
    said(fake, NODES)

    assert nodes.choose(Kubectl(), "control").name == "control"


def test_a_node_that_is_not_there_is_answered_with_those_that_are(fake: Fake) -> None:
    said(fake, NODES)

    with pytest.raises(UsageError, match=r"--node x: .* control, lost, closed, worker"):
        nodes.choose(Kubectl(), "x")


def test_no_node_is_the_clusters_fault(fake: Fake) -> None:
    said(fake, {"items": NODES["items"][:3]})

    with pytest.raises(ClusterError, match="no node is ready"):
        nodes.choose(Kubectl())


def test_context_and_kubeconfig_reach_kubectl(fake: Fake, tmp_path: Path) -> None:
    words = said(fake, NODES)

    nodes.choose(Kubectl("kind-kind", tmp_path / "config"))

    assert {"--context=kind-kind", f"--kubeconfig={tmp_path}/config"} <= {
        *words.read_text().splitlines()
    }


@pytest.mark.parametrize(
    ("script", "message"),
    [
        pytest.param(
            "echo 'E1126 1 memcache.go:265] couldnt get' >&2\n"
            "echo 'error: the server refused' >&2; exit 1",
            "kubectl get: the server refused$",
            id="its last line",
        ),
        pytest.param("exit 1", "failed without a word", id="without a word"),
        pytest.param("echo no", "printed no JSON", id="no JSON"),
        pytest.param("echo []", "printed no object", id="no object"),
    ],
)
def test_what_kubectl_fails_with_is_told_in_one_line(
    fake: Fake, script: str, message: str
) -> None:
    fake(script)

    with pytest.raises(ClusterError, match=message) as error:
        nodes.choose(Kubectl())

    assert "\n" not in str(error.value)


def test_objects_are_applied_by_the_server(fake: Fake, tmp_path: Path) -> None:
    words = fake(f"cat >{tmp_path}/given")

    Kubectl().create([{"kind": "ConfigMap"}])

    assert "--server-side" in words.read_text().splitlines()
    assert json.loads((tmp_path / "given").read_text())["items"] == [{"kind": "ConfigMap"}]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        pytest.param([], "no injector named", id="nothing"),
        pytest.param(["--", "python3", "x.py"], "name one program", id="words"),
        pytest.param(["--port", "5", "--", "/bin/true"], "--port mean nothing", id="port"),
        pytest.param(["--kubeconfig", "/no", "--", "/bin/true"], "/no: there is no", id="file"),
        pytest.param(["--json", "/no/x", "--", "/bin/true"], "no such directory", id="folder"),
        pytest.param(["--pack", "x", "--", "/bin/true"], "--pack and", id="pack"),
        pytest.param(["--", "/no/injector"], "cannot be read", id="no injector"),
    ],
)
def test_wrong_usage_is_told_before_anything_is_made(
    words: list[str], message: str, fake: Fake, capsys: pytest.CaptureFixture[str]
) -> None:
    called = said(fake, NODES)

    assert main(["cluster", *words]) == 2

    assert message in capsys.readouterr().err
    assert not called.exists()


def test_a_cluster_that_cannot_be_reached_says_nothing_about_the_injector(
    fake: Fake, capsys: pytest.CaptureFixture[str]
) -> None:
    fake("echo 'The connection to the server localhost:8080 was refused' >&2; exit 1")

    assert main(["cluster", "--", "/bin/true"]) == 3

    assert "localhost:8080 was refused" in capsys.readouterr().err
