"""Payloads that nobody has seen before: made of the session's random numbers (SUM-1, SUM-2).

All other payloads are public. A program that recognizes them could answer from a table; these can
only be injected. Those that are refused are made of one payload, so that they have one control.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from random import Random
from typing import Final

from injector_conformance.cases.case import Case, Control
from injector_conformance.chapters.recipes import (
    FAILS,
    FAILS_UNTOUCHED,
    completes,
    control_of,
    tree,
    whole,
)
from injector_fixtures import gzip, tar
from injector_fixtures.layout import chunked

_WHY: Final = "whoever knows the cases could answer from a table; nobody can have known this one"
_ORIGIN: Final = "SPEC.md, SUM-1: whatever the payload"
_LETTERS: Final = b"abcdefghijklmnopqrstuvwxyz0123456789"
_SMALLEST, _LARGEST = 1, 20_000
_SHORTEST, _LONGEST = 3, 40


@dataclass(frozen=True, slots=True)
class _Payload:
    """A payload, and the files in it by their names."""

    content: bytes
    files: dict[bytes, bytes]


def _made(numbers: Random) -> _Payload:
    files = {
        bytes(
            numbers.choices(_LETTERS, k=numbers.randint(_SHORTEST, _LONGEST))
        ): numbers.randbytes(numbers.randint(_SMALLEST, _LARGEST))
        for _ in range(numbers.randint(2, 6))
    }
    members = (tar.file(name, content) for name, content in files.items())
    return _Payload(gzip.tgz(*members, level=numbers.choice((0, 1, 9))), files)


def _own(numbers: Random, number: int) -> Random:
    """Random numbers of one among several cases."""
    return Random(f"{numbers.random()} {number}")  # noqa: S311 - as the session's


def _completing(case: Case, numbers: Random) -> Case:
    made = _made(numbers)
    size = numbers.randint(len(made.content) // 20 + 1, len(made.content))
    return replace(
        case, init=lambda: chunked(made.content, size), expect=completes(made.files), renew=None
    )


def _another_digit(case: Case, number: int, session: Random) -> Case:
    made = _made(session)
    numbers = _own(session, number)
    digest = hashlib.sha256(made.content).hexdigest()
    place = numbers.randrange(len(digest))
    digit = f"{int(digest[place], 16) ^ numbers.randint(1, 15):x}"
    return replace(
        case,
        init=whole(made.content),
        argument=digest[:place] + digit + digest[place + 1 :],
        control=_control(case, made),
        renew=None,
    )


def _another_byte(case: Case, number: int, session: Random) -> Case:
    made = _made(session)
    numbers = _own(session, number)
    damaged = bytearray(made.content)
    damaged[numbers.randrange(len(damaged))] ^= numbers.randint(1, 255)
    return replace(
        case,
        init=whole(bytes(damaged)),
        argument=hashlib.sha256(made.content).hexdigest(),
        control=_control(case, made),
        renew=None,
    )


def _control(case: Case, made: _Payload) -> Control:
    if case.control is None:
        raise ValueError(f"case {case.id} needs a positive control")
    return replace(case.control, init=whole(made.content), tree=tree(made.files))


_PLAIN: Final = _made(Random(0))  # noqa: S311 - what is exported, and listed
_DIGEST: Final = hashlib.sha256(_PLAIN.content).hexdigest()


def _matching(number: int) -> Case:
    return Case(
        id=f"sum-fresh-payload-{number}",
        title=f"files of this session's own, the {number}. time",
        why=_WHY,
        origin=_ORIGIN,
        requirements=("SUM-1",),
        init=whole(_PLAIN.content),
        expect=completes(_PLAIN.files),
        renew=lambda case, numbers: _completing(case, _own(numbers, number)),
    )


def _digit(number: int) -> Case:
    return Case(
        id=f"sum-fresh-digit-{number}",
        title=f"files of this session's own, one digit of the argument wrong, the {number}. time",
        why=_WHY,
        origin=_ORIGIN,
        requirements=("SUM-1",),
        init=whole(_PLAIN.content),
        expect=FAILS,
        argument=_DIGEST[:-1] + f"{int(_DIGEST[-1], 16) ^ 1:x}",
        control=control_of(_PLAIN.files, _PLAIN.content),
        renew=lambda case, numbers: _another_digit(case, number, numbers),
    )


def _byte(number: int) -> Case:
    return Case(
        id=f"sum-fresh-byte-{number}",
        title=f"files of this session's own, one byte of the payload wrong, the {number}. time",
        why=_WHY,
        origin=_ORIGIN,
        requirements=("SUM-2",),
        init=whole(_PLAIN.content[:-1] + bytes([_PLAIN.content[-1] ^ 1])),
        expect=FAILS_UNTOUCHED,
        argument=_DIGEST,
        control=control_of(_PLAIN.files, _PLAIN.content),
        renew=lambda case, numbers: _another_byte(case, number, numbers),
    )


CASES: Final = (
    *(_matching(number) for number in range(1, 7)),
    *(_digit(number) for number in range(1, 4)),
    *(_byte(number) for number in range(1, 4)),
)
