"""OCI's own judges of registries, as far as they are about pulling.

They pull as clients do and look closer at what comes. Nothing else of them is asked: an injector
takes no push.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from injector_conformance.clients.client import Ability, Reference, Session, absent, expect
from injector_conformance.clients.errors import PullError
from injector_conformance.clients.programs import Programs, last_line

_PACKAGE: Final = "github.com/opencontainers/distribution-spec/conformance"

_SPECS: Final = "14 Passed | 0 Failed"
"""What the suite for 1.1 says of its category *pull*, whole."""

_RESULT: Final = re.compile(r"^  ([A-Z][\w ]+?)\.+: +(\S+)$", re.MULTILINE)

_APIS: Final[Mapping[str, Sequence[str]]] = {
    "tag": ("Ping", "Manifest get by tag", "Manifest head by tag"),
    "digest": ("Manifest get by digest", "Manifest head by digest", "Blob get", "Blob head"),
    "tags": ("Tag listing",),
}
"""What the program of today says of what we try."""


@dataclass(frozen=True, slots=True)
class Suite:
    """The suite for version 1.1 of the specification, as a program of Go's tests."""

    id: str = "oci-conformance-1.1"
    abilities: frozenset[Ability] = frozenset({"pull"})

    def missing(self) -> str | None:
        """See :class:`Client`."""
        return absent(self.id, package=f"{_PACKAGE}, go test -c")

    def version(self, programs: Programs, home: Path) -> str:
        """See :class:`Client`. Its name says it."""
        del programs, home
        return ""

    @contextmanager
    def opened(self, programs: Programs, directory: Path) -> Iterator[_Judging]:
        """See :class:`Client`."""
        del directory
        yield _Judging(programs)


@dataclass(frozen=True, slots=True)
class _Judging(Session):
    programs: Programs

    def pull(self, reference: Reference, home: Path) -> None:
        """See :class:`Session`. It pulls by tag and by digest, whatever is wanted."""
        image = reference.image
        told = {
            "OCI_ROOT_URL": f"http://{reference.host}",
            "OCI_NAMESPACE": reference.path,
            "OCI_TEST_PULL": "1",
            "OCI_TAG_NAME": reference.tag,
            "OCI_MANIFEST_DIGEST": image.digest,
            "OCI_BLOB_DIGEST": image.blobs[1].digest,
            "OCI_REPORT_DIR": "none",
        }
        words = ("oci-conformance-1.1", "-ginkgo.no-color")
        done = self.programs.run(*words, home=home, environment=told)
        if done.returncode or _SPECS not in done.stdout:
            lines = [one.strip() for one in done.stdout.splitlines() if "[FAIL]" in one]
            raise PullError(lines[0] if lines else last_line(done.stdout + done.stderr))


@dataclass(frozen=True, slots=True)
class Program:
    """The program that came after it."""

    id: str = "oci-conformance"
    abilities: frozenset[Ability] = frozenset({"pull", "tags"})

    def missing(self) -> str | None:
        """See :class:`Client`."""
        return absent(self.id, package=_PACKAGE)

    def version(self, programs: Programs, home: Path) -> str:
        """See :class:`Client`. It tells none."""
        del programs, home
        return ""

    @contextmanager
    def opened(self, programs: Programs, directory: Path) -> Iterator[_Reporting]:
        """See :class:`Client`."""
        del directory
        yield _Reporting(programs)


@dataclass(frozen=True, slots=True)
class _Reporting(Session):
    programs: Programs

    def pull(self, reference: Reference, home: Path) -> None:
        """See :class:`Session`."""
        self._report(reference, home, _APIS[reference.by])

    def tags(self, reference: Reference, home: Path) -> None:
        """See :class:`Session`."""
        self._report(reference, home, _APIS["tags"])

    def _report(self, reference: Reference, home: Path, judged: Sequence[str]) -> None:
        # Its exit status says nothing: it crashes behind its report where nothing can be pushed.
        told = {
            "OCI_REGISTRY": reference.host,
            "OCI_TLS": "disabled",
            "OCI_REPO1": reference.path,
            "OCI_API_PUSH": "false",
            "OCI_API_BLOBS_DELETE": "false",
            "OCI_API_MANIFESTS_DELETE": "false",
            "OCI_API_TAGS_DELETE": "false",
            "OCI_API_REFERRER": "false",
            "OCI_RO_DATA_TAGS": reference.tag,
            "OCI_RO_DATA_MANIFESTS": reference.image.digest,
            "OCI_RO_DATA_BLOBS": " ".join(one.digest for one in reference.image.blobs),
            "OCI_RESULTS_DIR": str(home / "results"),
        }
        done = self.programs.run("oci-conformance", home=home, environment=told)
        results = dict(_RESULT.findall(done.stdout))
        if not results:
            raise PullError(f"no report: {last_line(done.stderr or done.stdout)}")
        for name in judged:
            expect(name, results.get(name), "Pass")
        for name in ("FAIL", "Error"):
            expect(f"{name} in the report", results.get(name), "0")


SUITES: Final = (Program(), Suite())
