"""The requirements of chapter BIN, judged on the facts of one binary."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, NamedTuple

from injector_conformance.subjects.elf import ElfFacts, Stack

CONFIGMAP_LIMIT: Final = 1_048_576
"""BIN-1: bytes that ``data`` and ``binaryData`` of a ConfigMap may hold together."""

NOTE_TITLE: Final = 512_000
"""BIN-2: the 512 kb of the founding note's title."""

NOTE_BEST: Final = {"x86_64": 176_000, "aarch64": 156_000}
"""BIN-3: the founding note's best figures, in bytes, by machine."""


class Judgement(NamedTuple):
    """One requirement's verdict on a binary, with the figures behind it."""

    requirement: str
    passed: bool
    message: str


def judge_binary(facts: ElfFacts, machine: str | None = None) -> list[Judgement]:
    """Judge a binary by chapter BIN.

    Args:
        facts: the binary.
        machine: the machine it is declared to be for, in the words of ``uname -m``; None if
            nothing was declared, and then any machine will do.

    Returns:
        One judgement per requirement, in order. BIN-3 is left out for machines on which the
        founding note gives no figure.
    """
    judgements = [
        _within("BIN-1", facts, CONFIGMAP_LIMIT, "what a ConfigMap may hold"),
        _within("BIN-2", facts, NOTE_TITLE, "the founding note's title"),
    ]
    if facts.machine in NOTE_BEST:
        best = NOTE_BEST[facts.machine]
        judgements.append(
            _within("BIN-3", facts, best, f"the founding note's best on {facts.machine}")
        )
    judgements += [
        _clean("BIN-4", _runs_alone(facts, machine), f"static, for {facts.machine}"),
        _clean("BIN-5", _unstripped(facts), "stripped"),
        _clean("BIN-6", _executable_memory(facts), "no executable stack, no writable code"),
    ]
    return judgements


def _within(requirement: str, facts: ElfFacts, budget: int, origin: str) -> Judgement:
    left = budget - facts.size
    verdict = f"{left:,} bytes below" if left >= 0 else f"{-left:,} bytes over"
    return Judgement(
        requirement, left >= 0, f"{facts.size:,} bytes: {verdict} {budget:,}, {origin}"
    )


def _clean(requirement: str, faults: list[str], praise: str) -> Judgement:
    return Judgement(requirement, not faults, "; ".join(faults) or praise)


def _runs_alone(facts: ElfFacts, machine: str | None) -> list[str]:
    checks: tuple[tuple[bool, Callable[[], str]], ...] = (
        (
            facts.kind in ("executable", "position-independent") and facts.starts,
            lambda: f"no program: {facts.kind}, with no entry point in executable memory",
        ),
        (
            machine in (None, facts.machine),
            lambda: f"for {facts.machine}, declared as {machine}",
        ),
        (
            facts.interpreter is None,
            lambda: f"asks for the dynamic loader {facts.interpreter}",
        ),
        (not facts.needed, lambda: f"asks for the libraries {', '.join(facts.needed)}"),
    )
    return [fault() for holds, fault in checks if not holds]


def _unstripped(facts: ElfFacts) -> list[str]:
    faults = ["a symbol table"] if facts.symbol_table else []
    if facts.debug_sections:
        faults.append(f"debug sections {', '.join(facts.debug_sections)}")
    return faults


def _executable_memory(facts: ElfFacts) -> list[str]:
    faults = []
    if facts.stack is Stack.EXECUTABLE:
        faults.append("an executable stack")
    if facts.stack is Stack.UNSPECIFIED:
        faults.append("no PT_GNU_STACK header: Linux before 5.8 makes the stack executable")
    if facts.writable_code:
        faults.append("a segment both writable and executable")
    return faults
