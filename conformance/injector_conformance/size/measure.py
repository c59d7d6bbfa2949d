"""The figures of one binary: bytes, headroom, base64, disk."""

from __future__ import annotations

import os
from dataclasses import asdict, dataclass
from typing import Any, Final

from injector_conformance.size.budgets import CONFIGMAP_LIMIT, Judgement, judge_binary
from injector_conformance.subjects.elf import ElfFacts, facts

BASE64_IN: Final = 3
BASE64_OUT: Final = 4
"""Base64 makes four characters of every three bytes begun (RFC 4648, section 4)."""

SI_STEP: Final = 1000
SI_UNITS: Final = " kMGT"
ONE_DIGIT_BELOW: Final = 100
"""``du`` shows a decimal place below 10 units: below 100 tenths."""


@dataclass(frozen=True, slots=True)
class Sizes:
    """A binary with its figures and its verdict.

    Attributes:
        path: as the user named it.
        facts: what the file says about itself.
        headroom: bytes left below the ConfigMap's limit; negative when over it.
        base64: characters of the binary in a ConfigMap's ``binaryData``.
        du: the figure that ``du --si`` prints. It counts disk blocks, so holes make it smaller
            and the file system's block size larger than the file: shown, never judged.
        judgements: chapter BIN, in order.
    """

    path: str
    facts: ElfFacts
    headroom: int
    base64: int
    du: str
    judgements: tuple[Judgement, ...]

    def as_json(self) -> dict[str, Any]:
        """The figures as JSON data; all sizes in bytes."""
        facts = {name: value for name, value in asdict(self.facts).items() if name != "size"}
        return {
            "path": self.path,
            "bytes": self.facts.size,
            "headroom": self.headroom,
            "base64": self.base64,
            "du": self.du,
            **facts,
            "stack": self.facts.stack.value,
            "static": self.facts.static,
            "stripped": self.facts.stripped,
            "requirements": [judgement._asdict() for judgement in self.judgements],
        }


def measure(path: str | os.PathLike[str], machine: str | None = None) -> Sizes:
    """Measure and judge one binary.

    Args:
        path: the binary.
        machine: the machine it is declared to be for (BIN-4), or None.

    Raises:
        SizeError: the file cannot be measured.
    """
    return sizes_of(os.fspath(path), facts(path), machine)


def sizes_of(path: str, binary: ElfFacts, machine: str | None = None) -> Sizes:
    """The figures of a binary whose facts are known already."""
    return Sizes(
        path=path,
        facts=binary,
        headroom=CONFIGMAP_LIMIT - binary.size,
        base64=-(-binary.size // BASE64_IN) * BASE64_OUT,
        du=du_si(binary.blocks),
        judgements=tuple(judge_binary(binary, machine)),
    )


def du_si(size: int) -> str:
    """This many bytes as ``du --si`` prints them: rounded up, one decimal place below 10.

    >>> du_si(4096), du_si(528_384), du_si(0)
    ('4.1k', '529k', '0')
    """
    power = 0
    while size >= SI_STEP ** (power + 1) and power < len(SI_UNITS) - 1:
        power += 1
    if power == 0:
        return str(size)
    tenths = -(-size * 10 // SI_STEP**power)
    if tenths < ONE_DIGIT_BELOW:
        return f"{tenths / 10:.1f}{SI_UNITS[power]}"
    whole = -(-size // SI_STEP**power)
    if whole == SI_STEP and power < len(SI_UNITS) - 1:
        return f"1.0{SI_UNITS[power + 1]}"
    return f"{whole}{SI_UNITS[power]}"
