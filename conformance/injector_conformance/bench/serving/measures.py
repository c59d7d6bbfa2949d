"""How figures are measured: each function takes who serves, and gives values by metric."""

from __future__ import annotations

import math
import time
from collections.abc import Sequence
from typing import Final

from injector_conformance.bench.serving import limit, loads
from injector_conformance.bench.serving.guests import Guest
from injector_conformance.bench.serving.layouts import LARGE, Served
from injector_conformance.bench.serving.processes import resident
from injector_conformance.bench.stopwatch import RunError

GIGABYTE: Final = 1e9
CONNECTIONS: Final = 8
"""Connections that requests for manifests come on."""

PULLS: Final = 16
CROWD: Final = 1000 - PULLS
"""Idle connections beside the pulls: a thousand in all. With a file for each pull that is what the
sandbox's limit of 1,024 descriptors has room for."""

SHARE: Final = 0.2
"""Of a processor: the limit of the DaemonSet."""

_MOST_PULLS: Final = 200
_ASKING: Final = 1
_PROBING: Final = 1.5
_LONGER: Final = 0.3
_SETTLING: Final = 0.2


def start(guest: Guest, served: Served) -> dict[str, float]:
    """From the start to the first answer, and the peak of memory until then."""
    del served
    return {"wall": guest.ready, "size": resident(guest.process_ids(), peak=True)}


def pull(guest: Guest, served: Served, *, size: int, clients: int, pulls: int) -> dict[str, float]:
    """Some clients at the same time, for each GB."""
    loaded = loads.pull(guest, served.blob(size), size, clients=clients, pulls=pulls)
    gigabytes = loaded.count * size / GIGABYTE
    return {
        "wall": loaded.seconds / gigabytes,
        "cpu": loaded.cpu / gigabytes,
        "busy": loaded.busy,
    }


def get(guest: Guest, served: Served, *, size: int) -> dict[str, float]:
    """One client, for each blob."""
    pulls = max(2, min(_MOST_PULLS, LARGE // size))
    loaded = loads.pull(guest, served.blob(size), size, clients=1, pulls=pulls)
    count = loaded.count
    return {"wall": loaded.seconds / count, "cpu": loaded.cpu / count, "busy": loaded.busy}


def ask(
    guest: Guest, served: Served, *, by_tag: bool = False, is_kept: bool = True, beside: int = 0
) -> dict[str, float]:
    """Requests for a manifest, for each; beside connections on which nothing is asked."""
    target = served.tagged if by_tag else served.manifest
    with loads.holding(guest, beside, _SETTLING if beside else 0) as held:
        if held < beside:
            raise RunError(f"holds {held:,} of {beside:,} idle connections")
        loaded = loads.ask(
            guest, target, connections=CONNECTIONS, seconds=_ASKING, is_kept=is_kept
        )
    count = loaded.count
    return {"wall": loaded.seconds / count, "cpu": loaded.cpu / count, "busy": loaded.busy}


def probe(guest: Guest, served: Served, *, share: float | None = None) -> dict[str, float]:
    """Requests for ``/v2/`` beside pulls, with a share of a processor or as much as there is."""
    seconds = _PROBING if share is None else 2 * _PROBING
    pulling = loads.pulling(guest, served.blob(LARGE), LARGE, PULLS, seconds + _LONGER)
    if share is None:
        with pulling:
            time.sleep(_LONGER / 2)
            taken = loads.probe(guest, "/v2/", seconds)
    else:
        with limit.limited(guest.process_ids(), share), pulling:
            time.sleep(_LONGER / 2)
            taken = loads.probe(guest, "/v2/", seconds)
    return {"median": quantile(taken, 0.5), "tail": quantile(taken, 0.99)}


def idle(guest: Guest, served: Served) -> dict[str, float]:
    """Resident memory while nobody is connected."""
    del served
    return {"size": resident(guest.process_ids())}


def crowded(guest: Guest, served: Served) -> dict[str, float]:
    """Resident memory with a thousand connections, some of which pull."""
    pulling = loads.pulling(guest, served.blob(LARGE), LARGE, PULLS, _LONGER)
    with loads.holding(guest, CROWD, _SETTLING) as held, pulling:
        time.sleep(_LONGER / 2)
        size = resident(guest.process_ids())
    if held < CROWD:
        raise RunError(f"holds {held:,} of {CROWD:,} idle connections")
    return {"size": size}


def quantile(values: Sequence[float], share: float) -> float:
    """The smallest value that so many, as a share, do not exceed; there is at least one."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]
