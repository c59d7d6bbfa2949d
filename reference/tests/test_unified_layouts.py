"""NAMES and EXT as a process: broken layouts, and trees of earlier starts."""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path

import pytest

from injector_fixtures import gzip, layout, tar
from injector_fixtures.golden import unified
from injector_fixtures.oci import samples
from tests.served_samples import GOLDEN, INIT, TAG, end, largest
from tests.unified_process import serving, started


@pytest.mark.parametrize(
    ("index", "what"),
    [
        (b"", "no JSON object"),
        (b"[]", "no JSON object"),
        (b'{"manifests": []', "no JSON object"),
        (b'{"manifests": [NaN]}', "no JSON object"),
        (b'\xff{"manifests": []}', "no JSON object"),
        (b"[" * 100_000, "no JSON object"),
        (b"{}", "no list of manifests"),
        (b'{"manifests": {}}', "no list of manifests"),
    ],
)
def test_a_broken_index_ends_it(index: bytes, what: str, tmp_path: Path) -> None:
    with started(GOLDEN.with_index(index).init_directory(), tmp_path) as popen:
        status, complaint = end(popen)

    assert status == 1
    assert complaint == f"zarf-injector: NAMES-9: index.json is {what}\n".replace(
        "is no list", "has no list"
    )


def test_what_is_wrong_in_a_descriptor_hides_no_other(tmp_path: Path) -> None:
    index = json.loads(GOLDEN.index)
    good = index["manifests"][0]
    index["manifests"] = [
        None,
        7,
        [],
        {},
        {**good, "digest": 5},
        {**good, "digest": "sha256:../../index.json"},
        {**good, "annotations": None},
        {**good, "annotations": ["x"]},
        {**good, "annotations": {"org.opencontainers.image.base.name": 1}},
        {**good, "annotations": {"org.opencontainers.image.base.name": "\ud800:1"}},
        {**good, "annotations": {"org.opencontainers.image.base.name": "no-tag"}},
        {**good, "mediaType": "a/b\r\nX: y", "size": 10**30},
    ]
    text = json.dumps(index).encode().replace(b"1000000", b"1" * 5000)
    with serving(GOLDEN.with_index(text).init_directory(), tmp_path) as served:
        answer = served.ask(TAG)

    assert answer.status == 200
    assert answer.fields["content-type"] == good["mediaType"]


@pytest.mark.parametrize("member", [b"f", b"blobs", b"blobs/sha256"])
def test_a_payload_that_is_no_layout_is_served_empty(member: bytes, tmp_path: Path) -> None:
    init = layout.chunked(gzip.tgz(tar.file(member, b"content")))
    with serving(init, tmp_path) as served:
        assert served.ask("/v2/").status == 200
        assert served.ask(TAG).status == 404
        assert served.ask(f"/v2/a/blobs/{largest(GOLDEN).digest}").status == 404


def test_links_in_the_place_of_blobs_lead_nowhere(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_bytes(b"secret")
    digits = hashlib.sha256(b"secret").hexdigest().encode()
    outside = os.fsencode(secret)
    init = layout.chunked(
        gzip.tgz(
            tar.directory(b"blobs"),
            tar.directory(b"blobs/sha256"),
            tar.symlink(b"blobs/sha256/" + digits, outside),
            tar.directory(b"blobs/sha256/" + b"0" * 64),
            tar.file(b"blobs/sha256/" + b"1" * 64, b"{}"),
        )
    )
    with serving(init, tmp_path) as served:
        for collection in ("blobs", "manifests"):
            for name in (digits.decode(), "0" * 64):
                assert served.ask(f"/v2/a/{collection}/sha256:{name}").status == 404
        assert served.ask(f"/v2/a/manifests/sha256:{'1' * 64}").status == 200


class TestEarlierTree:
    def test_of_another_payload_is_replaced(self, tmp_path: Path) -> None:
        first = samples.plain()
        with serving(first.init_directory(), tmp_path) as served:
            assert served.ask(f"/v2/a/blobs/{largest(first).digest}").status == 200
        with serving(INIT, tmp_path) as served:
            assert served.ask(TAG).body == GOLDEN.images[unified.SEED_IMAGE].manifest.data
            assert served.ask(f"/v2/a/blobs/{largest(first).digest}").status == 404

    @pytest.mark.parametrize("what", ["link", "file", "closed"])
    def test_may_be_of_any_shape(self, what: str, tmp_path: Path) -> None:
        seed = tmp_path / "seed"
        outside = tmp_path / "outside"
        (outside / "sha256").mkdir(parents=True)
        (outside / "sha256" / "kept").write_bytes(b"kept")
        (seed / "index.json").mkdir(parents=True)
        (seed / "index.json" / "deep").symlink_to(outside)
        (seed / "lost+found").mkdir()
        if what == "link":
            (seed / "blobs").symlink_to(outside)
        elif what == "file":
            (seed / "blobs").write_bytes(b"")
        else:
            (seed / "blobs" / "sha256").mkdir(parents=True)
            (seed / "blobs" / "sha256" / largest(GOLDEN).hexadecimal).write_bytes(b"cut sh")
            (seed / "blobs" / "sha256" / largest(GOLDEN).hexadecimal).chmod(0)
        with serving(INIT, tmp_path) as served:
            answer = served.ask(f"/v2/a/blobs/{largest(GOLDEN).digest}")

        assert hashlib.sha256(answer.body).hexdigest() == largest(GOLDEN).hexadecimal
        assert (outside / "sha256" / "kept").read_bytes() == b"kept"
        assert (seed / "lost+found").is_dir()

    def test_stays_if_the_payload_is_not_the_right_one(self, tmp_path: Path) -> None:
        with serving(INIT, tmp_path):
            pass
        before = sorted((tmp_path / "seed").rglob("*"))
        with started(INIT, tmp_path, words=("0" * 64,)) as popen:
            assert end(popen)[0] == 1

        assert sorted((tmp_path / "seed").rglob("*")) == before
