"""What a case's payload is made of: chunks, stream and archive, for ``explain``.

Payloads are hostile, and some inflate to gigabytes: what is looked at and shown has bounds, and
where one was reached the text says so.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from injector_conformance.cases.archive import Gap, Member, read
from injector_conformance.cases.case import Case
from injector_conformance.cases.inflating import Inflation, Part
from injector_conformance.cli import hexdump
from injector_conformance.judging.describe import name
from injector_fixtures.layout import Entry, Fifo, File, Folder, InitDirectory, Link
from injector_fixtures.oci.layout import BASE_NAME

MOST_INFLATED: Final = 128 << 20
"""Bytes of an archive that are looked at."""

MOST_COUNTED: Final = 100_000
"""Members and gaps that are read before the look is given up."""

MOST_SHOWN: Final = 64
"""Chunks, gzip members, members and images that are listed each."""

MOST_LINES: Final = 8192
"""Lines of a hexdump."""

_INDEX: Final = b"index.json"


@dataclass(frozen=True, slots=True)
class Image:
    """An entry of an image layout's ``index.json``."""

    name: str
    digest: str
    media_type: str


@dataclass(frozen=True, slots=True)
class Payload:
    """What was found.

    Attributes:
        init: the init directory.
        parts: the gzip members; none if it is no gzip stream.
        size: bytes of the archive that were looked at.
        is_whole: whether that is all of it.
        items: the first members and gaps of the archive.
        count: how many there are, or were read.
        images: what an image layout in it names.
    """

    init: InitDirectory
    parts: tuple[Part, ...]
    size: int
    is_whole: bool
    items: tuple[Member | Gap, ...]
    count: int
    images: tuple[Image, ...]


def look(case: Case) -> Payload:
    """Make the payload of a case and look at it."""
    init = case.init()
    inflation = Inflation(init.payload, MOST_INFLATED)
    items: list[Member | Gap] = []
    images: tuple[Image, ...] = ()
    count = 0
    for one in read(inflation, _INDEX):
        count += 1
        if len(items) < MOST_SHOWN:
            items.append(one)
        if isinstance(one, Member) and one.name.rpartition(b"/")[2] == _INDEX:
            images = tuple(_images(one.data))
        if count == MOST_COUNTED:
            break
    return Payload(
        init=init,
        parts=tuple(inflation.parts),
        size=sum(one.content for one in inflation.parts),
        is_whole=not inflation.is_cut and count < MOST_COUNTED,
        items=tuple(items),
        count=count,
        images=images,
    )


def _images(data: bytes) -> Iterator[Image]:
    """The images of an ``index.json``, as far as it is one."""
    try:
        told = json.loads(data)["manifests"]
        for one in told:
            called = one.get("annotations", {}).get(BASE_NAME, "")
            yield Image(str(called), str(one.get("digest", "")), str(one.get("mediaType", "")))
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return


def lines(one: Payload) -> Iterator[str]:
    """It in words."""
    payload = one.init.payload
    yield f"payload    {len(payload):,} bytes, sha256 {one.init.sha256}"
    yield from _listed("chunks", map(_entry, sorted(one.init.entries.items())))
    if one.parts:
        yield from _listed("gzip", map(_part, one.parts))
    else:
        yield (
            f"gzip       none: begins with {name(payload[:16])}" if payload else "gzip       none"
        )
    yield from _listed("archive", _table(one), one.count - len(one.items))
    if not one.is_whole:
        yield f"           … cut: only the first {one.size:,} bytes of the archive were read"
    yield from _listed("images", map(_image, one.images))


def _listed(label: str, rows: Iterable[str], more: int = 0) -> Iterator[str]:
    every = list(rows)
    shown = every[: MOST_SHOWN + 1]
    for number, row in enumerate(shown):
        yield f"{label if number == 0 else '':10} {row}"
    if more := more + len(every) - len(shown):
        yield f"{'':10} … and {more:,} more"


def _entry(named: tuple[bytes, Entry]) -> str:
    place, entry = named
    match entry:
        case File(content, mode):
            return f"{name(place)}  {len(content):,} bytes" + (
                f", mode {mode:04o}" if mode != File(b"").mode else ""
            )
        case Link(target):
            return f"{name(place)}  link to {name(target)}"
        case Folder():
            return f"{name(place)}  directory"
        case Fifo():
            return f"{name(place)}  pipe"
        case _:
            return f"{name(place)}  socket"


def _part(one: Part) -> str:
    faults = "".join(f"; {fault}" for fault in one.faults)
    return f"at {one.offset:,}: {one.size:,} bytes, inflated {one.content:,}{faults}"


def _table(one: Payload) -> Iterator[str]:
    if one.items:
        yield f"{'offset':>10}  type  mode  {'size':>12}  name"
    for item in one.items:
        if isinstance(item, Gap):
            what = "zeros" if item.is_zero else "no header"
            yield f"{item.offset:10,}  {'-':4}  {'-':4}  {item.size:12,}  {what}"
            continue
        mode = "?" if item.mode is None else f"{item.mode:04o}"
        size = "?" if item.size is None else f"{item.size:,}"
        target = f" -> {name(item.target)}" if item.target else ""
        faults = "".join(f"; {fault}" for fault in item.faults)
        kind = ascii(item.typeflag)[2:-1]
        told = f"{name(item.name)}{target}{faults}"
        yield f"{item.offset:10,}  {kind:4}  {mode:4}  {size:>12}  {told}"


def _image(one: Image) -> str:
    return "  ".join(
        word for word in (one.name or "(no name)", one.digest, one.media_type) if word
    )


def dump(one: Payload) -> Iterator[str]:
    """A hexdump of the archive, or of the payload where nothing comes out of it."""
    payload = one.init.payload
    if not one.size:
        yield "the payload, which holds no gzip stream that anything comes out of:"
        yield from hexdump.lines([payload], MOST_LINES)
        return
    yield "the archive:"
    inflation = Inflation(payload, MOST_INFLATED)
    yield from hexdump.lines(inflation, MOST_LINES)
    if inflation.is_cut:
        yield f"… cut: the archive is longer than {MOST_INFLATED:,} bytes"


def plain(one: Payload) -> Mapping[str, Any]:
    """It for JSON."""
    return {
        "sha256": one.init.sha256,
        "size": len(one.init.payload),
        "chunks": [
            {"name": name(place), "size": len(entry.content) if isinstance(entry, File) else None}
            for place, entry in sorted(one.init.entries.items())
        ],
        "gzip": [
            {
                "offset": part.offset,
                "size": part.size,
                "inflated": part.content,
                "faults": list(part.faults),
            }
            for part in one.parts
        ],
        "archive": {
            "size": one.size,
            "is_whole": one.is_whole,
            "count": one.count,
            "items": [_plain(item) for item in one.items],
        },
        "images": [
            {"name": image.name, "digest": image.digest, "media_type": image.media_type}
            for image in one.images
        ],
    }


def _plain(item: Member | Gap) -> Mapping[str, Any]:
    if isinstance(item, Gap):
        what = "zeros" if item.is_zero else "no header"
        return {"is": what, "offset": item.offset, "size": item.size}
    return {
        "is": "member",
        "offset": item.offset,
        "typeflag": ascii(item.typeflag)[2:-1],
        "mode": None if item.mode is None else f"{item.mode:04o}",
        "size": item.size,
        "name": name(item.name),
        "target": name(item.target) if item.target else None,
        "faults": list(item.faults),
    }
