"""Where the demonstration takes place: on a cluster that nobody named only if it is ours."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from cluster_node import node
from cluster_node.places import CONTEXT, Places
from demo import __main__ as demo
from demo import cluster, handing_over, serving
from injector_conformance.cluster.kubectl import Kubectl

SECONDS = 400


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[tuple[object, ...]]:
    """What is told instead of a story."""
    calls: list[tuple[object, ...]] = []

    def on_cluster(work: Path, profile: str, kubectl: Kubectl) -> int:
        del work
        calls.append(("cluster", profile, kubectl.context, kubectl.kubeconfig))
        return 0

    monkeypatch.setattr(cluster, "tell", on_cluster)
    monkeypatch.setattr(serving, "tell", lambda _: calls.append(("serving",)))
    monkeypatch.setattr(handing_over, "tell", lambda _: calls.append(("handing over",)))
    return calls


CONTAINERS = ("serving",)
NODE = ("cluster", "unified", CONTEXT, Places().kubeconfig)
NAMED = ("--context", "mine", "--kubeconfig", "file")


@pytest.mark.parametrize(
    ("is_up", "words", "call", "says"),
    [
        (False, (), CONTAINERS, "make demo ARGS='--context NAME'"),
        (False, ("--profile", "stage1"), ("handing over",), "On Kubernetes itself: make cluster"),
        (True, (), NODE, "In containers: make demo ARGS=--containers"),
        (True, ("--containers",), CONTAINERS, "in containers, as asked for"),
        (True, NAMED, ("cluster", "unified", "mine", Path("file")), "the cluster of context mine"),
        (False, NAMED[:2], ("cluster", "unified", "mine", None), "the cluster of context mine"),
    ],
)
def test_it_says_where_it_takes_place_and_what_brings_the_other(
    *,
    is_up: bool,
    words: tuple[str, ...],
    call: tuple[object, ...],
    says: str,
    told: list[tuple[object, ...]],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(node, "is_ready", lambda _: is_up)

    assert demo.main(words) == 0

    assert told == [call]
    assert says in capsys.readouterr().out


def test_a_kubeconfig_alone_names_no_cluster(
    told: list[tuple[object, ...]], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as error:
        demo.main(["--kubeconfig", "file"])

    assert error.value.code == 2
    assert "name the context too, by --context NAME" in capsys.readouterr().err
    assert told == []


@pytest.mark.needs("kubectl")
def test_a_context_that_is_none_is_told_in_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    empty = tmp_path / "kubeconfig"
    empty.write_text("")

    assert demo.main(["--context", "no-such", "--kubeconfig", str(empty)]) == 1

    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 1
    assert lines[0].startswith("demo: kubectl get: ")
    assert "no-such" in lines[0]


@pytest.mark.needs("root", "node")
def test_on_the_node_an_image_is_served_pulled_and_run(kubeconfig: Path) -> None:
    command = [sys.executable, "-m", "demo"]

    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=SECONDS)

    assert (done.returncode, done.stderr) == (0, ""), done.stdout
    assert kubeconfig == Places().kubeconfig
    assert "the story of profile unified, on the node of make cluster" in done.stdout
    assert "library/seed:1 runs, with the digests that were packed" in done.stdout
    assert "all well in" in done.stdout
