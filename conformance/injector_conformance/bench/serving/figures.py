"""The figures that are measured, each with how.

Every metric is a cost, of which less is better:

- ``wall``: seconds; for each GB, each request, or each start.
- ``cpu``: seconds of the server's processor time, likewise.
- ``median``, ``tail``: seconds that an answer takes, half of them and 99 in a hundred.
- ``size``: resident bytes.

``busy`` is none: it is the share of a processor that the load took. From :data:`TOO_BUSY` on the
load, and not the server, may have been what a figure measures.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Final

from injector_conformance.bench import UsageError
from injector_conformance.bench.serving import layouts, limit, loads, measures
from injector_conformance.bench.serving.guests import Guest
from injector_conformance.bench.serving.layouts import KIBIBYTE, LARGE, MEBIBYTE, SIZES, Served
from injector_conformance.bench.serving.measures import CROWD, PULLS, SHARE

TOO_BUSY: Final = 0.95
Measure = Callable[[Guest, Served], dict[str, float]]


@dataclass(frozen=True)
class Figure:
    """A figure.

    Attributes:
        id: for ``--figure`` and reports.
        group: what it belongs to, for ``--figure``.
        title: for people.
        unit: what ``wall`` and ``cpu`` are seconds of: ``GB``, ``request`` or ``start``.
        metrics: what is measured.
        served: makes the layout that is served.
        measure: measures, given who serves.
        value: its place in the series; None where it is in none.
        needs: programs that the load takes, beside our own.
        is_alone: whether each contestant is started anew for it, and nobody else serves.
        is_limited: whether it takes a limit of processor time.
        is_whole: whether all peers are measured; otherwise injectors and the control.
    """

    id: str
    group: str
    title: str
    unit: str
    metrics: tuple[str, ...]
    served: Callable[[], Served] = field(repr=False)
    measure: Measure = field(repr=False)
    value: int | None = None
    needs: tuple[str, ...] = ()
    is_alone: bool = False
    is_limited: bool = False
    is_whole: bool = True

    def missing(self) -> str | None:
        """Why it cannot be measured here; None if it can."""
        return loads.missing(*self.needs) or (limit.missing() if self.is_limited else None)

    @property
    def is_quick(self) -> bool:
        """Whether ``--quick`` has it."""
        return self.id in _QUICK


@dataclass(frozen=True, slots=True)
class Series:
    """Figures of one group that differ in one value.

    Attributes:
        group: theirs.
        title: what varies.
        floor: the figure whose cost is there whatever the value.
    """

    group: str
    title: str
    floor: str


SERIES: Final = (
    Series("ready", "bytes of the payload, from start to ready", "ready-0"),
    Series("sizes", "bytes of the blob, one client", "size-4k"),
    Series("images", "images in the layout; requests by tag", "images-1"),
    Series("crowds", "idle connections beside; requests by digest", "crowd-0"),
)

_QUICK: Final = frozenset(
    ("ready-0", "ready-4", "ready-16", "pull-1", "pull-16", "manifest", "manifest-new", "probe")
)


_MAIN: Final = partial(layouts.of_sizes, *SIZES)
_COSTS: Final = ("wall", "cpu")


def _words(size: int) -> str:
    return f"{size // MEBIBYTE} MiB" if size >= MEBIBYTE else f"{size // KIBIBYTE} KiB"


def _all() -> Iterator[Figure]:
    for megabytes in (0, 1, 4, 16, 64, 256):
        size = megabytes * MEBIBYTE
        yield Figure(
            f"ready-{megabytes}",
            "ready",
            f"from start to ready, payload of {megabytes or 'less than 1'} MiB",
            "start",
            ("wall", "size"),
            partial(layouts.of_sizes, *([size] if size else [4 * KIBIBYTE])),
            measures.start,
            size,
            is_alone=True,
            is_whole=megabytes in (16, 64),
        )
    measure: Measure
    for clients, pulls in ((1, 4), (PULLS, 1)):
        many = "1 client" if clients == 1 else f"{clients} clients"
        measure = partial(measures.pull, size=LARGE, clients=clients, pulls=pulls)
        title = f"a blob of {_words(LARGE)}, {many}"
        yield Figure(f"pull-{clients}", "pulls", title, "GB", _COSTS, _MAIN, measure)
    for name, title, measure in (
        ("manifest", "a manifest by digest, kept connections", measures.ask),
        (
            "manifest-by-tag",
            "a manifest by tag, kept connections",
            partial(measures.ask, by_tag=True),
        ),
        (
            "manifest-new",
            "a manifest by digest, new connections",
            partial(measures.ask, is_kept=False),
        ),
    ):
        wrk = ("wrk",)
        yield Figure(name, "requests", title, "request", _COSTS, _MAIN, measure, needs=wrk)
    metrics = ("median", "tail")
    title = f"/v2/ beside {PULLS} pulls, new connections"
    yield Figure("probe", "probes", title, "request", metrics, _MAIN, measures.probe)
    title += f", {SHARE} of a processor"
    measure = partial(measures.probe, share=SHARE)
    yield Figure(
        "probe-limited", "probes", title, "request", metrics, _MAIN, measure, is_limited=True
    )
    yield Figure(
        "memory-idle", "memory", "memory, nobody connected", "", ("size",), _MAIN, measures.idle
    )
    title = f"memory, {CROWD + PULLS:,} connections, {PULLS} of them pull"
    yield Figure("memory-crowd", "memory", title, "", ("size",), _MAIN, measures.crowded)
    yield from _series()


def _series() -> Iterator[Figure]:
    for size in SIZES:
        name = f"size-{size // MEBIBYTE}m" if size >= MEBIBYTE else f"size-{size // KIBIBYTE}k"
        yield Figure(
            name,
            "sizes",
            f"a blob of {_words(size)}, one client",
            "request",
            _COSTS,
            _MAIN,
            partial(measures.get, size=size),
            size,
            is_whole=False,
        )
    for beside in (0, 10, 100, CROWD):
        yield Figure(
            f"crowd-{beside}",
            "crowds",
            f"a manifest by digest, {beside:,} idle connections beside",
            "request",
            _COSTS,
            _MAIN,
            partial(measures.ask, beside=beside),
            beside,
            needs=("wrk",),
            is_whole=False,
        )
    for count in (1, 10, 100, 1000):
        yield Figure(
            f"images-{count}",
            "images",
            f"a manifest by tag, {count:,} image{'s' if count > 1 else ''} in the layout",
            "request",
            _COSTS,
            partial(layouts.of_images, count),
            partial(measures.ask, by_tag=True),
            count,
            needs=("wrk",),
            is_whole=False,
        )


FIGURES: Final[dict[str, Figure]] = {figure.id: figure for figure in _all()}
"""All figures by id, in the order in which they are measured."""

GROUPS: Final = tuple(dict.fromkeys(figure.group for figure in FIGURES.values()))


def select(names: Sequence[str], *, quick: bool = False) -> list[Figure]:
    """The figures that ``names`` ask for: ids, or groups; all if there is none.

    Raises:
        UsageError: there is no such figure.
    """
    wanted = set()
    for name in names:
        found = {one.id for one in FIGURES.values() if name in (one.id, one.group)}
        if not found:
            known = [*FIGURES, *GROUPS]
            close = difflib.get_close_matches(name, known, 1)
            hint = f"; did you mean {close[0]}?" if close else f"; there are {', '.join(known)}"
            raise UsageError(f"no figure {name}{hint}")
        wanted |= found
    if not names:
        wanted = {one.id for one in FIGURES.values() if one.is_quick or not quick}
    return [one for one in FIGURES.values() if one.id in wanted]
