"""The objects that Zarf makes for images, and the options of those for files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from injector_conformance.cli import main
from tests.packing.sources import docker_image

POD_SECURITY = {
    "runAsUser": 1000,
    "runAsGroup": 2000,
    "fsGroup": 2000,
    "seccompProfile": {"type": "RuntimeDefault"},
}


@pytest.fixture
def image(tmp_path: Path) -> str:
    path = tmp_path / "image.tar"
    path.write_bytes(docker_image().content)
    return str(path)


def objects(tmp_path: Path, *words: str) -> dict[str, Any]:
    """What the command writes, by file name."""
    injector = tmp_path / "zarf-injector"
    injector.write_bytes(b"program")
    out = tmp_path / "out"
    options = ["--manifests", "--injector", str(injector), "-o", str(out)]
    assert main(["pack", *options, *words]) == 0
    return {path.stem: yaml.safe_load(path.read_text()) for path in (out / "manifests").iterdir()}


def digest_of(capsys: pytest.CaptureFixture[str]) -> str:
    return capsys.readouterr().out.split()[-1]


def test_node_port_mode(image: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    made = objects(tmp_path, "--profile", "unified", "--node-port", "31999", image)
    pod, service = made["pod-injector"], made["service-zarf-injector"]
    (container,) = pod["spec"]["containers"]

    assert set(made) == {
        *("configmap-rust-binary", "configmap-zarf-payload-000"),
        *("pod-injector", "service-zarf-injector"),
    }
    assert container["command"] == [
        *("/zarf-init/zarf-injector", digest_of(capsys), "0.0.0.0:5000"),
    ]
    assert service["spec"]["selector"].items() <= pod["metadata"]["labels"].items()
    assert service["spec"]["ports"] == [{"port": 5000, "targetPort": 5000, "nodePort": 31999}]
    assert pod["spec"]["securityContext"] == POD_SECURITY
    assert container["resources"]["limits"] == {"cpu": "1", "memory": "256Mi"}
    assert container["readinessProbe"]["httpGet"] == {"path": "/v2/", "port": 5000}
    assert made["configmap-zarf-payload-000"]["metadata"]["labels"] == {
        "zarf-injector": "payload",
        "zarf.dev/package": "init",
    }
    volumes = {one["name"]: one for one in pod["spec"]["volumes"]}
    assert {one["name"] for one in container["volumeMounts"]} == set(volumes)
    assert volumes["init"]["configMap"] == {"name": "rust-binary", "defaultMode": 0o777}


def test_proxy_mode(image: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ("--profile", "unified", "--mode", "proxy", "--namespace", "other")
    made = objects(tmp_path, *words, image)
    daemons = made["daemonset-zarf-injector"]
    template = daemons["spec"]["template"]
    (container,) = template["spec"]["containers"]

    assert {one["metadata"]["namespace"] for one in made.values()} == {"other"}
    assert not any(one["kind"] in {"Pod", "Service"} for one in made.values())
    labels = daemons["spec"]["selector"]["matchLabels"]
    assert labels.items() <= template["metadata"]["labels"].items()
    assert container["command"][1:] == [digest_of(capsys), "0.0.0.0:5001"]
    assert container["ports"] == [{"containerPort": 5001, "hostPort": 5001, "hostIP": "127.0.0.1"}]
    assert container["resources"]["limits"] == {"cpu": "200m", "memory": "256Mi"}
    assert "nodeSelector" not in template["spec"]


def test_proxy_mode_without_ipv4(image: str, tmp_path: Path) -> None:
    words = ("--profile", "unified", "--mode", "proxy", "--ipv6", "--host-port", "5002")
    spec = objects(tmp_path, *words, image)["daemonset-zarf-injector"]["spec"]["template"]["spec"]

    assert spec["hostNetwork"] is True
    assert spec["containers"][0]["ports"] == [{"containerPort": 5002}]
    assert spec["containers"][0]["command"][2] == "[::]:5002"


@pytest.mark.parametrize("profile", ["stage1", "unified"])
def test_nodes_of_an_architecture(profile: str, image: str, tmp_path: Path) -> None:
    made = objects(tmp_path, "--profile", profile, "--node-arch", "arm64", image)
    assert made["pod-injector"]["spec"]["nodeSelector"] == {"kubernetes.io/arch": "arm64"}


def test_the_pod_for_files_is_restricted_if_asked(image: str, tmp_path: Path) -> None:
    spec = objects(tmp_path, "--restricted", image)["pod-injector"]["spec"]
    (injector,) = spec["initContainers"]

    assert spec["securityContext"] == POD_SECURITY
    assert injector["securityContext"]["readOnlyRootFilesystem"] is True
    assert injector["securityContext"]["capabilities"] == {"drop": ["ALL"]}


def test_the_pod_for_files_is_not_restricted_of_itself(image: str, tmp_path: Path) -> None:
    spec = objects(tmp_path, image)["pod-injector"]["spec"]
    assert "securityContext" not in spec
    assert "securityContext" not in spec["initContainers"][0]
