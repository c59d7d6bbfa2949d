"""HTTP: requests as bytes (RFC 9112). Nothing here reads or writes.

A request is what comes up to an empty line, its head, and then perhaps a body. No method that is
served has a use for a body, so none is read: the answer says ``Connection: close``, and whatever
else comes on that connection is never looked at (HTTP-13). What is not exactly a request is
answered by an error, and ends the connection too: two readers who guess come to see different
requests.
"""

LONGEST_HEAD = 24 * 1024
"""HTTP-12: bytes of a head; 16 KiB must be taken."""

LONGEST_TARGET = 16 * 1024
"""HTTP-12: bytes of a target; 8,000 must be taken."""

LETTERS = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
NUMBERS = b"0123456789"
TOKEN = frozenset(LETTERS + NUMBERS + b"!#$%&'*+-.^_`|~")
DIGITS = frozenset(NUMBERS)
VISIBLE = frozenset(range(0x21, 0x7F))
VALUE = frozenset((*range(0x20, 0x7F), *range(0x80, 0x100), 0x09))
HOST = frozenset(LETTERS + NUMBERS + b"-._~%!$&'()*+,;=:[]")

LINE_ENDS = b"\r\n"
LEADING_LINE_ENDS = 2 * len(LINE_ENDS)
SPACES = b" \t"
LONGEST_NUMBER = 18

BAD_REQUEST = 400
URI_TOO_LONG = 414
FIELDS_TOO_LARGE = 431
NOT_IMPLEMENTED = 501
VERSION_NOT_SUPPORTED = 505


class RefusedError(Exception):
    """What came is no request that could be answered.

    Attributes:
        status: what to answer, before the connection is closed.
    """

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


Fields = dict[bytes, list[bytes]]
"""Values in their order, by the lower-case names of their fields."""


class Request:
    """A request's head.

    Attributes:
        method: as it was sent; case matters.
        target: as it was sent.
        minor: of the version, 0 or 1: HTTP/1.7 is taken as HTTP/1.1 (RFC 9110, section 2.5).
        fields: the header fields.
    """

    __slots__ = ("fields", "method", "minor", "target")

    def __init__(self, method: bytes, target: bytes, minor: int, fields: Fields) -> None:
        self.method = method
        self.target = target
        self.minor = minor
        self.fields = fields

    def value(self, name: bytes) -> bytes | None:
        """A field's value, if it was sent exactly once."""
        values = self.fields.get(name, ())
        return values[0] if len(values) == 1 else None


def begins_no_request(received: bytes | bytearray) -> bool:
    """HTTP-10: whether this can be seen by the first byte, as a TLS ClientHello can."""
    return bool(received) and received[0] not in TOKEN


def end_of(received: bytes | bytearray) -> int | None:
    """Where the head that ``received`` begins with ends, or None if more has to come.

    Empty lines in front of it are counted to it.

    Raises:
        RefusedError: it cannot become a request, or is too long (HTTP-10, HTTP-12).
    """
    start = leading_line_ends(received)
    if begins_no_request(received[start : start + 1]):
        raise RefusedError(BAD_REQUEST)
    ends = (
        found + len(ending)
        for ending in (b"\n\r\n", b"\n\n")
        if (found := received.find(ending, start, LONGEST_HEAD)) >= 0
    )
    end = min(ends, default=None)
    if end is None:
        look_at_beginning(bytes(received[start:LONGEST_HEAD]))
    return end


def look_at_beginning(received: bytes) -> None:
    """Refuse as early as possible what cannot become a request, so that nobody waits for more.

    Raises:
        RefusedError: there is a line, and it is no request line; or there is too much already.
    """
    line, newline, _ = received.partition(b"\n")
    if newline:
        request_line(line.removesuffix(b"\r"))
    if len(received) >= LONGEST_HEAD - LEADING_LINE_ENDS:
        raise RefusedError(FIELDS_TOO_LARGE if newline else URI_TOO_LONG)


def leading_line_ends(received: bytes | bytearray) -> int:
    """How many bytes of empty lines are in front, up to two of which are passed over.

    Some clients send one behind a request's body (RFC 9112, section 2.2).
    """
    front = received[:LEADING_LINE_ENDS]
    return len(front) - len(front.lstrip(LINE_ENDS))


def parse(head: bytes) -> Request:
    """A request, from all of its head.

    Lines end in CR LF, or in LF alone (RFC 9112, section 2.2); a CR elsewhere is an error.

    Raises:
        RefusedError: it is malformed.
    """
    first, *lines = (line.removesuffix(b"\r") for line in head.lstrip(LINE_ENDS).split(b"\n"))
    method, target, minor = request_line(first)
    fields: Fields = {}
    for line in lines:
        if line:
            name, value = field(line)
            fields.setdefault(name, []).append(value)
    request = Request(method, target, minor, fields)
    if not host_is_right(request) or not body_is_right(request):
        raise RefusedError(BAD_REQUEST)
    return request


def request_line(line: bytes) -> tuple[bytes, bytes, int]:
    """Method, target and minor version, each one space from the next.

    Raises:
        RefusedError: HTTP-11.
    """
    words = line.split(b" ")
    if len(words) != len(("method", "target", "version")):
        raise RefusedError(BAD_REQUEST)
    method, target, version = words
    if not method or not target or not TOKEN.issuperset(method) or not VISIBLE.issuperset(target):
        raise RefusedError(BAD_REQUEST)
    if len(target) > LONGEST_TARGET:
        raise RefusedError(URI_TOO_LONG)
    return method, target, minor_of(version)


def minor_of(version: bytes) -> int:
    """HTTP-14: 0 or 1, from ``HTTP/1.0`` and so on.

    Raises:
        RefusedError: another major version, or none.
    """
    name, slash, number = version.partition(b"/")
    major, dot, minor = number.partition(b".")
    if name + slash + dot != b"HTTP/." or len(major) != 1 or len(minor) != 1:
        raise RefusedError(BAD_REQUEST)
    if not DIGITS.issuperset(major + minor):
        raise RefusedError(BAD_REQUEST)
    if major != b"1":
        raise RefusedError(VERSION_NOT_SUPPORTED)
    return min(int(minor), 1)


def field(line: bytes) -> tuple[bytes, bytes]:
    """Name, in lower case, and value of a field line.

    A line that begins with a space would continue the one before, which nobody may send (RFC 9112,
    section 5.2). A space before the colon is refused for the same reason (section 5.1).

    Raises:
        RefusedError: HTTP-11.
    """
    name, colon, value = line.partition(b":")
    value = value.strip(SPACES)
    if not colon or not name or not TOKEN.issuperset(name) or not VALUE.issuperset(value):
        raise RefusedError(BAD_REQUEST)
    return name.lower(), value


def host_is_right(request: Request) -> bool:
    """HTTP-21: one Host, which HTTP/1.0 may do without."""
    hosts = request.fields.get(b"host", [])
    if not hosts:
        return request.minor == 0
    return len(hosts) == 1 and HOST.issuperset(hosts[0])


def body_is_right(request: Request) -> bool:
    """HTTP-13: whether there is one way only to tell where the body ends (RFC 9112, section 6.3).

    Raises:
        RefusedError: by a transfer coding that we do not know.
    """
    lengths = request.fields.get(b"content-length", [])
    codings = request.fields.get(b"transfer-encoding", [])
    if codings:
        if lengths or request.minor == 0:
            return False
        if [one.lower() for one in codings] != [b"chunked"]:
            raise RefusedError(NOT_IMPLEMENTED)
    return not lengths or (len(lengths) == 1 and is_length(lengths[0]))


def is_length(value: bytes) -> bool:
    """Whether this is a Content-Length: digits, and no list, sign or space."""
    return 0 < len(value) <= LONGEST_NUMBER and DIGITS.issuperset(value)


def has_body(request: Request) -> bool:
    """HTTP-13: whether bytes follow that are no request."""
    length = request.value(b"content-length")
    return b"transfer-encoding" in request.fields or bool(length and length.strip(b"0"))


def is_last(request: Request) -> bool:
    """HTTP-13, HTTP-14: whether the connection ends after the answer.

    HTTP/1.0 is not kept even if it asks for it: its clients are proxies and probes.
    """
    words = b",".join(request.fields.get(b"connection", ())).lower().split(b",")
    closes = b"close" in (word.strip(SPACES) for word in words)
    return closes or request.minor == 0 or has_body(request)
