"""Arguments that are no SHA-256 in hexadecimal digits (SUM-3), or an unusual one (SUM-6)."""

from __future__ import annotations

import hashlib
from itertools import count
from typing import Final

from injector_conformance.cases.case import Argument, Case, Completes, Fails
from injector_conformance.chapters.payload.sample import (
    ARCHIVE,
    CONTROL,
    PAYLOAD,
    TREE,
)
from injector_conformance.chapters.recipes import (
    FAILS_UNTOUCHED,
    completes,
    control_of,
    tree,
    whole,
)
from injector_fixtures import gzip

_DIGEST: Final = hashlib.sha256(PAYLOAD).hexdigest()

_SHORTENED: Final = "a comparison of the common length accepts a shortened digest"
_LENIENT: Final = "what is cleaned up before it is compared is not what the operator was given"
_CONVERTED: Final = "an argument that is converted to a number first loses what made it malformed"
_OTHER_SUM: Final = "an argument of the wrong length must not be taken for no argument"
_CONTRACT: Final = "Zarf v0.18.0: the argument is compared as a whole"


def _payload_with_leading_zero() -> bytes:
    """The sample with a comment that makes its digest begin with a zero."""
    tries = (gzip.member(ARCHIVE, comment=b"%d" % number) for number in count())
    return next(one for one in tries if hashlib.sha256(one).hexdigest()[0] == "0")


_ZERO_PAYLOAD: Final = _payload_with_leading_zero()
_ZERO_DIGEST: Final = hashlib.sha256(_ZERO_PAYLOAD).hexdigest()


def _malformed(
    identity: str,
    title: str,
    argument: str,
    why: str,
    *,
    origin: str = _CONTRACT,
    payload: bytes = PAYLOAD,
) -> Case:
    return Case(
        id=f"sum-malformed-{identity}",
        title=f"argument: {title}",
        why=why,
        origin=origin,
        requirements=("SUM-3",),
        init=whole(payload),
        expect=FAILS_UNTOUCHED,
        argument=argument,
        control=control_of(TREE, payload),
    )


_LENGTHS: Final = (
    _malformed(
        "empty",
        "the empty string",
        "",
        "it is what a template with a missing value leaves behind, and not no argument",
    ),
    _malformed("one-digit", "the digest's first digit", _DIGEST[:1], _SHORTENED),
    _malformed("63-digits", "the digest without its last digit", _DIGEST[:-1], _SHORTENED),
    _malformed("without-first-digit", "the digest without its first", _DIGEST[1:], _SHORTENED),
    _malformed("65-digits", "the digest and one more digit", _DIGEST + "0", _SHORTENED),
    _malformed("twice", "the digest two times", _DIGEST * 2, _SHORTENED),
    _malformed(
        "40-digits",
        "the payload's SHA-1",
        hashlib.sha1(PAYLOAD, usedforsecurity=False).hexdigest(),
        _OTHER_SUM,
    ),
    _malformed(
        "32-digits",
        "the payload's MD5",
        hashlib.md5(PAYLOAD, usedforsecurity=False).hexdigest(),
        _OTHER_SUM,
    ),
    _malformed(
        "128-digits", "the payload's SHA-512", hashlib.sha512(PAYLOAD).hexdigest(), _OTHER_SUM
    ),
    _malformed(
        "very-long",
        "the digest, followed by 100,000 digits",
        _DIGEST + "0" * 100_000,
        "an argument that is copied into 64 bytes of memory writes over what lies behind them",
    ),
    _malformed(
        "zero-dropped",
        "a digest without its leading zero",
        _ZERO_DIGEST[1:],
        _CONVERTED,
        payload=_ZERO_PAYLOAD,
    ),
    _malformed("zero-added", "the digest with a leading zero", "0" + _DIGEST, _CONVERTED),
)

_CHARACTERS: Final = (
    _malformed("letter-g", "64 characters, the last one a g", _DIGEST[:-1] + "g", _CONVERTED),
    _malformed("all-letters", "64 letters z", "z" * 64, _CONVERTED),
    _malformed(
        "underscore",
        "the digest with an underscore between two digits",
        f"{_DIGEST[:32]}_{_DIGEST[32:]}",
        _CONVERTED,
        origin="PEP 515: number parsers pass over underscores",
    ),
    _malformed(
        "plus-for-zero",
        "a digest with + for its leading zero",
        "+" + _ZERO_DIGEST[1:],
        _CONVERTED,
        payload=_ZERO_PAYLOAD,
    ),
    _malformed(
        "space-for-zero",
        "a digest with a space for its leading zero",
        " " + _ZERO_DIGEST[1:],
        _CONVERTED,
        payload=_ZERO_PAYLOAD,
    ),
    _malformed(
        "wide-digits",
        "a digest whose digits are the full-width ones of Unicode",
        _DIGEST.translate({ord("0") + number: 0xFF10 + number for number in range(10)}),
        _CONVERTED,
        origin="Unicode, U+FF10 to U+FF19: decimal digits for many number parsers",
    ),
    _malformed("question-marks", "64 question marks", "?" * 64, "it is compared, not matched"),
    _malformed("asterisk", "an asterisk", "*", "it is compared, not matched"),
)

_AROUND: Final = (
    _malformed("space-before", "a space before the digest", " " + _DIGEST, _LENIENT),
    _malformed("space-after", "a space after the digest", _DIGEST + " ", _LENIENT),
    _malformed("space-inside", "a space amid it", f"{_DIGEST[:8]} {_DIGEST[8:]}", _LENIENT),
    _malformed("tab-after", "a tab after the digest", _DIGEST + "\t", _LENIENT),
    _malformed("newline-before", "a newline before the digest", "\n" + _DIGEST, _LENIENT),
    _malformed("newline-after", "a newline after the digest", _DIGEST + "\n", _LENIENT),
    _malformed("carriage-return-after", "a CR after the digest", _DIGEST + "\r", _LENIENT),
    _malformed(
        "quoted",
        "the digest in quotation marks",
        f'"{_DIGEST}"',
        _LENIENT,
        origin="a template that quotes once too often",
    ),
    _malformed(
        "sha256-prefix",
        "sha256: before the digest",
        f"sha256:{_DIGEST}",
        _LENIENT,
        origin="OCI image specification, digests",
    ),
    _malformed("0x-prefix", "0x before the digest", f"0x{_DIGEST}", _CONVERTED),
    _malformed(
        "sha256sum-line",
        "a line of sha256sum",
        f"{_DIGEST}  -",
        _SHORTENED,
        origin="GNU coreutils, sha256sum",
    ),
    _malformed(
        "bytes-with-colons",
        "the digest's bytes with colons between them",
        bytes.fromhex(_DIGEST).hex(":"),
        _CONVERTED,
    ),
    _malformed(
        "only-spaces",
        "64 spaces",
        " " * 64,
        "what is empty after cleaning up must not be taken for no argument",
    ),
    _malformed(
        "prefix-alone",
        "sha256: and nothing else",
        "sha256:",
        "what is empty after cleaning up must not be taken for no argument",
        origin="OCI image specification, digests",
    ),
)

_UPPER: Final = _DIGEST.upper()
_MIXED: Final = _DIGEST[:32] + _UPPER[32:]
_BY_NUMBER: Final = "the same number is the same digest"


def _upper(identity: str, title: str, argument: str) -> Case:
    return Case(
        id=f"sum-{identity}-accepted",
        title=title,
        why=_BY_NUMBER,
        origin="spec decision: text or number, both are safe",
        requirements=("SUM-6",),
        init=whole(PAYLOAD),
        expect=completes(TREE),
        argument=argument,
    )


_CASE: Final = (
    _upper("upper-case", "the digest in capital letters", _UPPER),
    _upper("mixed-case", "the digest with capital letters in its second half", _MIXED),
    Case(
        id="sum-upper-case-safe",
        title="the digest in capital letters is accepted, or refused with nothing written",
        why="an injector that finds out late has written files from an unverified payload",
        origin="spec decision: text or number, both are safe",
        requirements=("SUM-2",),
        init=whole(PAYLOAD),
        expect=(Completes(tree(TREE)), Fails(untouched=True)),
        argument=_UPPER,
        control=CONTROL,
    ),
    Case(
        id="sum-none",
        title="no argument at all",
        why="the founding injector knows no checksum, and the argument has stayed optional",
        origin="Zarf v0.16.0",
        requirements=("SUM-4",),
        init=whole(PAYLOAD),
        expect=completes(TREE),
        argument=Argument.NONE,
    ),
)

CASES: Final = (*_LENGTHS, *_CHARACTERS, *_AROUND, *_CASE)
