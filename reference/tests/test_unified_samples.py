"""Layouts of every kind over real connections: what can be pulled, and under which names."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from injector_fixtures.oci import samples
from injector_fixtures.oci.image import OCI_INDEX, OCI_MANIFEST
from injector_fixtures.oci.layout import Layout
from tests.served import serve
from tests.test_unified_serving import path_of


@pytest.mark.parametrize(
    "layout",
    [
        samples.unannotated(),
        samples.annotated_by_digest(),
        samples.with_index(),
        samples.compressed_by("zstd"),
        samples.without_media_type(),
        samples.empty_blob(),
        samples.deep_name(),
        samples.tags_of_one_name(),
        samples.many_blobs(),
    ],
    ids=["unannotated", "digest", "index", "zstd", "untyped", "empty", "deep", "tags", "many"],
)
def test_every_sample_can_be_pulled(layout: Layout, tmp_path: Path) -> None:
    with serve(layout, tmp_path) as served:
        for name, image in layout.images.items():
            answer = served.ask(path_of(name))
            assert answer.body == image.manifest.data
            assert answer.fields["content-type"] == image.manifest.media_type
        for descriptor in json.loads(layout.index)["manifests"]:
            answer = served.ask(f"/v2/a/manifests/{descriptor['digest']}")
            assert answer.body == layout.data(descriptor["digest"])
        for blob in list(layout.blobs.values())[:50]:
            assert served.ask(f"/v2/a/blobs/{blob.digest}").body == layout.data(blob.digest)


def test_children_of_an_index_are_served_as_what_they_are(tmp_path: Path) -> None:
    layout = samples.with_index()
    with serve(layout, tmp_path) as served:
        index = served.ask("/v2/tools/many/manifests/1")
        children = [one["digest"] for one in json.loads(index.body)["manifests"]]
        types = [
            served.ask(f"/v2/tools/many/manifests/{one}").fields["content-type"]
            for one in children
        ]

    assert index.fields["content-type"] == OCI_INDEX
    assert types == [OCI_MANIFEST, OCI_MANIFEST]


def test_a_digest_in_an_annotation_makes_no_name(tmp_path: Path) -> None:
    layout = samples.annotated_by_digest()
    with serve(layout, tmp_path) as served:
        digits = json.loads(layout.index)["manifests"][1]["digest"].removeprefix("sha256:")

        assert served.ask(f"/v2/tools/pinned@sha256/manifests/{digits}").status == 404
        assert served.ask("/v2/tools/pinned/tags/list").status == 404
