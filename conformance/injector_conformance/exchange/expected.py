"""What may come back: answers by status, fields and body, or the end of the connection."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Final, Literal

CLIENT_ERRORS: Final = range(400, 500)
ERRORS: Final = range(400, 600)

ANY_VALUE: Final = ".*"
"""The pattern of a field that only has to be there."""


@dataclass(frozen=True, slots=True)
class Field:
    """A field of an answer.

    Attributes:
        name: in lower case.
        pattern: a regular expression that the whole value of each must match; None if there must
            be none of that name.
        is_required: whether it must be there; else it must match where it is.
        requirement: what is broken where it does not hold, whatever the case is about; empty for
            the case's own.
    """

    name: str
    pattern: str | None
    is_required: bool = True
    requirement: str = ""


@dataclass(frozen=True, slots=True)
class Body:
    """Exactly these bytes, by number and SHA-256, so that cases hold no megabytes."""

    size: int
    sha256: str


def body(data: bytes) -> Body:
    """The body that is ``data``."""
    return Body(len(data), hashlib.sha256(data).hexdigest())


@dataclass(frozen=True, slots=True)
class Document:
    """A body that is JSON of a kind that OCI defines; ``values`` are what it lists."""

    kind: Literal["errors", "index", "tags"]
    values: tuple[str, ...] = ()


EMPTY: Final = body(b"")


@dataclass(frozen=True, slots=True)
class Answer:
    """A whole, well-formed answer.

    Attributes:
        status: those that are allowed.
        fields: all of them must hold.
        body: None for any.
        is_last: whether the connection must be closed behind it.
    """

    status: tuple[int, ...] | range
    fields: tuple[Field, ...] = ()
    body: Body | Document | None = None
    is_last: bool = False


@dataclass(frozen=True, slots=True)
class Closed:
    """The connection ends, by a close or a reset, without a whole answer.

    ``is_silent``: without a byte.
    """

    is_silent: bool = False


@dataclass(frozen=True, slots=True)
class Silence:
    """Nothing comes, and the connection stays."""


@dataclass(frozen=True, slots=True)
class Truncated:
    """An answer begins, with ``prefix``, and can be told from a whole one."""

    prefix: bytes = b""


Expected = Answer | Closed | Silence | Truncated
