"""Nothing is answered before everything is right, and then everything is (LIFE-1, LIFE-10)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from typing import Any, Final

from injector_conformance.cases.case import Case, Control, Fails
from injector_conformance.chapters.serving import (
    NAME,
    OK,
    TAG,
    asks,
    blob_path,
    case,
    manifest_path,
    packed,
    pulls,
)
from injector_conformance.exchange import Exchange
from injector_conformance.exchange.expected import Answer, Body
from injector_conformance.exchange.requests import Request, get
from injector_fixtures import gzip, seeded, tar
from injector_fixtures.layout import InitDirectory, chunked
from injector_fixtures.oci import samples
from injector_fixtures.oci.image import Blob, artifact, blob
from injector_fixtures.oci.layout import CHUNK_SIZE, Layout, layout

_WHY: Final = "the first 200 is the readiness probe's: nodes pull from then on"
_ORIGIN: Final = "Zarf, readinessProbe"
_NOISE: Final = 3 * 1024 * 1024
_MEBIBYTE: Final = 1024 * 1024


@cache
def _long() -> Layout:
    """A layout that takes a while to extract."""
    noise = [
        blob("application/octet-stream", seeded.noise(f"long {n}", _NOISE // 3)) for n in range(3)
    ]
    return layout({f"{NAME}:{TAG}": artifact("application/vnd.example.seed", noise)})


def _members(made: Layout) -> list[bytes]:
    return [
        tar.directory(b"blobs/"),
        tar.directory(b"blobs/sha256/"),
        *(tar.file(name, one.data) for name, one, _ in made.files if isinstance(one, Blob)),
    ]


def _eager() -> tuple[Request, ...]:
    digest = next(iter(_long().blobs.values())).digest
    return (get("/v2/"), get(manifest_path()), get(blob_path(digest)))


def _damaged(word: str, title: str, init: Callable[[], InitDirectory], **more: Any) -> Case:
    return case(
        f"life-early-{word}",
        f"a client that asks all the time while it starts; {title}",
        "LIFE-1",
        _WHY,
        _ORIGIN,
        init=init,
        expect=(Fails(),),
        control=Control(lambda: packed(_long), _long().tree, requirements=("LIFE-2",)),
        exchange=Exchange(eager=_eager()),
        **more,
    )


def _payload(**options: Any) -> Callable[[], InitDirectory]:
    return lambda: chunked(
        gzip.tgz(*_members(_long()), level=1, **options),
        CHUNK_SIZE,
    )


def _last_byte() -> InitDirectory:
    whole = packed(_long)
    wrong = whole.payload[:-1] + bytes([whole.payload[-1] ^ 1])
    return chunked(wrong, CHUNK_SIZE)


def _without_last_chunk() -> InitDirectory:
    whole = packed(_long)
    return chunked(whole.payload[: len(whole.payload) // CHUNK_SIZE * CHUNK_SIZE], CHUNK_SIZE)


def _early() -> Iterator[Case]:
    yield _damaged("crc", "the CRC-32 at the end is wrong", _payload(crc=0))
    yield _damaged("length", "the length at the end is wrong", _payload(isize=1))
    yield _damaged(
        "cut-short",
        "the archive breaks off in its last member",
        lambda: chunked(
            gzip.tgz(b"".join(_members(_long()))[:-700], end=b"", level=1), CHUNK_SIZE
        ),
    )
    yield _damaged(
        "bad-header",
        "the last header has a wrong checksum",
        lambda: chunked(
            gzip.tgz(*_members(_long()), tar.file(b"z", b"z", checksum=1), level=1), CHUNK_SIZE
        ),
    )
    yield _damaged("last-byte", "the last byte is another one", _last_byte, argument="f" * 64)
    yield _damaged(
        "other-argument",
        "the argument is another payload's",
        lambda: packed(_long),
        argument="0" * 64,
    )
    yield _damaged(
        "last-chunk-missing",
        "the last chunk is missing",
        _without_last_chunk,
        argument=packed(_long).sha256,
    )


def _at_once() -> Iterator[Case]:
    digests = [one for one in _long().blobs.values() if isinstance(one, Blob)]
    yield case(
        "life-everything-at-once",
        "as soon as /v2/ is answered, every blob is there, the archive's last one first",
        "LIFE-1",
        _WHY,
        _ORIGIN,
        *(
            asks(
                get(blob_path(one.digest)),
                Answer((200,), (), Body(one.size, one.hexadecimal)),
                within=20.0,
            )
            for one in reversed(digests)
        ),
        layout=_long,
    )
    yield case(
        "life-eager-client",
        "a client that asks for the manifest all the time while it starts, and then pulls",
        "LIFE-1",
        _WHY,
        _ORIGIN,
        layout=_long,
        exchange=Exchange(pulls(_long(), f"{NAME}:{TAG}"), eager=(get(manifest_path()),)),
    )

    def index_first() -> InitDirectory:
        members = _members(_long())
        return chunked(gzip.tgz(*members[-2:], *members[:-2], level=1), CHUNK_SIZE)

    yield case(
        "life-index-first",
        "an archive that begins with index.json",
        "LIFE-1",
        "what can be resolved before it can be pulled",
        _ORIGIN,
        init=index_first,
        exchange=Exchange(pulls(_long(), f"{NAME}:{TAG}"), eager=(get(manifest_path()),)),
    )


@cache
def _much() -> Layout:
    return samples.large_blob(64 * _MEBIBYTE)


def _big() -> Iterator[Case]:
    one = max(_much().blobs.values(), key=lambda found: found.size)
    yield case(
        "life-64-mib",
        "a blob of 64 MiB, served within the pod's memory",
        "LIFE-10",
        "these are the pod's limit and the time that Zarf waits for it",
        "Zarf v0.23.0 (256Mi, 60 s)",
        layout=_much,
        exchange=Exchange(
            (
                asks(get("/v2/"), OK),
                asks(
                    get(blob_path(one.digest)),
                    Answer((200,), (), Body(one.size, one.hexadecimal)),
                    within=60.0,
                ),
            ),
            patience=60.0,
            is_timed=True,
        ),
    )
    many = samples.many_blobs()
    some = [one for one in many.blobs.values() if isinstance(one, Blob)][::300]
    yield case(
        "life-three-thousand-blobs",
        "a layout of three thousand blobs",
        ("LIFE-10", "NAMES-2"),
        "a table of fixed size ends where nobody looked",
        "Zarf v0.23.0 (60 s)",
        *(
            asks(get(blob_path(one.digest)), Answer((200,), (), Body(one.size, one.hexadecimal)))
            for one in some
        ),
        layout=samples.many_blobs,
    )


CASES: Final[tuple[Case, ...]] = (*_early(), *_at_once(), *_big())
