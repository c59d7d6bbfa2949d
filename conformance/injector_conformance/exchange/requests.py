"""Well-formed requests, made by one builder; hostile ones are bytes in their cases."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

HOST: Final = b"127.0.0.1:5000"

Fields = tuple[tuple[bytes, bytes], ...]

PULLERS: Final = (
    b"Accept",
    (
        b"application/vnd.oci.image.manifest.v1+json, application/vnd.oci.image.index.v1+json,"
        b" application/vnd.docker.distribution.manifest.v2+json,"
        b" application/vnd.docker.distribution.manifest.list.v2+json, */*"
    ),
)
"""What every client says that it takes when it asks for a manifest. There are registries that give
none to who does not; that they should is HTTP-6's alone."""

_MANIFESTS: Final = b"/manifests/"


@dataclass(frozen=True, slots=True)
class Request:
    """A request of HTTP/1.1 or 1.0.

    Attributes:
        method: GET, HEAD and so on.
        target: as it is sent: a path with its query, percent-encoded by whoever wrote it.
        fields: beside Host, in this order.
        body: sent behind the head; whoever sends one says so in the fields.
        version: after ``HTTP/``.
        host: the Host field; None for none.
    """

    method: bytes
    target: bytes
    fields: Fields = ()
    body: bytes = b""
    version: bytes = b"1.1"
    host: bytes | None = HOST

    @property
    def encoded(self) -> bytes:
        """The bytes."""
        fields = self.fields if self.host is None else ((b"Host", self.host), *self.fields)
        head = b"%s %s HTTP/%s\r\n" % (self.method, self.target, self.version)
        return head + b"".join(b"%s: %s\r\n" % one for one in fields) + b"\r\n" + self.body


def get(target: str | bytes, *fields: tuple[bytes, bytes], **more: bytes) -> Request:
    """``GET target``; for a manifest with the Accept of those who pull, unless fields have one."""
    return Request(b"GET", _bytes(target), _accepting(_bytes(target), fields), **more)


def head(target: str | bytes, *fields: tuple[bytes, bytes], **more: bytes) -> Request:
    """``HEAD target``, as :func:`get`."""
    return Request(b"HEAD", _bytes(target), _accepting(_bytes(target), fields), **more)


def _accepting(target: bytes, fields: Fields) -> Fields:
    if _MANIFESTS not in target or any(name.lower() == b"accept" for name, _ in fields):
        return fields
    return (PULLERS, *fields)


def _bytes(target: str | bytes) -> bytes:
    return target.encode() if isinstance(target, str) else target
