"""Streams of nothing, of another stream, and of far more than they look like.

The chapters TAR, BOX and RUN own these promises; the payloads are odd as gzip.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from injector_conformance.cases.case import MEBIBYTE, Case, Completes, Expectation, Fails
from injector_conformance.chapters.gzip.sample import ARCHIVE, CONTROL
from injector_conformance.chapters.recipes import FAILS, fails_or, made
from injector_fixtures import gzip, splice, tar
from injector_fixtures.tree import Regular

ZEROS: Final = 256 * MEBIBYTE
"""As many zeros as the pod has memory."""

ZEROS_SHA256: Final = "a6d72ac7690f53be6ae46ba88506bd97302a093f7108472bd9efc3cefda06484"
"""The SHA-256 of so many zeros: too dear to compute whenever the cases are listed."""

_GROWN: Final = (Completes({b"zeros": Regular(ZEROS, ZEROS_SHA256)}), Fails())


def _case(
    identity: str,
    title: str,
    why: str,
    requirement: str,
    build: Callable[[], bytes],
    *,
    origin: str,
    expect: tuple[Expectation, ...],
    others: str = "",
) -> Case:
    return Case(
        id=f"gz-{identity}",
        title=title,
        why=why,
        origin=origin,
        requirements=(requirement,),
        init=made(build),
        expect=expect,
        control=CONTROL,
        others=others,
    )


_NOTHING_OTHERS: Final = "flate2, GNU tar, bsdtar and Go complete; CPython and BusyBox fail"

CASES: Final = (
    _case(
        "of-nothing",
        "a gzip stream whose content is empty",
        "either reading is safe; files out of nowhere, a crash or a hang are not",
        "RUN-1",
        gzip.member,
        origin="catalogue H15",
        expect=fails_or({}),
        others=_NOTHING_OTHERS,
    ),
    _case(
        "of-nothing-in-members",
        "a thousand gzip members, all of them empty",
        "either reading is safe; files out of nowhere, a crash or a hang are not",
        "RUN-1",
        lambda: gzip.member() * 1000,
        origin="catalogue H15, Z37",
        expect=fails_or({}),
        others=_NOTHING_OTHERS,
    ),
    _case(
        "in-gzip",
        "gzip inside gzip",
        "whoever unwraps once more than was wrapped lets the payload choose how it is read",
        "GZ-8",
        lambda: gzip.member(gzip.member(ARCHIVE)),
        origin="catalogue Z29",
        expect=FAILS,
        others="bsdtar extracts it, GNU tar completes with nothing; the others fail",
    ),
    _case(
        "bomb-in-file",
        "260 KiB that hold a file of 256 MiB of zeros",
        "a decoder that holds what it decodes outgrows the pod's memory and is killed",
        "BOX-8",
        lambda: splice.bomb(tar.header(b"zeros", size=ZEROS), ZEROS, tar.END),
        origin="catalogue Z26",
        expect=_GROWN,
    ),
)
