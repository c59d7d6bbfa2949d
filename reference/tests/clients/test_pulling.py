"""Every client that the judge knows pulls every golden image, and lists its tags."""

from __future__ import annotations

from pathlib import Path

import pytest

from injector_conformance.clients.client import Client
from injector_conformance.clients.known import CLIENTS
from tests.clients.registry import PROGRAMS, Registry

NEEDS = {
    "docker": ("container", "docker"),
    "containerd": ("containerd", "ctr", "root"),
    "containerd-cri": ("containerd", "crictl", "root"),
    "podman": ("podman", "root"),
}
"""Prerequisites of clients that need more than a program of their own name."""


def all_that(ability: str) -> list[object]:
    return [
        pytest.param(one, id=one.id, marks=pytest.mark.needs(*NEEDS.get(one.id, (one.id,))))
        for one in CLIENTS
        if ability in one.abilities
    ]


@pytest.mark.parametrize("client", all_that("pull"))
def test_pulls_every_image(client: Client, golden: Registry, tmp_path: Path) -> None:
    assert client.missing() is None
    (tmp_path / "store").mkdir()
    with client.opened(PROGRAMS, tmp_path / "store") as session:
        for number, reference in enumerate(golden.references()):
            home = tmp_path / str(number)
            home.mkdir()
            session.pull(reference, home)


@pytest.mark.parametrize("client", all_that("tags"))
def test_lists_tags(client: Client, golden: Registry, tmp_path: Path) -> None:
    (tmp_path / "store").mkdir()
    with client.opened(PROGRAMS, tmp_path / "store") as session:
        for reference in golden.references():
            home = tmp_path / reference.tag
            home.mkdir(exist_ok=True)
            session.tags(reference, home)
