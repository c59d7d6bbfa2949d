"""Sizes: what a binary weighs, against what a ConfigMap may hold (SPEC.md, chapter BIN).

:func:`measure` gives the figures of one binary, :func:`judge_binary` the verdict on them. The
command line and the report of ``check`` are made of these two.
"""

from injector_conformance.size.budgets import CONFIGMAP_LIMIT, Judgement, judge_binary
from injector_conformance.size.measure import Sizes, measure, sizes_of
from injector_conformance.subjects.elf import ElfFacts, facts
from injector_conformance.subjects.elf_refusals import SizeError

__all__ = [
    "CONFIGMAP_LIMIT",
    "ElfFacts",
    "Judgement",
    "SizeError",
    "Sizes",
    "facts",
    "judge_binary",
    "measure",
    "sizes_of",
]
