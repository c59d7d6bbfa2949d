"""The story as somebody plays it who has a kubeconfig, an injector, and nothing else of ours."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from cluster_node.places import CONTEXT
from injector_conformance.cluster.place import PREFIX

pytestmark = [pytest.mark.needs("root", "node")]

SECONDS = 400


@pytest.fixture
def user(kubeconfig: Path, tmp_path: Path) -> dict[str, str]:
    """The environment of one whose kubectl knows the cluster among others, not as the current one.

    Their kubeconfig refers to no file: what is in the node's own directory is not theirs.
    """
    words = ("config", "view", "--flatten", "--raw")
    done = subprocess.run(
        ["kubectl", f"--kubeconfig={kubeconfig}", *words],
        check=True,
        capture_output=True,
        text=True,
    )
    own = tmp_path / ".kube" / "config"
    own.parent.mkdir()
    own.write_text(done.stdout.replace(f"current-context: {CONTEXT}", "current-context: other"))
    own.chmod(0o600)
    assert str(kubeconfig.parent) not in own.read_text()
    programs = tmp_path / "bin"
    programs.mkdir()
    (programs / "kubectl").symlink_to(str(shutil.which("kubectl")))
    kept = {name: os.environ[name] for name in ("TMPDIR",) if name in os.environ}
    return {**kept, "PATH": str(programs), "HOME": str(tmp_path)}


@pytest.mark.parametrize(
    ("profile", "name"), [("stage1", "zarf-injector"), ("unified", "zarf-injector-unified")]
)
def test_a_context_is_enough(
    profile: str, name: str, user: dict[str, str], native: Path, tmp_path: Path
) -> None:
    shutil.copyfile(native / f"{name}-x86_64", tmp_path / "zarf-injector")
    command = [sys.executable, "-P", "-m", "injector_conformance", "cluster"]

    done = subprocess.run(
        [*command, "--context", CONTEXT, "--profile", profile, "--", "./zarf-injector"],
        cwd=tmp_path,
        env=user,
        check=False,
        capture_output=True,
        text=True,
        timeout=SECONDS,
    )

    assert (done.returncode, done.stderr) == (0, ""), done.stdout
    assert f"kept: the whole story on a real cluster, profile {profile}" in done.stdout


def test_nothing_is_made_where_no_context_is_named(
    user: dict[str, str], native: Path, tmp_path: Path, kubeconfig: Path
) -> None:
    """The current context is none that there is: the cluster that is there is not taken for it."""
    command = [sys.executable, "-P", "-m", "injector_conformance", "cluster"]
    program = native / "zarf-injector-x86_64"

    done = subprocess.run(
        [*command, "--", str(program)],
        cwd=tmp_path,
        env=user,
        check=False,
        capture_output=True,
        text=True,
        timeout=SECONDS,
    )

    assert done.returncode == 3
    assert len(done.stderr.splitlines()) == 1
    listed = ["kubectl", f"--kubeconfig={kubeconfig}", "get", "namespaces", "--output=name"]
    there = subprocess.run(listed, check=True, capture_output=True, text=True).stdout
    assert PREFIX not in there
