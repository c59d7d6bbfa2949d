"""What must not end it or make it grow (LIFE-3, LIFE-9, LIFE-12)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from injector_conformance.cases.case import Case
from injector_conformance.chapters.serving import (
    CLOSED,
    NAME,
    OK,
    TAG,
    alive,
    asks,
    blob_path,
    case,
    completes,
    image,
    manifest,
    manifest_path,
    plain,
    pulls,
)
from injector_conformance.exchange import Exchange
from injector_conformance.exchange.expected import Answer
from injector_conformance.exchange.requests import Request, get, head
from injector_conformance.exchange.steps import (
    Again,
    Ask,
    Crowd,
    Disperse,
    Limit,
    Open,
    Part,
    Rest,
    Send,
    Step,
    Wait,
    Weigh,
)
from injector_fixtures.oci.image import Blob

_WHY: Final = "nobody starts it again, and in the DaemonSet it lives for years"
_PULLS: Final = pulls(plain(), f"{NAME}:{TAG}")
_MANIFEST: Final = manifest(image().manifest)
_BLOB: Final = next(one for one in image().blobs if isinstance(one, Blob))
_MEBIBYTE: Final = 1024 * 1024
_SETTLING: Final = 0.15
"""Seconds in which lost connections are noticed; who needs longer is weighed three times."""

_ANY: Final = Answer(range(200, 600))


def _shortages() -> Iterator[Case]:
    origin = "accept(2), EMFILE"
    for word, data in (("idle", b""), ("asking", get(manifest_path()).encoded)):
        yield case(
            f"life-descriptors-{word}",
            f"more connections than it may have descriptors, {word}, and then none",
            "LIFE-3",
            _WHY,
            origin,
            exchange=Exchange(
                (
                    asks(get("/v2/"), OK),
                    Part("close"),
                    Limit(32),
                    Crowd(60, data),
                    Wait(0.3),
                    Disperse("reset"),
                    Wait(0.3),
                    Limit(0),
                    asks(get("/v2/"), OK, connection="new", within=5.0),
                    *_PULLS,
                    *alive(),
                ),
                is_timed=True,
            ),
        )
    yield case(
        "life-descriptors-again",
        "three times more connections than it may have descriptors",
        "LIFE-3",
        _WHY,
        origin,
        exchange=Exchange(
            (
                Limit(32),
                *(
                    step
                    for _ in range(3)
                    for step in (Crowd(50), Wait(0.2), Disperse("reset"), Wait(0.2))
                ),
                asks(get(manifest_path()), _MANIFEST, connection="new", within=5.0),
                *alive(),
            ),
            is_timed=True,
        ),
    )


def _rounds() -> Iterator[Case]:
    rounds: dict[str, tuple[tuple[Open | Send | Part | Ask, ...], int, str]] = {
        "gone-before-accepted": (
            (Open("x"), Part("reset", "x")),
            300,
            "connections that are reset",
        ),
        "gone-in-the-head": (
            (Open("x"), Send(b"GET /v2/ HTTP/1.1\r\nHo", "x"), Part("reset", "x")),
            200,
            "requests that are broken off",
        ),
        "noise": (
            (Open("x"), Send(b"\x00\x01\x02\x03\r\n\r\n", "x"), Part("close", "x")),
            200,
            "connections with noise",
        ),
        "requests": ((asks(get(manifest_path("absent")), Answer((404,))),), 500, "requests"),
        "unknown-blobs": (
            (asks(get(blob_path("sha256:" + "0" * 64)), Answer((404,))),),
            100,
            "requests for a blob that is not there",
        ),
    }
    for word, (steps, times, title) in rounds.items():
        yield case(
            f"life-many-{word}",
            f"{times} {title}, and then a pull",
            "LIFE-3",
            _WHY,
            "accept(2), ECONNABORTED; Zarf (restartPolicy Never)",
            Again(steps, times),
            *_PULLS,
            *alive(),
        )


def _growth() -> Iterator[Case]:
    why = "it lives as long as the cluster, within 256 MiB"
    origin = "Zarf v0.65.0 (DaemonSet)"
    closing = (b"Connection", b"close")
    rounds: dict[str, tuple[tuple[Open | Send | Part | Ask, ...], str]] = {
        "requests": ((asks(get(manifest_path()), _MANIFEST),), "manifests on one connection"),
        "blobs": ((asks(get(blob_path(_BLOB.digest)), OK),), "blobs on one connection"),
        "unknown": (
            (asks(get(manifest_path("absent")), Answer((404,))),),
            "requests for what is not there",
        ),
        "connections": (
            (asks(get(blob_path(_BLOB.digest), closing), OK),),
            "blobs on as many connections",
        ),
        "heads": ((asks(head(manifest_path()), OK),), "requests for heads"),
        "gone": (
            (Open("x"), Send(get(blob_path(_BLOB.digest)).encoded * 5, "x"), Part("reset", "x")),
            "clients that leave without their blobs",
        ),
        "hostile": (
            (Open("x"), Send(b"G@T / HTTP/1.1\r\n\r\n", "x"), Part("reset", "x")),
            "requests that are none",
        ),
    }
    for word, (steps, title) in rounds.items():
        yield case(
            f"life-grows-{word}",
            f"300 {title}, after a hundred of them",
            "LIFE-9",
            why,
            origin,
            exchange=Exchange(
                (
                    Again(steps, 100),
                    Wait(_SETTLING),
                    Weigh(),
                    Again(steps, 300),
                    Wait(2 * _SETTLING),
                    Weigh(memory=8 * _MEBIBYTE, descriptors=8),
                    *alive(),
                ),
                is_timed=True,
            ),
        )
    yield case(
        "life-grows-crowd",
        "a hundred connections that come and go, ten times",
        "LIFE-9",
        why,
        origin,
        exchange=Exchange(
            (
                *_come_and_go(2),
                Wait(_SETTLING),
                Weigh(),
                *_come_and_go(8),
                Wait(2 * _SETTLING),
                Weigh(memory=8 * _MEBIBYTE, descriptors=8),
            ),
            is_timed=True,
        ),
    )
    for word, before, title in (
        ("alone", (), "with nobody there"),
        ("idle-crowd", (Crowd(20),), "with twenty idle connections"),
    ):
        yield case(
            f"life-rests-{word}",
            f"it uses no processor {title}",
            "LIFE-9a",
            "it runs on every node",
            "Zarf v0.65.0 (DaemonSet, limit of 200m)",
            exchange=Exchange((*_PULLS, *before, Wait(0.3), Rest(1.0, 0.05)), is_timed=True),
        )


def _come_and_go(times: int) -> tuple[Step, ...]:
    return (Crowd(100), Disperse("reset")) * times


def _unchanged() -> Iterator[Case]:
    data = image().manifest.data
    writes: list[Step] = [
        asks(
            Request(method, target.encode(), ((b"Content-Length", b"%d" % len(data)),), data),
            _ANY,
            CLOSED,
        )
        for method, target in (
            (b"PUT", manifest_path("new")),
            (b"POST", f"/v2/{NAME}/blobs/uploads/"),
            (b"PATCH", f"/v2/{NAME}/blobs/uploads/.."),
            (b"DELETE", manifest_path(image().digest)),
            (b"DELETE", blob_path(_BLOB.digest)),
        )
    ]
    for word, steps, title in (
        ("pulls", _PULLS, "a pull"),
        ("writes", tuple(writes), "requests that would write"),
        (
            "paths",
            (
                asks(get("/v2/../index.json"), _ANY, CLOSED),
                asks(get("/v2/a/manifests/.."), _ANY, CLOSED),
            ),
            "requests for odd paths",
        ),
    ):
        yield case(
            f"life-unchanged-{word}",
            f"the tree is the archive's after {title}",
            "LIFE-12",
            "the registry is for pulling, and is served from these files",
            "zarf-injector, README",
            *steps,
            *alive(),
            expect=completes(),
        )


CASES: Final[tuple[Case, ...]] = (*_shortages(), *_rounds(), *_growth(), *_unchanged())
