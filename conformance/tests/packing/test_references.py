"""What Zarf calls an image."""

from __future__ import annotations

import pytest

from injector_conformance.packing.errors import PackError
from injector_conformance.packing.unified import reference

DIGEST = f"sha256:{'0a' * 32}"


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("registry:3.1.1", "library/registry:3.1.1"),
        ("registry", "library/registry:latest"),
        ("library/registry:3", "library/registry:3"),
        ("docker.io/registry:3", "library/registry:3"),
        ("index.docker.io/library/registry:3", "library/registry:3"),
        ("docker.io/alpine/socat:1.8.0.3", "alpine/socat:1.8.0.3"),
        ("ghcr.io/registry:3", "registry:3"),
        (
            "registry1.example/ironbank/registry-v2:2.8",
            "ironbank/registry-v2:2.8",
        ),
        ("localhost/registry:3", "registry:3"),
        ("127.0.0.1:5000/a/b", "a/b:latest"),
        ("[::1]:5000/a/b:1", "a/b:1"),
        (f"registry@{DIGEST}", f"library/registry@{DIGEST}"),
        (f"ghcr.io/x/registry:3@{DIGEST}", f"x/registry@{DIGEST}"),
        ("a__b/c.d/e--f:_x-1.Y", "a__b/c.d/e--f:_x-1.Y"),
    ],
)
def test_hosts_go_and_paths_are_normalised(text: str, name: str) -> None:
    assert reference.parse(text).name == name


@pytest.mark.parametrize(
    "text",
    [
        *("", ":", "@", "Registry:3", "registry:", "registry:a b", "registry@sha256:00", "a//b"),
        *("/a", "a/", "-a", "a..b", "ghcr.io/", "registry:" + "x" * 129, f"registry@{DIGEST}0"),
        *("é:1", "a:1\n", "a/" * 130 + "b"),
    ],
)
def test_what_is_no_reference_is_refused(text: str) -> None:
    with pytest.raises(PackError, match="is no name of an image"):
        reference.parse(text)


def test_names_that_are_written_down_have_no_host() -> None:
    assert reference.annotated("my.team/registry:3").name == "my.team/registry:3"
    assert reference.annotated("seed:latest").name == "seed:latest"
