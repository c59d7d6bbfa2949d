"""Chapter BIN as checks: judged on the file itself, without running it."""

from __future__ import annotations

from typing import Final

from injector_conformance.cases.case import Check
from injector_conformance.judging.cause import Cause
from injector_conformance.judging.verdict import Broken
from injector_conformance.sessions.session import CaseResult, CaseStatus
from injector_conformance.size import SizeError, facts, judge_binary
from injector_conformance.subjects.subject import Subject

CHECKS: Final = {
    check.requirements[0]: check
    for check in (
        Check(
            "bin-fits-a-configmap",
            "the size of the binary",
            "a larger binary cannot be brought into the cluster at all",
            "Kubernetes: a ConfigMap holds at most 1,048,576 bytes",
            ("BIN-1",),
        ),
        Check(
            "bin-under-512-kb",
            "the size of the binary against the founding note's title",
            "headroom that is used up cannot be used for anything else",
            "the founding note",
            ("BIN-2",),
        ),
        Check(
            "bin-as-small-as-the-note",
            "the size of the binary against the founding note's best figure",
            "shows what is possible",
            "the founding note",
            ("BIN-3",),
        ),
        Check(
            "bin-runs-alone",
            "machine, interpreter and needed libraries in the ELF file",
            "the image that it runs in need not have a loader or any library",
            "System V ABI, program headers",
            ("BIN-4",),
        ),
        Check(
            "bin-is-stripped",
            "symbol table and debug sections in the ELF file",
            "symbols take room in the ConfigMap and help nobody there",
            "the founding note",
            ("BIN-5",),
        ),
        Check(
            "bin-no-writable-code",
            "the permissions of the stack and of the segments",
            "memory that is both writable and executable turns a bug into an exploit",
            "CWE-119; Linux elf(5), PT_GNU_STACK",
            ("BIN-6",),
        ),
    )
}
"""The checks by requirement."""


def judge(subject: Subject) -> list[CaseResult]:
    """The results of chapter BIN for a subject that is one ELF file; none for any other."""
    if subject.binary is None:
        return []
    try:
        judgements = judge_binary(facts(subject.binary), subject.machine)
    except SizeError as error:
        broken = (Broken("BIN-4", "an ELF executable", str(error), Cause.BINARY),)
        return [CaseResult(CHECKS["BIN-4"], CaseStatus.FAILED, broken)]
    return [_result(*one) for one in judgements]


def _result(requirement: str, passed: bool, message: str) -> CaseResult:
    check = CHECKS[requirement]
    if passed:
        return CaseResult(check, CaseStatus.PASSED)
    broken = Broken(requirement, f"{check.title}: within bounds", message, Cause.BINARY)
    return CaseResult(check, CaseStatus.FAILED, (broken,))
