"""Salt: what makes the bytes of one session's payloads unlike those of every other one.

The cases are public. A program that knows the digest of every payload, and the tree that belongs
to it, would be called an injector without being one. So the first gzip header of a payload gets a
modification time of the session's own, which no injector looks at (RFC 1952, section 2.3.1), and
with it another digest; and some cases are made anew from the session's seed (:attr:`Case.renew`).

A seed stands in every report: with it a run can be repeated, byte for byte.
"""

from __future__ import annotations

import hashlib
import random
import secrets
from collections.abc import Callable
from dataclasses import replace
from typing import Final

from injector_conformance.cases.case import Argument, Case
from injector_fixtures.layout import File, InitDirectory, chunks_of
from injector_fixtures.oci.layout import ZERO_TIME

SEED_DIGITS: Final = 16
"""Hexadecimal digits of a seed."""

_HEADER: Final = b"\x1f\x8b\x08"
_HEADER_CRC: Final = 1 << 1
_FLAGS: Final = 3
_TIME: Final = slice(4, 8)
_FREE: Final = (bytes(4), ZERO_TIME.to_bytes(4, "little"))
"""No time, and Go's, which Zarf writes and which is none either."""


def new_seed() -> str:
    """A seed that nobody has had before."""
    return secrets.token_hex(SEED_DIGITS // 2)


def is_seed(text: str) -> bool:
    """Whether a text is a seed: 16 lowercase hexadecimal digits."""
    return len(text) == SEED_DIGITS and set(text) <= set("0123456789abcdef")


def numbers(seed: str, purpose: str) -> random.Random:
    """Random numbers of a session, the same whenever seed and purpose are the same."""
    return random.Random(hashlib.sha256(f"{seed} {purpose}".encode()).digest())  # noqa: S311


def renewed(case: Case, seed: str) -> Case:
    """The case with payloads of this session.

    A case whose argument is literal text keeps its payload: the text belongs to it. Its positive
    control does not.
    """
    if case.renew is not None:
        return case.renew(case, numbers(seed, "cases"))
    control = case.control
    if control is not None:
        control = replace(control, init=_later(control.init, seed))
    if not isinstance(case.argument, Argument):
        return replace(case, control=control)
    return replace(case, init=_later(case.init, seed), control=control)


def _later(init: Callable[[], InitDirectory], seed: str) -> Callable[[], InitDirectory]:
    return lambda: salted(init(), seed)


def salted(init: InitDirectory, seed: str) -> InitDirectory:
    """The init directory with the session's time in its payload's first gzip header.

    It is returned as it is where the time is not free: in what is no gzip header, in one that has
    a time already or a checksum of its own, and where chunks are not plain files.
    """
    payload = init.payload
    is_free = payload.startswith(_HEADER) and payload[_TIME] in _FREE
    if not is_free or payload[_FLAGS] & _HEADER_CRC:
        return init
    chunks = chunks_of(init.entries)
    if chunks is None or len({place for _, place, _ in chunks}) != len(chunks):
        return init
    if sum(len(one.content) for _, _, one in chunks) != len(payload):
        return init
    time = numbers(seed, "time").randbytes(_TIME.stop - _TIME.start)
    entries, at = dict(init.entries), 0
    for _, place, chunk in chunks:
        end = at + len(chunk.content)
        first, last = max(at, _TIME.start), min(end, _TIME.stop)
        if first < last:
            content = bytearray(chunk.content)
            content[first - at : last - at] = time[first - _TIME.start : last - _TIME.start]
            entries[place] = File(bytes(content), chunk.mode)
        at = end
        if at >= _TIME.stop:
            break
    rest = memoryview(payload)[_TIME.stop :]
    return InitDirectory(entries, b"".join((payload[: _TIME.start], time, rest)))
