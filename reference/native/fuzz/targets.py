"""What is fuzzed: for each parser how inputs are made, and who else reads them."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from native.fuzz import documents, heads, payloads, streams
from native.tests import gzip_oracle, trees
from native.tests.native_programs import Answer, Ending


@dataclass(frozen=True)
class Place:
    """Where an input was extracted, and room for the reference to do the same, where it is."""

    extracted: Path
    scratch: Path


@dataclass(frozen=True)
class Target:
    """A parser.

    Attributes:
        name: what it is asked for by.
        reads: what it parses, for people.
        task: the harness's letter for it.
        make: an input from a source of randomness.
        complaint: what is wrong with an answer to an input; None if nothing is.
    """

    name: str
    reads: str
    task: str
    make: Callable[[random.Random], bytes]
    complaint: Callable[[bytes, Answer, Place], str | None]

    @property
    def extracts(self) -> bool:
        """Whether it needs a root of its own."""
        return self.task == "x"


def _like(wanted: bytes | None, answer: Answer, other: str) -> str | None:
    if wanted is None:
        return None if answer.ending is Ending.REJECTED else f"accepted, and {other} refuses it"
    if answer.ending is Ending.REJECTED:
        return f"refused, and {other} accepts it"
    return None if answer.output == wanted else f"read otherwise than by {other}"


def _json(data: bytes, answer: Answer, _place: Place) -> str | None:
    return _like(documents.expected(data), answer, "Python's json")


def _request(data: bytes, answer: Answer, _place: Place) -> str | None:
    if answer.ending is Ending.REJECTED:
        return "the parser has ended the process"
    return heads.complaint(data, answer.output)


def _gzip(data: bytes, answer: Answer, _place: Place) -> str | None:
    return _like(gzip_oracle.decompressed(data), answer, "zlib")


def _archive(data: bytes, answer: Answer, place: Place) -> str | None:
    tree = payloads.by_the_reference(data, place.scratch)
    if tree is None:
        return (
            None if answer.ending is Ending.REJECTED else "accepted, and the reference refuses it"
        )
    if answer.ending is Ending.REJECTED:
        return "refused, and the reference accepts it"
    return (
        None if trees.extracted(place.extracted) == tree else "another tree than the reference's"
    )


TARGETS: Final = (
    Target("json", "index.json and manifests", "j", documents.some, _json),
    Target("request", "heads of requests", "q", heads.some, _request),
    Target("gzip", "gzip members and DEFLATE blocks", "g", streams.some, _gzip),
    Target("tar", "tar headers and members", "x", payloads.some_archive, _archive),
    Target("pax", "records of extended headers", "x", payloads.some_records, _archive),
)
