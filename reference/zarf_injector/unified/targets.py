"""HTTP-7, HTTP-8: from a request's target to the path that it means."""

HEXADECIMAL = frozenset(b"0123456789abcdefABCDEF")
ESCAPE = 2


def path_of(target: bytes) -> bytes | None:
    """The path, without query, its percent-encoding undone; None if it cannot be undone.

    Whole URIs are taken too, whatever their host (RFC 9112, section 3.2.2).
    """
    return decoded(without_query(origin_form(target)))


def origin_form(target: bytes) -> bytes:
    """A target without scheme and host."""
    if target.startswith(b"/"):
        return target
    scheme, separator, rest = target.partition(b"://")
    if not separator or scheme.lower() not in (b"http", b"https"):
        return target
    return rest[cut:] if (cut := rest.find(b"/")) >= 0 else b"/"


def without_query(target: bytes) -> bytes:
    """HTTP-7: what is in front of the first question mark."""
    return target.partition(b"?")[0]


def decoded(path: bytes) -> bytes | None:
    """HTTP-8: every ``%`` and two digits become one byte, once: ``%2541`` is ``%41``.

    An encoded slash is a slash. That is safe, because the path is taken apart afterwards, and no
    part of it ever names a file but a digest's digits.
    """
    first, *parts = path.split(b"%")
    undone = [first]
    for part in parts:
        digits = part[:ESCAPE]
        if len(digits) < ESCAPE or not HEXADECIMAL.issuperset(digits):
            return None
        undone.append(bytes.fromhex(digits.decode("ascii")) + part[ESCAPE:])
    return b"".join(undone)
