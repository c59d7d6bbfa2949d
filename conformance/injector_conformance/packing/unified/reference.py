"""What an image is called: references as Docker reads them, and the name that Zarf writes down.

Zarf annotates an image by its normalised path without the host, a colon and the tag; or, where the
reference has a digest, by path, ``@`` and digest, whether there is a tag besides or not.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from injector_conformance.packing.errors import PackError

_COMPONENT: Final = r"[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*"
_PATH: Final = re.compile(rf"{_COMPONENT}(?:/{_COMPONENT})*")
_TAG: Final = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}")
_DIGEST: Final = re.compile(r"sha256:[0-9a-f]{64}")
_HOST: Final = re.compile(r"(?:[A-Za-z0-9.-]+|\[[0-9a-fA-F:]+\])(?::[0-9]+)?")
_DEFAULT_HOST: Final = frozenset({"docker.io", "index.docker.io"})
_LONGEST_PATH: Final = 255


@dataclass(frozen=True, slots=True)
class Reference:
    """A reference without its host.

    Attributes:
        path: normalised: of Docker's own images ``library/NAME``.
        tag: empty if there is a digest.
        digest: with its algorithm, or empty.
    """

    path: str
    tag: str
    digest: str = ""

    @property
    def name(self) -> str:
        """The annotation's value."""
        return f"{self.path}@{self.digest}" if self.digest else f"{self.path}:{self.tag}"


def parse(text: str) -> Reference:
    """A reference as people write it; without tag and digest it is that of ``latest``.

    Raises:
        PackError: it is none.
    """
    rest, _, digest = text.partition("@")
    host, slash, path = rest.partition("/")
    is_host = slash and (
        any(character in host for character in ".:") or host == "localhost" or host != host.lower()
    )
    if not is_host:
        host, path = "", rest
    path, colon, tag = path.partition(":")
    if (not host or host in _DEFAULT_HOST) and "/" not in path:
        path = f"library/{path}"
    good = (
        _PATH.fullmatch(path)
        and len(path) <= _LONGEST_PATH
        and (_TAG.fullmatch(tag) if colon else True)
        and (_DIGEST.fullmatch(digest) if "@" in text else True)
        and (_HOST.fullmatch(host) if host else True)
    )
    if not good:
        raise PackError(f"{text}: is no name of an image, such as library/registry:3.1.1")
    return Reference(path, "" if digest else tag or "latest", digest)


def annotated(text: str) -> Reference:
    """The reference of a name that has been written as an annotation already: it has no host.

    Raises:
        PackError: it is none.
    """
    return parse(f"localhost/{text}")
