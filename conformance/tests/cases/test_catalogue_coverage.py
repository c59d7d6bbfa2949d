"""Every archive and layout of the torture catalogue lives on in a case that names it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

import pytest

from injector_conformance.run import catalogue

CATALOGUE: Final = (
    *("P01-P07", "P09-P14", "P16", "P19"),
    *("L01-L10", "L12-L23", "L25", "L27-L34", "L36", "L38-L40"),
    *("C01-C10", "X01-X10", "X12", "X13", "X15-X20", "X26", "X28", "X29", "X33"),
    *("G03", "G05", "G06", "G09-G17", "N01-N07", "N09-N15", "H01-H06", "H08-H12", "H15"),
    *(
        "V01-V03",
        "U01-U03",
        "U05",
        "U10",
        "U13",
        "U14",
        "U16",
        "U17",
        "M01-M04",
        "M07-M15",
        "T01-T10",
    ),
    *("Z01-Z08", "Z10-Z14", "Z16", "Z18", "Z19", "Z21-Z27", "Z29", "Z30", "Z32-Z34"),
    *("Z36", "Z37", "K02-K13", "K15", "K17", "S01-S11"),
)
"""The ids, ranges from and to inclusive."""

_ID: Final = re.compile(r"\b([A-Z])(\d\d)(?:(?: to |-)\1?(\d\d))?\b")


def ids(texts: Iterable[str]) -> Iterator[str]:
    """The catalogue ids in some texts, ranges (``S01 to S05``) expanded."""
    for text in texts:
        for letter, first, last in _ID.findall(text):
            for number in range(int(first), int(last or first) + 1):
                yield f"{letter}{number:02d}"


KNOWN: Final = tuple(ids(CATALOGUE))
ORIGINS: Final = tuple(case.origin for case in catalogue.load().values())
NAMED: Final = frozenset(ids(ORIGINS))


@pytest.mark.parametrize("catalogue_id", KNOWN)
def test_a_case_comes_from_it(catalogue_id: str) -> None:
    assert catalogue_id in NAMED


def test_no_case_names_an_id_that_the_catalogue_has_not() -> None:
    """The ends of ranges count, what lies between them may have holes."""
    written = {
        letter + number
        for origin in ORIGINS
        for letter, *ends in _ID.findall(origin)
        for number in ends
        if number
    }
    assert written - set(KNOWN) == set()
