"""Many clients at once, slow ones, and such as leave (HTTP-17, HTTP-18, HTTP-19)."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Final

from injector_conformance.cases.case import Case
from injector_conformance.chapters.serving import (
    CLOSED,
    NAME,
    OK,
    REFUSED,
    TAG,
    alive,
    asks,
    blob_path,
    case,
    image,
    manifest,
    manifest_path,
    plain,
    pulls,
)
from injector_conformance.exchange import Exchange
from injector_conformance.exchange.expected import Answer, Body
from injector_conformance.exchange.requests import get
from injector_conformance.exchange.steps import (
    Again,
    Crowd,
    Disperse,
    Open,
    Part,
    Read,
    Send,
    Step,
    Together,
    Wait,
)
from injector_fixtures.oci import samples
from injector_fixtures.oci.layout import Layout

_SIZE: Final = 4 * 1024 * 1024
_MANIFEST: Final = manifest(image().manifest)
_PULLS: Final = pulls(plain(), f"{NAME}:{TAG}")


@cache
def _large() -> Layout:
    return samples.large_blob(_SIZE)


def _big() -> tuple[str, Answer]:
    one = next(one for one in _large().blobs.values() if one.size == _SIZE)
    return blob_path(one.digest), Answer((200,), (), Body(_SIZE, one.hexadecimal))


def _timed(identifier: str, title: str, promise: str, why: str, origin: str, *steps: Step) -> Case:
    return case(
        identifier,
        title,
        promise,
        why,
        origin,
        layout=_large,
        exchange=Exchange(steps, is_timed=True),
    )


def _gone() -> Iterator[Case]:
    why = "containerd closes connections on what it no longer needs; one write to them is SIGPIPE"
    origin = "containerd, parallel fetch; POSIX.1-2017, write(), EPIPE"
    target, whole = _big()
    for how in ("close", "reset"):
        yield case(
            f"http-gone-{how}",
            f"thirty clients that leave in the middle of a blob: {how}",
            "HTTP-17",
            why,
            origin,
            Again(
                (
                    Open("gone", is_narrow=True),
                    Send(get(target).encoded, "gone"),
                    Part(how, "gone"),
                ),
                30,
            ),
            *alive(),
            asks(get(target), whole, within=20.0),
            layout=_large,
        )
    steps: list[Step] = []
    for number in range(12):
        name = f"stalled-{number}"
        steps += [Open(name, is_narrow=True), Send(get(target).encoded, name)]
    yield _timed(
        "http-stalled",
        "twelve clients that read nothing of a blob, and one that does",
        "HTTP-17",
        "who does not read is waited for, by everybody",
        "CWE-400",
        *steps,
        Wait(0.2),
        asks(get("/v2/"), OK, connection="probe", within=1.0),
        asks(get(target), whole, connection="reader", within=20.0),
    )
    yield case(
        "http-gone-unread",
        "clients that leave without having read their answers",
        "HTTP-17",
        why,
        origin,
        Again(
            (Open("gone"), Send(get(manifest_path()).encoded * 20, "gone"), Part("reset", "gone")),
            20,
        ),
        *alive(),
        asks(get(manifest_path()), _MANIFEST),
    )


def _many() -> Iterator[Case]:
    target, whole = _big()
    why = "nodes pull several layers each, and the probe gives up after a second"
    origin = "Zarf, readinessProbe; containerd, max_concurrent_downloads"
    yield _timed(
        "http-sixteen-pulls",
        "sixteen clients pull a blob of 4 MiB at the same time, and the probe asks beside them",
        "HTTP-18",
        why,
        origin,
        Together(tuple(get(target) for _ in range(16)), (whole,), probe=get("/v2/")),
    )
    yield _timed(
        "http-sixteen-manifests",
        "sixteen clients ask for the manifest at the same time",
        "HTTP-18",
        why,
        origin,
        Together(
            tuple(get(manifest_path()) for _ in range(16)),
            (manifest(_large().images[f"{NAME}:{TAG}"].manifest),),
            probe=get("/v2/"),
        ),
    )
    yield _timed(
        "http-three-pulls",
        "a client that pulls on three connections at the same time",
        "HTTP-18",
        why,
        origin,
        Together((get(target), get(target), get(target)), (whole,), probe=get("/v2/")),
    )


def _slow() -> Iterator[Case]:
    why = "runtimes keep connections open; one that hangs is not to be everybody's"
    origin = "containerd, IdleConnTimeout; CWE-400"
    half = get(manifest_path()).encoded[:-10]
    for count in (20, 200):
        for word, data, title in (
            ("idle", b"", "that send nothing"),
            ("half", half, "that sent half a request"),
            (
                "body",
                b"POST /v2/ HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n",
                "that owe a body",
            ),
            ("one-byte", b"G", "that sent one byte"),
        ):
            yield case(
                f"http-crowd-{count}-{word}",
                f"{count} connections {title}, and a client that pulls",
                "HTTP-19",
                why,
                origin,
                exchange=Exchange(
                    (
                        Crowd(count, data),
                        asks(get("/v2/"), OK, connection="probe", within=2.0),
                        *_PULLS,
                        Disperse(),
                        *alive(),
                    ),
                    is_timed=True,
                ),
            )
    yield case(
        "http-slow-request",
        "a request that takes two seconds to arrive",
        "HTTP-19",
        "a client on a slow line is no attacker",
        origin,
        Open(),
        Send(get(manifest_path()).encoded, piece=24, pause=0.12),
        Read((_MANIFEST, Answer((408,)), CLOSED)),
        *alive(),
    )
    yield case(
        "http-slow-beside",
        "a request whose end does not come, and others on other connections",
        "HTTP-19",
        why,
        origin,
        Open("slow"),
        Send(half, "slow"),
        *_PULLS,
        Send(b"x\r\n\r\n", "slow"),
        Read((_MANIFEST, REFUSED, CLOSED), "slow"),
        *alive(),
    )


CASES: Final[tuple[Case, ...]] = (*_gone(), *_many(), *_slow())
