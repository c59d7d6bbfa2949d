"""Speed against a control, as ``bench --json`` writes it, as a table with bars.

Of that file the page needs this much; whatever else is in it is not looked at::

    {
      "schema": "1.0.0",
      "settings": {"control": "gnu"},
      "contestants": [{"id": "gnu", "title": "GNU tar and gzip"}, …],
      "payloads": [
        {
          "title": "27 MB in 2 files",
          "results": [
            {
              "contestant": "gnu",
              "wall": {
                "value": 0.21,                                         seconds, the median
                "times_control": {"value": 1, "low": 0.9, "high": 1.1}
              },
              "peak": {"size": 1835008}                                bytes, optional
            }, …
          ]
        }, …
      ]
    }
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from injector_conformance.host import named_file

_MAJOR: Final = "1."


class SpeedError(Exception):
    """The figures cannot be used; the message says which file, where and why."""


@dataclass(frozen=True, slots=True)
class Speed:
    """One contestant on one payload.

    Attributes:
        name: who.
        seconds: median wall time.
        ratio: that to the control's, in the same run.
        low: where the ratio's interval begins.
        high: where it ends.
        peak: bytes of memory, if they are known.
    """

    name: str
    seconds: float
    ratio: float
    low: float
    high: float
    peak: float | None


@dataclass(frozen=True, slots=True)
class Speeds:
    """All of it: the control's name and, by payload, the contestants."""

    control: str
    payloads: tuple[tuple[str, tuple[Speed, ...]], ...]

    @property
    def most(self) -> float:
        """The end of the scale: the highest ratio, the control's 1 at least."""
        return max([1.0, *(one.high for _, own in self.payloads for one in own)])

    def place(self, ratio: float) -> float:
        """Where a ratio stands on the scale, in per cent from the left."""
        return round(ratio / self.most * 100, 2)


def read(path: Path) -> Speeds:
    """Read figures.

    Raises:
        SpeedError: the file is missing, no JSON, of another kind, or has a figure that is none.
    """
    try:
        content = named_file.read_json(path, "bench --json")
    except named_file.NoJsonError as error:
        raise SpeedError(str(error)) from error
    if not isinstance(content, dict) or "payloads" not in content:
        raise SpeedError(f"{path}: no figures of speed; name an output of bench --json")
    if not str(content.get("schema")).startswith(_MAJOR):
        raise SpeedError(
            f"{path}: schema {str(content.get('schema'))[:20]!r}, but this version reads"
            f" {_MAJOR}x: measure again"
        )
    try:
        titles = {str(one["id"]): str(one["title"]) for one in content["contestants"]}
        control = str(content["settings"]["control"])
        payloads = tuple(
            (str(one["title"]), tuple(_speed(result, titles) for result in one["results"]))
            for one in content["payloads"]
        )
    except KeyError as error:
        raise SpeedError(f"{path}: not an output of bench --json: no {error}") from error
    except (AttributeError, TypeError, ValueError, OverflowError) as error:
        raise SpeedError(f"{path}: not an output of bench --json: {error}") from error
    return Speeds(titles.get(control, control), payloads)


def _speed(result: Mapping[str, Any], titles: Mapping[str, str]) -> Speed:
    contestant, wall = str(result["contestant"]), result["wall"]
    times, peak = wall["times_control"], result.get("peak")
    return Speed(
        name=titles.get(contestant, contestant),
        seconds=_figure(wall, "value"),
        ratio=_figure(times, "value"),
        low=_figure(times, "low"),
        high=_figure(times, "high"),
        peak=None if peak is None else _figure(peak, "size"),
    )


def _figure(one: Mapping[str, Any], key: str) -> float:
    value = one[key]
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TypeError(f"{key} must be a number")
    if not math.isfinite(value) or value < 0:
        raise ValueError(f"{key} must be a finite number, not below 0")
    return float(value)
