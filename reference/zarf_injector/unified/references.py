"""NAMES: tags and digests, as OCI's specifications write them."""

ALGORITHM = b"sha256:"
DIGITS = frozenset(b"0123456789abcdef")
DIGIT_COUNT = 64

LETTERS = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_"
TAG_BEGINS = frozenset(LETTERS)
TAG_GOES_ON = frozenset(LETTERS + b".-")
LONGEST_TAG = 128


def digits_of(reference: bytes) -> str | None:
    """The hexadecimal digits of a digest; None if ``reference`` is none (NAMES-6).

    What is returned is safe as a file's name.
    """
    digits = reference.removeprefix(ALGORITHM)
    if len(digits) == len(reference) or not is_hexadecimal(digits):
        return None
    return digits.decode("ascii")


def is_hexadecimal(digits: bytes) -> bool:
    """NAMES-6: 64 digits, in lower case only."""
    return len(digits) == DIGIT_COUNT and DIGITS.issuperset(digits)


def is_tag(reference: bytes) -> bool:
    """NAMES-6: up to 128 letters, digits, ``_``, ``.`` and ``-``; the last two not in front."""
    return (
        0 < len(reference) <= LONGEST_TAG
        and reference[0] in TAG_BEGINS
        and TAG_GOES_ON.issuperset(reference)
    )
