"""The registry over real connections: NAMES and HTTP."""

from __future__ import annotations

import hashlib
import json

import pytest

from injector_fixtures.golden import unified
from injector_fixtures.oci.image import DOCKER_MANIFEST, OCI_MANIFEST
from tests.served import Served

LAYOUT = unified.small()
SEED, RELAY = LAYOUT.images.values()
LAYER = max(LAYOUT.blobs.values(), key=lambda one: one.size)
BLOB = f"/v2/library/seed/blobs/{LAYER.digest}"
UNKNOWN = f"sha256:{'0' * 64}"


def path_of(name: str, collection: str = "manifests") -> str:
    path, _, tag = name.rpartition(":")
    return f"/v2/{path}/{collection}/{tag}"


class TestRoot:
    @pytest.mark.parametrize("path", ["/v2/", "/v2", "/v2/?ns=docker.io", "/%76%32/"])
    def test_answers_200(self, served: Served, path: str) -> None:
        answer = served.ask(path)

        assert (answer.status, answer.body) == (200, b"{}")
        assert answer.fields["docker-distribution-api-version"] == "registry/2.0"

    def test_answers_head_without_a_body(self, served: Served) -> None:
        answer = served.ask("/v2/", "HEAD")

        assert (answer.status, answer.body, answer.fields["content-length"]) == (200, b"", "2")

    @pytest.mark.parametrize("path", ["/", "/v1/", "/v2x", "//v2/", "/v2/../v2/", "/v2//"])
    def test_is_nothing_else(self, served: Served, path: str) -> None:
        assert served.ask(path).status == 404


class TestManifests:
    @pytest.mark.parametrize("name", LAYOUT.images)
    @pytest.mark.parametrize("method", ["GET", "HEAD"])
    def test_are_found_by_tag_and_by_digest(self, served: Served, name: str, method: str) -> None:
        image = LAYOUT.images[name]
        for path in (path_of(name), f"{path_of(name).rpartition('/')[0]}/{image.digest}"):
            answer = served.ask(path, method)

            assert answer.status == 200
            assert answer.body == (image.manifest.data if method == "GET" else b"")
            assert answer.fields["content-type"] == image.manifest.media_type
            assert answer.fields["docker-content-digest"] == image.digest
            assert answer.fields["content-length"] == str(image.manifest.size)
            assert answer.fields["etag"] == f'"{image.digest}"'

    def test_have_the_types_of_both_kinds(self, served: Served) -> None:
        types = [served.ask(path_of(name)).fields["content-type"] for name in LAYOUT.images]

        assert types == [OCI_MANIFEST, DOCKER_MANIFEST]

    @pytest.mark.parametrize(
        "path",
        [
            "/v2/library/seed/manifests/latest",
            "/v2/seed/manifests/3.1.1",
            "/v2/library/Seed/manifests/3.1.1",
            "/v2/library/library/seed/manifests/3.1.1",
            "/v2/library/seed/manifests/3.1.1-zarf-1234",
            "/v2/library/seed/manifests/3.1.1/",
            "/v2/library/seed/manifests/",
            "/v2/library/seed/manifests",
            "/v2/library//seed/manifests/3.1.1",
            "/v2/library/seed:3.1.1/manifests/latest",
            f"/v2/library/seed/manifests/{UNKNOWN}",
            f"/v2/library/seed/manifests/{SEED.digest.upper()}",
            f"/v2/library/seed/manifests/{SEED.digest[:-1]}",
            f"/v2/library/seed/manifests/{SEED.digest}0",
            f"/v2/library/seed/manifests/sha512:{'0' * 128}",
            f"/v2/library/seed/manifests/{LAYER.digest}",
            f"/v2/library/seed/referrers/{SEED.digest}",
            f"/v2/library/seed/manifests/{SEED.digest.replace(':', '-')}",
            "/v2/_catalog",
            "/v2/library/seed/blobs/uploads/",
        ],
    )
    @pytest.mark.parametrize("method", ["GET", "HEAD"])
    def test_that_are_not_there_are_404(self, served: Served, path: str, method: str) -> None:
        answer = served.ask(path, method)

        assert answer.status == 404
        assert answer.fields["content-type"] == "application/json"
        if method == "GET":
            (error,) = json.loads(answer.body)["errors"]
            assert error["code"].isupper()

    @pytest.mark.parametrize(
        "path",
        [
            "/v2/library%2Fseed/manifests/3%2e1%2E1",
            f"/v2/library/seed/manifests/{SEED.digest.replace(':', '%3A')}",
            "/v2/library/seed/manifests/3.1.1?ns=docker.io&x=%zz",
            "http://elsewhere/v2/library/seed/manifests/3.1.1",
        ],
    )
    def test_are_found_by_other_spellings(self, served: Served, path: str) -> None:
        assert served.ask(path).body == SEED.manifest.data

    def test_are_served_whatever_is_accepted_or_told(self, served: Served) -> None:
        for fields in (
            {"Accept": "text/html"},
            {"Accept": ""},
            {"Authorization": "Basic eDp5"},
            {"Accept_Encoding": "gzip", "X-Unknown": "1"},
            {"If_None_Match": f'"{SEED.digest}"'},
        ):
            answer = served.ask(path_of(unified.SEED_IMAGE), **fields)

            assert answer.body == SEED.manifest.data
            assert "content-encoding" not in answer.fields


@pytest.mark.parametrize(
    "path",
    [
        "/v2/library/seed/blobs/..%2f..%2f..%2fetc%2fpasswd",
        "/v2/library/seed/blobs/sha256:../../index.json",
        "/v2/library/seed/blobs/sha256:..",
        "/v2/library/seed/blobs/sha256:",
        "/v2/library/seed/blobs/index.json",
        "/v2/library/seed/blobs/%2e%2e%2findex.json",
        "/v2/library/seed/manifests/../../index.json",
        f"/v2/library/seed/blobs/{LAYER.digest}%00",
        f"/v2/library/seed/blobs/{LAYER.digest.replace(':', '%253A')}",
        "/v2/library/seed/blobs/%zz",
        "/v2/library/seed/blobs/%",
        "/v2/%ff%fe/blobs/%ff",
    ],
)
def test_no_path_leads_to_anything_but_a_blob(served: Served, path: str) -> None:
    answer = served.ask(path)

    assert answer.status in {400, 404}
    assert b"schemaVersion" not in answer.body


class TestBlobs:
    @pytest.mark.parametrize("name", ["library/seed", "alpine/relay", "what/ever"])
    def test_are_found_by_digest_under_any_name(self, served: Served, name: str) -> None:
        for digits, blob in LAYOUT.blobs.items():
            got = served.ask(f"/v2/{name}/blobs/{blob.digest}")
            told = served.ask(f"/v2/{name}/blobs/{blob.digest}", "HEAD")

            assert hashlib.sha256(got.body).hexdigest() == digits
            assert got.fields["docker-content-digest"] == blob.digest
            assert got.fields["content-type"] == "application/octet-stream"
            assert told.body == b""
            assert int(told.fields["content-length"]) == blob.size == len(got.body)

    @pytest.mark.parametrize(
        ("asked", "first", "last"),
        [
            ("bytes=0-0", 0, 0),
            ("bytes=5-20", 5, 20),
            ("bytes=1000-", 1000, LAYER.size - 1),
            ("bytes=-7", LAYER.size - 7, LAYER.size - 1),
            ("BYTES=3-4", 3, 4),
            (f"bytes=0-{'9' * 40}", 0, LAYER.size - 1),
            (f"bytes=-{10**30}", 0, LAYER.size - 1),
            (f"bytes={LAYER.size - 1}-", LAYER.size - 1, LAYER.size - 1),
            ("bytes=0000000000000000000000000000007-8", 7, 8),
        ],
    )
    def test_are_sent_in_parts(self, served: Served, asked: str, first: int, last: int) -> None:
        answer = served.ask(BLOB, Range=asked)

        assert answer.status == 206
        assert answer.fields["content-range"] == f"bytes {first}-{last}/{LAYER.size}"
        assert answer.body == LAYOUT.data(LAYER.digest)[first : last + 1]

    @pytest.mark.parametrize("asked", [f"bytes={LAYER.size}-", "bytes=-0", f"bytes={10**30}-"])
    def test_have_no_part_behind_their_end(self, served: Served, asked: str) -> None:
        answer = served.ask(BLOB, Range=asked)

        assert answer.status == 416
        assert answer.fields["content-range"] == f"bytes */{LAYER.size}"

    @pytest.mark.parametrize(
        "asked",
        [
            "bytes=0-1,5-6",
            "lines=0-1",
            "bytes=5-2",
            "bytes=-",
            "bytes=a-b",
            "bytes",
            "bytes=1",
            "",
        ],
    )
    def test_are_sent_whole_for_other_ranges(self, served: Served, asked: str) -> None:
        answer = served.ask(BLOB, Range=asked)

        assert (answer.status, len(answer.body)) == (200, LAYER.size)

    def test_are_sent_whole_if_they_are_other_ones(self, served: Served) -> None:
        same = served.ask(BLOB, Range="bytes=0-0", If_Range=f'"{LAYER.digest}"')
        other = served.ask(BLOB, Range="bytes=0-0", If_Range='"x"')

        assert (same.status, other.status) == (206, 200)

    def test_have_no_parts_for_head(self, served: Served) -> None:
        answer = served.ask(BLOB, "HEAD", Range="bytes=0-0")

        assert (answer.status, answer.fields["content-length"]) == (200, str(LAYER.size))


def test_tags_are_listed(served: Served) -> None:
    assert json.loads(served.ask("/v2/library/seed/tags/list?n=1000").body) == {
        "name": "library/seed",
        "tags": ["3.1.1"],
    }
    assert served.ask("/v2/library/tags/list").status == 404


@pytest.mark.parametrize(
    "method", ["PUT", "POST", "PATCH", "DELETE", "OPTIONS", "TRACE", "get", "FROB", "CONNECT"]
)
def test_other_methods_are_not_allowed(served: Served, method: str) -> None:
    answer = served.ask(BLOB, method)

    assert (answer.status, answer.fields["allow"]) == (405, "GET, HEAD")
