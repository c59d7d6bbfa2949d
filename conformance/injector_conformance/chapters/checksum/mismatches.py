"""Well-formed digests of something else: no payload may be extracted by them (SUM-1, SUM-5)."""

from __future__ import annotations

import hashlib
from typing import Final

from injector_conformance.cases.case import Case, Fails
from injector_conformance.chapters.payload.sample import (
    ARCHIVE,
    CONTROL,
    PAYLOAD,
    in_pieces,
)
from injector_conformance.chapters.recipes import (
    FAILS,
    Recipe,
    whole,
)

_DIGEST: Final = hashlib.sha256(PAYLOAD).hexdigest()
_CONTRACT: Final = "Zarf v0.18.0: verify, then extract"


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _changed(place: int) -> str:
    """The right digest with one digit changed in its lowest bit."""
    digit = f"{int(_DIGEST[place], 16) ^ 1:x}"
    return _DIGEST[:place] + digit + _DIGEST[place + 1 :]


def _mismatch(
    identity: str,
    title: str,
    argument: str,
    why: str,
    *,
    origin: str = _CONTRACT,
    init: Recipe | None = None,
) -> Case:
    return Case(
        id=f"sum-mismatch-{identity}",
        title=title,
        why=why,
        origin=origin,
        requirements=("SUM-1",),
        init=init or whole(PAYLOAD),
        expect=FAILS,
        argument=argument,
        control=CONTROL,
    )


_PARTIAL: Final = "a digest of which only a part is compared ties nothing to anything"
_DIGITS: Final = tuple(
    _mismatch(f"in-{which}-digit", f"the {which} digit of the argument is wrong", one, _PARTIAL)
    for which, one in (
        ("first", _changed(0)),
        ("second", _changed(1)),
        ("8th", _changed(7)),
        ("9th", _changed(8)),
        ("32nd", _changed(31)),
        ("33rd", _changed(32)),
        ("63rd", _changed(62)),
        ("last", _changed(63)),
    )
)

_OTHER_FUNCTION: Final = "64 digits of another function are no SHA-256"
_OTHER_DATA: Final = "a digest of something else says nothing about the payload"
_HALF: Final = len(PAYLOAD) // 2

_OTHER: Final = (
    _mismatch("zeros", "64 zeros", "0" * 64, "a default value passes for a digest"),
    _mismatch("ones", "64 digits f", "f" * 64, "a default value passes for a digest"),
    _mismatch(
        "of-nothing",
        "the digest of no bytes at all",
        _sha256(b""),
        "an injector that hashes a stream it has consumed already compares with this one",
    ),
    _mismatch("of-archive", "the digest of the archive inside", _sha256(ARCHIVE), _OTHER_DATA),
    _mismatch(
        "of-first-chunk",
        "two chunks, and the digest of the first one",
        _sha256(PAYLOAD[:_HALF]),
        "the rest of the payload could be anything",
        init=in_pieces(PAYLOAD, _HALF),
    ),
    _mismatch(
        "of-last-chunk",
        "two chunks, and the digest of the last one",
        _sha256(PAYLOAD[_HALF:]),
        "the rest of the payload could be anything",
        init=in_pieces(PAYLOAD, _HALF),
    ),
    _mismatch(
        "of-chunks-in-reverse",
        "two chunks, and the digest of them the other way round",
        _sha256(PAYLOAD[_HALF:] + PAYLOAD[:_HALF]),
        "what is hashed is not what is extracted",
        init=in_pieces(PAYLOAD, _HALF),
    ),
    _mismatch(
        "of-chunk-digests",
        "two chunks, and the digest of their digests",
        _sha256((_sha256(PAYLOAD[:_HALF]) + _sha256(PAYLOAD[_HALF:])).encode()),
        _OTHER_DATA,
        init=in_pieces(PAYLOAD, _HALF),
    ),
    _mismatch("of-digest", "the digest of the digest", _sha256(_DIGEST.encode()), _OTHER_DATA),
    _mismatch(
        "with-newline",
        "the digest of the payload and a newline",
        _sha256(PAYLOAD + b"\n"),
        _OTHER_DATA,
    ),
    _mismatch(
        "bytes-reversed",
        "the digest with its bytes in reverse",
        bytes.fromhex(_DIGEST)[::-1].hex(),
        "the byte order of a digest is not the machine's",
    ),
    _mismatch(
        "of-sha3",
        "the SHA3-256 of the payload",
        hashlib.sha3_256(PAYLOAD).hexdigest(),
        _OTHER_FUNCTION,
    ),
    _mismatch(
        "of-blake2",
        "the BLAKE2s of the payload",
        hashlib.blake2s(PAYLOAD).hexdigest(),
        _OTHER_FUNCTION,
    ),
    _mismatch(
        "in-upper-case",
        "a wrong digest in capital letters",
        _changed(63).upper(),
        "an injector that accepts capital letters still has to compare",
    ),
)

_MESSAGE: Final = (
    Case(
        id="sum-message-names-both-digests",
        title="the message on a mismatch names the expected and the actual digest",
        why="the two digests tell a damaged chunk from a payload of another version",
        origin="SPEC.md, Decisions, Messages",
        requirements=("SUM-5",),
        init=whole(PAYLOAD),
        expect=(Fails(says=(b"{expected}", b"{actual}")),),
        argument=_changed(40),
        control=CONTROL,
    ),
)

CASES: Final = (*_DIGITS, *_OTHER, *_MESSAGE)
