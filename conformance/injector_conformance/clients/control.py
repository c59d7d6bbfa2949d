"""The control: docker's registry, from which all clients have long pulled, on the same layout."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from injector_conformance.bench import contestants
from injector_conformance.bench.contestants import Contestant, Peer
from injector_conformance.bench.serving.contestants import EXTRACT, EXTRACTING, REGISTRY, shell
from injector_conformance.profiles import UNIFIED
from injector_fixtures.oci.layout import Layout

PROGRAM: Final = "docker-registry"

_STORE: Final = """\
address=$2
top=/zarf-seed/distribution/docker/registry/v2
mkdir -p $top/blobs/sha256
for one in blobs/sha256/*; do
  digits=${one##*/}
  at=$top/blobs/sha256/${digits%"${digits#??}"}/$digits
  mkdir -p $at
  ln $one $at/data
done
put() {
  mkdir -p "$1"
  printf %s "sha256:$2" >"$1/link"
}
image() {
  at=$top/repositories/$1 tag=$2 manifest=$3
  shift 3
  for one; do
    put $at/_layers/sha256/$one $one
  done
  put $at/_manifests/revisions/sha256/$manifest $manifest
  put $at/_manifests/tags/$tag/current $manifest
  put $at/_manifests/tags/$tag/index/sha256/$manifest $manifest
}
"""
"""Its storage: each blob once, and for each repository links to what is in it."""


def find(layout: Layout) -> tuple[Contestant | None, str]:
    """The control, and why there is none."""
    script = EXTRACT + _STORE + "".join(_images(layout)) + REGISTRY
    needs = (*EXTRACTING, PROGRAM)
    peer = Peer(PROGRAM, PROGRAM, shell(script), needs, package=PROGRAM)
    found, missing = contestants.find((), (peer,), UNIFIED)
    return (found[0], "") if found else (None, missing[PROGRAM])


def _images(layout: Layout) -> Iterator[str]:
    for name, image in layout.images.items():
        path, _, tag = name.rpartition(":")
        blobs = (one.hexadecimal for one in image.blobs)
        yield " ".join(("image", path, tag, image.manifest.hexadecimal, *blobs)) + "\n"
