"""NAMES-8: JSON (RFC 8259). The library is loaded when the first text is read or written.

Loading it takes longer than all else at the start; and a payload without an index needs none.
"""

import importlib

Object = dict[str, object]


def object_in(data: bytes) -> Object | None:
    """An object, from UTF-8; None if the bytes are something else.

    Numbers are not looked at, so their digits need not be counted.
    """
    json = importlib.import_module("json")
    try:
        value = json.loads(data.decode(), parse_int=float, parse_constant=refuse)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def refuse(constant: str) -> None:
    """NaN and Infinity are Python's, not JSON's."""
    raise ValueError(constant)


def text_of(value: object) -> bytes:
    """A value as JSON, in ASCII."""
    text: str = importlib.import_module("json").dumps(value)
    return text.encode("ascii")
