"""Where injectors differ: in how a run ends, or in the tree after completion."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from differential.injectors import COMPLETED, FAILED, Injector, Result

LEFT_OPEN: Final[Mapping[str, str]] = {}
"""Kinds on which the injectors may differ, each with the row of "Left open" that allows it."""


@dataclass(frozen=True)
class Disagreement:
    """A payload, and what each injector made of it."""

    name: str
    payload: bytes
    results: Mapping[str, Result]

    def __str__(self) -> str:
        lines = [f"{self.name}:"]
        for injector, result in self.results.items():
            made = "" if result.tree is None else f" {shown(result)}"
            said = result.said.strip().splitlines()[-1:] if result.tree is None else []
            lines.append(f"  {injector:10} {result.outcome}{made} {' '.join(said)[:200]}")
        return "\n".join([*lines, *(f"    {line}" for line in described(self.payload))])


def disagreements(
    injectors: Sequence[Injector], payloads: Mapping[str, bytes]
) -> Iterator[Disagreement]:
    """The payloads that not all injectors read alike, or at which one of them dies."""
    results = [injector.extract(list(payloads.values())) for injector in injectors]
    for (name, payload), of_one in zip(payloads.items(), zip(*results, strict=True), strict=True):
        first = of_one[0]
        alike = all((r.outcome, r.tree) == (first.outcome, first.tree) for r in of_one)
        if not alike or first.outcome not in {COMPLETED, FAILED}:
            named = {one.name: result for one, result in zip(injectors, of_one, strict=True)}
            yield Disagreement(name, payload, named)


def shown(result: Result) -> str:
    """The tree of a result, short."""
    parts = []
    for path, (kind, mode, content) in (result.tree or {}).items():
        detail = content.decode("ascii", "backslashreplace") if kind != "file" else len(content)
        odd = f" {mode:04o}" if mode not in {0, 0o755} else ""
        parts.append(f"{path.decode('ascii', 'backslashreplace')[:60]} ({kind} {detail}{odd})")
    return ", ".join(parts) or "(nothing)"


def described(payload: bytes) -> Iterator[str]:
    """The blocks of a payload's archive, as far as they can be read, a line for each."""
    try:
        archive = gzip.decompress(payload)
    except (OSError, EOFError, zlib.error) as error:
        yield f"{len(payload)} bytes, {error}: {payload[:32].hex()} … {payload[-32:].hex()}"
        return
    for at in range(0, min(len(archive), 24 * 512), 512):
        block = archive[at : at + 512]
        if block[257:262].lower() == b"ustar" or block[148:154].strip(b"0\0 "):
            yield (
                f"{at // 512:3} {block[156:157]!r} {block[:100].rstrip(bytes(1))!r}"
                f" size {block[124:136]!r} link {block[157:257].rstrip(bytes(1))!r}"
                f" magic {block[257:265]!r} prefix {block[345:500].rstrip(bytes(1))!r}"
                f" sum {block[148:156]!r}"
            )
        else:
            yield f"{at // 512:3} {block.rstrip(bytes(1))[:100]!r}"
