"""Exchanges as plain values for JSON: whoever judges in another language reads them.

Every step, request and expectation is an object that says what it is under ``is``. Bytes are
texts of Latin-1: the character of each number stands for the byte.
"""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from typing import Any


def plain(value: object) -> Any:
    """A value of an exchange as JSON has it.

    Raises:
        TypeError: it is none.
    """
    if is_dataclass(value):
        parts = {one.name: plain(getattr(value, one.name)) for one in fields(value)}
        return {"is": type(value).__name__.lower(), **parts}
    match value:
        case bytes():
            return value.decode("latin-1")
        case range():
            return {"is": "range", "from": value.start, "below": value.stop}
        case tuple() | list():
            return [plain(one) for one in value]
        case None | bool() | int() | float() | str():
            return value
    raise TypeError(f"{type(value).__name__} is no part of an exchange")
