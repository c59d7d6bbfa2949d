"""HTTP: answers, from status to body."""

import time
from collections.abc import Sequence

from zarf_injector.unified import json_text
from zarf_injector.unified.layout import Blob
from zarf_injector.unified.ranges import Part

REASONS = {
    200: "OK",
    206: "Partial Content",
    400: "Bad Request",
    404: "Not Found",
    405: "Method Not Allowed",
    408: "Request Timeout",
    414: "URI Too Long",
    416: "Range Not Satisfiable",
    431: "Request Header Fields Too Large",
    500: "Internal Server Error",
    501: "Not Implemented",
    503: "Service Unavailable",
    505: "HTTP Version Not Supported",
}

JSON = "application/json"
OCTETS = "application/octet-stream"

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")

Field = tuple[str, str]


class Answer:
    """What is sent back.

    Attributes:
        status: three digits.
        fields: beside those that every answer has.
        body: bytes that are sent; none if ``blob`` is.
        blob: where the body comes from otherwise; whoever sends it closes it.
        part: of the blob; None for all of it.
    """

    __slots__ = ("blob", "body", "fields", "part", "status")

    def __init__(
        self,
        status: int,
        fields: Sequence[Field],
        body: bytes = b"",
        blob: Blob | None = None,
        part: Part | None = None,
    ) -> None:
        self.status = status
        self.fields = tuple(fields)
        self.body = body
        self.blob = blob
        self.part = part

    @property
    def length(self) -> int:
        """Bytes of the body."""
        if self.part is not None:
            return self.part.size
        return len(self.body) if self.blob is None else self.blob.size

    def head(self, *, closes: bool) -> bytes:
        """Status line and fields, up to the empty line.

        HTTP-15: there is always a length, so that a body that broke off can be told from a whole
        one. HTTP-14: there is never a transfer coding. NAMES-11: nor a content coding.
        """
        lines = [f"HTTP/1.1 {self.status} {REASONS[self.status]}", f"Date: {date(time.time())}"]
        lines.append("Docker-Distribution-Api-Version: registry/2.0")
        lines += [f"{name}: {value}" for name, value in self.fields]
        lines.append(f"Content-Length: {self.length}")
        if closes:
            lines.append("Connection: close")
        return "\r\n".join((*lines, "", "")).encode("ascii")


def date(now: float) -> str:
    """A time as HTTP writes it, whatever the locale (RFC 9110, section 5.6.7)."""
    utc = time.gmtime(now)
    day, month = DAYS[utc.tm_wday], MONTHS[utc.tm_mon - 1]
    return f"{day}, {utc.tm_mday:02} {month} {utc.tm_year} {time.strftime('%H:%M:%S', utc)} GMT"


def value(content: object, fields: Sequence[Field] = ()) -> Answer:
    """200, and ``content`` as JSON."""
    body = json_text.text_of(content) if content else b"{}"
    return Answer(200, [("Content-Type", JSON), *fields], body)


def error(status: int, code: str, message: str, fields: Sequence[Field] = ()) -> Answer:
    """HTTP-5: an error in OCI's form; clients show the message to their users.

    Code and message are words of ours, in which nothing has to be escaped.
    """
    body = f'{{"errors": [{{"code": "{code}", "message": "{message}"}}]}}'
    return Answer(status, [("Content-Type", JSON), *fields], body.encode("ascii"))


def unfit(status: int) -> Answer:
    """HTTP-10, HTTP-11: the answer to what is no request."""
    return error(status, "UNSUPPORTED", f"no request that is served here: {REASONS[status]}")


def content(blob: Blob, media_type: str, part: Part | None = None) -> Answer:
    """HTTP-2, HTTP-3a, HTTP-16: a manifest or a blob, or a part of one."""
    digest = f"sha256:{blob.digits}"
    fields = [
        ("Content-Type", media_type),
        ("Docker-Content-Digest", digest),
        ("ETag", f'"{digest}"'),
    ]
    if media_type == OCTETS:
        fields.append(("Accept-Ranges", "bytes"))
    if part is None:
        return Answer(200, fields, blob=blob)
    fields.append(("Content-Range", f"bytes {part.first}-{part.last}/{blob.size}"))
    return Answer(206, fields, blob=blob, part=part)
