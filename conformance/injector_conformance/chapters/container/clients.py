"""Pulls as real clients make them, request by request (CTR-6).

What each sends was recorded; that the real programs pull from a right injector, tests of this
project show with the programs themselves.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from injector_conformance.cases.case import Case
from injector_conformance.chapters.http.tls import hello
from injector_conformance.chapters.serving import (
    NOT_FOUND,
    OK,
    asks,
    blob_path,
    case,
    content,
    manifest,
    manifest_path,
)
from injector_conformance.exchange.expected import (
    Answer,
    Document,
    Expected,
    Field,
    Truncated,
    body,
)
from injector_conformance.exchange.requests import Fields, Request
from injector_conformance.exchange.steps import Open, Part, Read, Send, Step
from injector_fixtures import golden
from injector_fixtures.layout import InitDirectory, chunked
from injector_fixtures.oci.image import Blob, Image
from injector_fixtures.oci.layout import CHUNK_SIZE

_OCI: Final = (
    b"application/vnd.oci.image.manifest.v1+json",
    b"application/vnd.oci.image.index.v1+json",
)
_DOCKER: Final = (
    b"application/vnd.docker.distribution.manifest.v2+json",
    b"application/vnd.docker.distribution.manifest.list.v2+json",
)
_OLD: Final = (
    b"application/vnd.docker.distribution.manifest.v1+prettyjws",
    b"application/vnd.docker.distribution.manifest.v1+json",
)
_GZIP: Final = (b"Accept-Encoding", b"gzip")


def _listed(*types: bytes) -> Fields:
    return ((b"Accept", b", ".join(types)),)


def _each(*types: bytes) -> Fields:
    return tuple((b"Accept", one) for one in types)


@dataclass(frozen=True, slots=True)
class _Client:
    """What a client does.

    Attributes:
        agent: its User-Agent, or the beginning of it.
        accept: the fields by which it says what manifests it takes.
        tries_tls: how often it begins with a ClientHello.
        asks_base: whether it asks for ``/v2/`` first.
        resolves: whether it asks for the head of a manifest, and then for the manifest by digest.
        wants_referrers: whether it looks for what refers to the image.
        ranges: whether it asks for blobs by ``Range: bytes=0-``.
    """

    agent: bytes
    accept: Fields
    tries_tls: int = 0
    asks_base: bool = False
    resolves: bool = False
    wants_referrers: bool = False
    ranges: bool = False


_CLIENTS: Final[dict[str, _Client]] = {
    "docker": _Client(
        b"docker/20.10.24",
        (*_each(*_DOCKER, *_OCI, *_OLD), _GZIP),
        tries_tls=1,
        asks_base=True,
        resolves=True,
    ),
    "containerd-1.6": _Client(
        b"containerd/1.6.20", (*_listed(*_DOCKER, *_OCI, b"*/*"), _GZIP), resolves=True
    ),
    "containerd-2": _Client(
        b"containerd/2.3.3", (*_listed(*_DOCKER, *_OCI, b"*/*"), _GZIP), tries_tls=2, resolves=True
    ),
    "containerd-parallel": _Client(
        b"containerd/2.3.3", _listed(*_DOCKER, *_OCI, b"*/*"), resolves=True, ranges=True
    ),
    "skopeo": _Client(
        b"skopeo/1.9.3", (*_each(*_OCI, *_DOCKER, *_OLD), _GZIP), tries_tls=1, asks_base=True
    ),
    "crane": _Client(
        b"crane/0.20.6", (*_listed(*_DOCKER, *_OCI, *_OLD), _GZIP), tries_tls=1, asks_base=True
    ),
    "regctl": _Client(b"regclient/regctl", _each(*_DOCKER, *_OCI), wants_referrers=True),
    "oras": _Client(b"oras/1.2", _listed(*_DOCKER, *_OCI), wants_referrers=True),
}


def _tried_tls(number: int) -> tuple[Step, ...]:
    name = f"tls-{number}"
    answered = (Answer((400,)), Truncated(b"HTTP/1."))
    return (Open(name), Send(hello(), name), Read(answered, name, within=2.0), Part("close", name))


def _pull(client: _Client, image: Image, path: str, reference: str) -> Iterator[Step]:
    """The requests of one pull."""
    agent = (b"User-Agent", client.agent)

    def ask(method: bytes, target: str, fields: Fields, *expect: Expected) -> Step:
        return asks(Request(method, target.encode(), (agent, *fields)), *expect)

    for number in range(client.tries_tls):
        yield from _tried_tls(number)
    if client.asks_base:
        yield ask(b"GET", "/v2/", (), OK)
    if client.resolves:
        found = manifest(image.manifest, is_head=True)
        yield ask(b"HEAD", manifest_path(reference, path), client.accept, found)
        reference = image.digest
    target = manifest_path(reference, path)
    yield ask(b"GET", target, client.accept, manifest(image.manifest))
    for one in image.blobs:
        if isinstance(one, Blob):
            fields = ((b"Range", b"bytes=0-"),) if client.ranges else (_GZIP,)
            yield ask(b"GET", blob_path(one.digest, path), fields, *_contents(one, client))
    if client.wants_referrers:
        index = Answer((200,), (), Document("index"))
        referrers = f"/v2/{path}/referrers/{image.digest}"
        yield ask(b"GET", referrers, _listed(*_OCI), NOT_FOUND, index)
        tag = image.digest.replace(":", "-")
        yield ask(b"GET", manifest_path(tag, path), _listed(*_OCI), NOT_FOUND)


def _contents(one: Blob, client: _Client) -> tuple[Answer, ...]:
    whole = content(one.data, one.digest)
    if not client.ranges:
        return (whole,)
    last = one.size - 1
    told = Field("content-range", f"bytes 0-{last}/{one.size}")
    return (whole, Answer((206,), (told,), body(one.data)))


def _payload() -> InitDirectory:
    return chunked(golden.unified_payload(), CHUNK_SIZE)


def _cases() -> Iterator[Case]:
    by: dict[str, Callable[[Image, str], str]] = {
        "tag": lambda _, tag: tag,
        "digest": lambda image, _: image.digest,
    }
    for word, client in _CLIENTS.items():
        for how, reference in by.items():
            steps: list[Step] = []
            for name, image in golden.unified_layout().images.items():
                path, _, tag = name.rpartition(":")
                steps += _pull(client, image, path, reference(image, tag))
            yield case(
                f"ctr-pull-{word.replace('.', '-')}-by-{how}",
                f"every image of the golden payload, as {word} pulls by {how}",
                "CTR-6",
                "the pull is the purpose of the whole exercise",
                f"requests of {client.agent.decode()}, recorded",
                *steps,
                init=_payload,
            )


CASES: Final[tuple[Case, ...]] = tuple(_cases())
