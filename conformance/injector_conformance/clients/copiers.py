"""Clients that copy an image into a directory: skopeo, crane, regctl, oras. A table."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from injector_conformance.clients.client import Ability, Reference, Session, absent, expect
from injector_conformance.clients.errors import PullError
from injector_conformance.clients.programs import Programs

_ABILITIES: Final[frozenset[Ability]] = frozenset({"pull", "tags", "resume"})


@dataclass(frozen=True, slots=True)
class Copier:
    """A program that copies images.

    Attributes:
        id: its name, and the program's.
        package: what brings it.
        asking: words behind the program that ask for its version.
        copy: the words that copy a reference into a directory that does not exist yet.
        listing: the words that print the tags of ``HOST/PATH``, one a line or as JSON.
        blobs: where in the directory the blobs lie.
    """

    id: str
    package: str
    asking: tuple[str, ...]
    copy: Callable[[Reference, Path], Sequence[str]]
    listing: Callable[[str, str], Sequence[str]]
    blobs: str = "blobs/sha256"
    abilities: frozenset[Ability] = _ABILITIES

    def missing(self) -> str | None:
        """See :class:`Client`."""
        return absent(self.id, package=self.package)

    def version(self, programs: Programs, home: Path) -> str:
        """See :class:`Client`."""
        told = programs.output(self.id, *self.asking, home=home)
        return told.strip().partition("\n")[0].rpartition(" ")[2]

    @contextmanager
    def opened(self, programs: Programs, directory: Path) -> Iterator[_Copying]:
        """See :class:`Client`."""
        del directory
        yield _Copying(self, programs)


@dataclass(frozen=True, slots=True)
class _Copying(Session):
    client: Copier
    programs: Programs

    def pull(self, reference: Reference, home: Path) -> None:
        """See :class:`Session`."""
        copy = home / "copy"
        self.programs.output(*self.client.copy(reference, copy), home=home)
        expect("blobs", _digits(copy, self.client.blobs), {*reference.image.content})

    def tags(self, reference: Reference, home: Path) -> None:
        """See :class:`Session`."""
        words = self.client.listing(reference.host, reference.path)
        told = self.programs.output(*words, home=home)
        is_json = told.lstrip().startswith("{")
        expect("tags", json.loads(told)["Tags"] if is_json else told.split(), [reference.tag])


_NO_BLOB: Final = frozenset({"version"})
"""What ``dir:`` holds beside blobs; the manifest has a name of its own there."""


def _digits(copy: Path, blobs: str) -> set[str]:
    """The digests of what was copied, each computed anew.

    Raises:
        PullError: there is nothing, or a blob under another one's name.
    """
    try:
        files = [one for one in (copy / blobs).iterdir() if one.name not in _NO_BLOB]
    except OSError as error:
        raise PullError(f"it ended with status 0 and copied nothing: {error.strerror}") from error
    found = {}
    for one in files:
        with one.open("rb") as file:
            found[one.name] = hashlib.file_digest(file, "sha256").hexdigest()
    for name, digits in found.items():
        if name != "manifest.json":
            expect("a blob", digits, name)
    return set(found.values())


def _skopeo(reference: Reference, copy: Path) -> Sequence[str]:
    # To "dir", for an OCI layout would have Docker's manifests converted.
    source = f"docker://{reference}"
    return ("skopeo", "copy", "--quiet", "--src-tls-verify=false", source, f"dir:{copy}")


def _regctl(host: str, *words: str) -> Sequence[str]:
    return ("regctl", "--host", f"reg={host},tls=disabled", *words)


COPIERS: Final = (
    Copier(
        "skopeo",
        "the package skopeo",
        ("--version",),
        _skopeo,
        lambda host, path: (
            "skopeo",
            "list-tags",
            "--tls-verify=false",
            f"docker://{host}/{path}",
        ),
        blobs=".",
    ),
    Copier(
        "crane",
        "github.com/google/go-containerregistry/cmd/crane",
        ("version",),
        lambda reference, copy: (
            *("crane", "pull", "--insecure", "--format=oci", str(reference), str(copy)),
        ),
        lambda host, path: ("crane", "ls", "--insecure", f"{host}/{path}"),
    ),
    Copier(
        "regctl",
        "github.com/regclient/regclient/cmd/regctl",
        ("version", "--format", "{{.VCSTag}}"),
        lambda reference, copy: _regctl(
            reference.host, "image", "copy", str(reference), f"ocidir://{copy}:x"
        ),
        lambda host, path: _regctl(host, "tag", "ls", f"{host}/{path}"),
    ),
    Copier(
        "oras",
        "oras.land/oras/cmd/oras",
        ("version",),
        lambda reference, copy: (
            *("oras", "copy", "--from-plain-http", str(reference)),
            *("--to-oci-layout", f"{copy}:x"),
        ),
        lambda host, path: ("oras", "repo", "tags", "--plain-http", f"{host}/{path}"),
    ),
)
