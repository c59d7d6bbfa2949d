"""OCI's own judges of registries, reading what is there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from injector_fixtures.oci.image import Image
from tests.clients.registry import PROGRAMS, Registry


def seed_of(registry: Registry) -> Image:
    return registry.layout.images["library/seed:3.1.1"]


@pytest.mark.needs("oci-conformance-1.1")
def test_the_suite_for_1_1_passes_all_that_is_about_pulling(
    golden: Registry, tmp_path: Path
) -> None:
    seed = seed_of(golden)
    told = {
        "OCI_ROOT_URL": f"http://{golden.host}",
        "OCI_NAMESPACE": "library/seed",
        "OCI_TEST_PULL": "1",
        "OCI_TAG_NAME": "3.1.1",
        "OCI_MANIFEST_DIGEST": seed.digest,
        "OCI_BLOB_DIGEST": seed.blobs[1].digest,
        "OCI_REPORT_DIR": "none",
    }
    done = PROGRAMS.run("oci-conformance-1.1", "-ginkgo.no-color", home=tmp_path, environment=told)

    assert done.returncode == 0, done.stdout
    assert "14 Passed | 0 Failed" in done.stdout


@pytest.mark.needs("oci-conformance")
def test_the_program_of_today_fails_nothing(golden: Registry, tmp_path: Path) -> None:
    """Its exit status says nothing: it crashes behind its report where nothing can be pushed."""
    seed = seed_of(golden)
    told = {
        "OCI_REGISTRY": golden.host,
        "OCI_TLS": "disabled",
        "OCI_REPO1": "library/seed",
        "OCI_API_PUSH": "false",
        "OCI_API_BLOBS_DELETE": "false",
        "OCI_API_MANIFESTS_DELETE": "false",
        "OCI_API_TAGS_DELETE": "false",
        "OCI_API_REFERRER": "false",
        "OCI_RO_DATA_TAGS": "3.1.1",
        "OCI_RO_DATA_MANIFESTS": seed.digest,
        "OCI_RO_DATA_BLOBS": " ".join(one.digest for one in seed.blobs),
        "OCI_RESULTS_DIR": str(tmp_path / "results"),
    }
    report = PROGRAMS.run("oci-conformance", home=tmp_path, environment=told).stdout
    results = dict(re.findall(r"^  ([A-Z][\w ]+?)\.+: +(\S+)$", report, re.MULTILINE))

    assert "OCI Conformance Result: Pass" in report
    assert (results["FAIL"], results["Error"]) == ("0", "0")
    for judged in ("Ping", "Blob get", "Blob head", "Tag listing", "Manifest get by tag"):
        assert results[judged] == "Pass"
