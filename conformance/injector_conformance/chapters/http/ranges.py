"""Parts of blobs: exact where they are served, and everything where they are not (HTTP-16)."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Final

from injector_conformance.cases.case import Case
from injector_conformance.chapters.serving import (
    NAME,
    TAG,
    asks,
    blob_path,
    case,
    content,
    exactly,
    image,
    manifest,
    manifest_path,
)
from injector_conformance.exchange.expected import Answer, Field, Truncated, body
from injector_conformance.exchange.requests import get, head
from injector_fixtures import seeded
from injector_fixtures.oci.image import Blob, artifact, blob
from injector_fixtures.oci.layout import Layout, layout

_SIZE: Final = 10_000
_DATA: Final = seeded.noise("ranges", _SIZE)
_BLOB: Final = blob("application/octet-stream", _DATA)
_EMPTY: Final = blob("text/plain", b"")
_TARGET: Final = blob_path(_BLOB.digest)
_WHOLE: Final = content(_DATA, _BLOB.digest)
_WHY: Final = "clients write what they get where they asked for it"
_RFC: Final = "RFC 9110, sections 14 and 15.3.7"


@cache
def _layout() -> Layout:
    return layout({f"{NAME}:{TAG}": artifact("application/vnd.example.seed", [_BLOB, _EMPTY])})


def _part(first: int, last: int) -> Answer:
    return Answer(
        (206,),
        (
            exactly("content-range", f"bytes {first}-{last}/{_SIZE}"),
            exactly("content-length", str(last - first + 1), is_required=False),
            Field("content-encoding", None),
        ),
        body(_DATA[first : last + 1]),
    )


_BEYOND: Final = Answer((416,), (exactly("content-range", f"bytes */{_SIZE}", is_required=False),))

_REFUSED: Final = (_BEYOND, Truncated(b"HTTP/1.1 416"))
"""A client looks at the status; what comes behind it is nobody's part of a blob."""

_PARTS: Final[dict[str, tuple[str, tuple[int, int]]]] = {
    "from-the-start": ("0-", (0, 9999)),
    "from-one": ("1-", (1, 9999)),
    "from-the-middle": ("5000-", (5000, 9999)),
    "the-last-byte": ("9999-", (9999, 9999)),
    "the-first-byte": ("0-0", (0, 0)),
    "a-block": ("4096-8191", (4096, 8191)),
    "all-of-it": ("0-9999", (0, 9999)),
    "beyond-the-end": ("9000-20000", (9000, 9999)),
    "far-beyond-the-end": ("9000-99999999999999999999", (9000, 9999)),
    "suffix-of-one": ("-1", (9999, 9999)),
    "suffix": ("-500", (9500, 9999)),
    "suffix-of-all": ("-10000", (0, 9999)),
    "suffix-of-more": ("-20000", (0, 9999)),
    "leading-zeros": ("000010-000019", (10, 19)),
}

_UNSATISFIABLE: Final[dict[str, str]] = {
    "at-the-end": "10000-",
    "behind-the-end": "10001-10002",
    "far-behind": "99999999999999999999-",
    "suffix-of-none": "-0",
}

_ODD: Final[dict[str, str]] = {
    "turned-around": "bytes=20-10",
    "no-number": "bytes=a-b",
    "nothing": "bytes=",
    "only-a-hyphen": "bytes=-",
    "two-hyphens": "bytes=--5",
    "negative": "bytes=-5-10",
    "no-unit": "0-5",
    "other-unit": "items=0-5",
    "two-parts": "bytes=0-1,5-6",
    "overlapping-parts": "bytes=0-100,50-150",
    "many-parts": "bytes=" + ",".join(f"{n * 2}-{n * 2}" for n in range(1000)),
    "same-part-often": "bytes=" + ",".join(["0-"] * 500),
    "hexadecimal": "bytes=0x0-0x5",
    "fraction": "bytes=0.5-5",
    "comma": "bytes=,",
    "spaces": "bytes = 0 - 5",
}


def _each() -> Iterator[Case]:
    for word, (text, (first, last)) in _PARTS.items():
        request = get(_TARGET, (b"Range", b"bytes=" + text.encode()))
        title = f"Range: bytes={text} of a blob of {_SIZE:,} bytes"
        yield case(
            f"http-range-{word}",
            f"{title}: exact, or everything",
            "HTTP-16",
            _WHY,
            _RFC,
            asks(request, _part(first, last), _WHOLE, *(_REFUSED if "far" in word else ())),
            asks(get(_TARGET), _WHOLE),
            layout=_layout,
        )
        yield case(
            f"http-range-{word}-served",
            title,
            "HTTP-16a",
            "docker, containerd and regctl resume by it after an interruption",
            "OCI distribution specification 1.1, Pulling blobs",
            asks(request, _part(first, last)),
            layout=_layout,
        )
    for word, text in _UNSATISFIABLE.items():
        request = get(_TARGET, (b"Range", b"bytes=" + text.encode()))
        title = f"Range: bytes={text} of a blob of {_SIZE:,} bytes"
        yield case(
            f"http-range-{word}",
            f"{title}: 416, or everything",
            "HTTP-16",
            _WHY,
            _RFC,
            asks(request, *_REFUSED, _WHOLE),
            asks(get(_TARGET), _WHOLE),
            layout=_layout,
        )
        yield case(
            f"http-range-{word}-refused",
            title,
            "HTTP-16a",
            "a client that has everything already asks for what follows",
            _RFC,
            asks(request, _BEYOND),
            layout=_layout,
        )
    parts = Answer((206,), (Field("content-type", "multipart/byteranges.*"),))
    for word, value in _ODD.items():
        # Of several parts one may be all that comes: what it is stands beside it.
        ends = (0, 1, 5, 100, 150, 1998, 9999)
        single = (_part(0, 5), *(_part(0, last) for last in ends))
        obeyed: tuple[Answer, ...] = (parts, *(single if "," in value else single[:1]))
        yield case(
            f"http-range-odd-{word}",
            f"Range: {value[:40]}: ignored, refused, or obeyed",
            "HTTP-16",
            _WHY,
            _RFC,
            asks(
                get(_TARGET, (b"Range", value.encode())),
                _WHOLE,
                Answer((400, 416)),
                _REFUSED[1],
                *obeyed,
            ),
            asks(get(_TARGET), _WHOLE),
            layout=_layout,
        )


def _others() -> Iterator[Case]:
    ranged = (b"Range", b"bytes=5-9")
    yield case(
        "http-range-if-range-of-another",
        "Range on the condition of an ETag that is another's",
        "HTTP-16",
        "the part of something else is put in the middle of this",
        "RFC 9110, section 13.1.5",
        asks(get(_TARGET, ranged, (b"If-Range", b'"another"')), _WHOLE),
        layout=_layout,
    )
    yield case(
        "http-range-if-range-of-a-time",
        "Range on the condition of a time that has passed",
        "HTTP-16",
        "the part of something else is put in the middle of this",
        "RFC 9110, section 13.1.5",
        asks(get(_TARGET, ranged, (b"If-Range", b"Mon, 01 Jan 1990 00:00:00 GMT")), _WHOLE),
        layout=_layout,
    )
    yield case(
        "http-range-of-head",
        "Range in a request for the head alone",
        "HTTP-16",
        _WHY,
        "RFC 9110, section 14.2",
        asks(
            head(_TARGET, ranged),
            content(_DATA, _BLOB.digest, is_head=True),
            Answer((206,), (exactly("content-range", f"bytes 5-9/{_SIZE}"),)),
        ),
        layout=_layout,
    )
    yield case(
        "http-range-of-nothing",
        "a part of a blob of no bytes",
        "HTTP-16",
        _WHY,
        _RFC,
        asks(
            get(blob_path(_EMPTY.digest), (b"Range", b"bytes=0-")),
            Answer((416,)),
            content(b"", _EMPTY.digest),
        ),
        layout=_layout,
    )
    one = image().manifest
    yield case(
        "http-range-of-a-manifest",
        "a part of a manifest",
        "HTTP-16",
        _WHY,
        _RFC,
        asks(
            get(manifest_path(), ranged),
            manifest(one),
            Answer(
                (206,),
                (exactly("content-range", f"bytes 5-9/{one.size}"),),
                body(one.data[5:10]),
            ),
        ),
    )
    yield case(
        "http-range-of-the-unknown",
        "a part of a blob that is not there",
        "HTTP-16",
        _WHY,
        _RFC,
        asks(get(blob_path("sha256:" + "0" * 64), ranged), Answer((404,))),
    )
    layer = next(
        one for one in image().blobs if isinstance(one, Blob) and "layer" in one.media_type
    )
    steps = []
    for start in range(0, layer.size, max(1, layer.size // 10)):
        wanted = get(blob_path(layer.digest), (b"Range", b"bytes=%d-" % start))
        rest = layer.data[start:]
        steps.append(
            asks(
                wanted,
                Answer(
                    (206,),
                    (
                        exactly(
                            "content-range",
                            f"bytes {start}-{layer.size - 1}/{layer.size}",
                        ),
                    ),
                    body(rest),
                ),
                content(layer.data, layer.digest),
            )
        )
    yield case(
        "http-range-resumed",
        "a layer that is resumed at ten places, on one connection",
        "HTTP-16",
        _WHY,
        "docker, containerd and regctl, after an interruption",
        *steps,
    )


CASES: Final[tuple[Case, ...]] = (*_each(), *_others())
