"""Containerd as a client: asked by ``ctr``, and by CRI as a kubelet asks it."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from injector_conformance import cli
from injector_conformance.clients import sample
from injector_conformance.clients.cri import Cri

REFERENCE = (sys.executable, "-m", "zarf_injector.unified")

pytestmark = pytest.mark.needs("namespaces", "root", "containerd", "ctr")


@pytest.mark.parametrize(
    "client",
    ["containerd", pytest.param("containerd-cri", marks=pytest.mark.needs("crictl"))],
)
def test_it_pulls_and_goes_on_where_it_was_cut_off(
    client: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(sample, "LARGE_SIZE", 4 * sample.MEBIBYTE)
    path = tmp_path / "out.json"

    status = cli.main(
        ["clients", "--only", client, "--level", "should", "--json", str(path), "--", *REFERENCE]
    )

    [told] = json.loads(path.read_text())["clients"]
    results = {one["trial"]: one for one in told["results"]}
    assert status == 0, results
    assert told["id"] == client
    pulls = {"tag", "digest", "at-once", "cut-1", "cut-3"}
    assert {trial for trial, one in results.items() if one["outcome"] == "passed"} == pulls
    assert results["cut-3"]["resumed"] == "range"


def test_without_crictl_it_is_said_what_brings_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name in ("containerd", "ctr"):
        (tmp_path / name).write_text("")
        (tmp_path / name).chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))

    missing = Cri().missing()

    assert missing is not None
    assert missing.startswith("crictl not on PATH; install the package cri-tools")
