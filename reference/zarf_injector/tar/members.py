"""The members of an archive, with everything that extended headers say about them applied."""

from collections.abc import Iterator
from enum import Enum

from zarf_injector import errors
from zarf_injector.bounds import Allowance
from zarf_injector.display import quoted
from zarf_injector.tar import header, number, pax
from zarf_injector.tar.header import Header
from zarf_injector.tar.stream import Stream, padded

LONGEST_EXTENSION = 1024 * 1024
"""Bytes of an extended header, which is held in memory, that are still believed (TAR-17)."""

LONGEST_NAME = 4095
"""Bytes of a name that a system call takes (PATH_MAX without the zero). Whoever comes later could
not open a longer one."""

FREE_RECORDS = 500_000
RECORDS_EACH = 64
"""Pax records that an archive may have at first, and with each extended header (BOX-8)."""


class Kind(Enum):
    """What a member becomes."""

    FILE = "file"
    DIRECTORY = "directory"
    SYMBOLIC_LINK = "symbolic link"
    HARD_LINK = "hard link"


class Member:
    """A member that is to be extracted.

    Attributes:
        kind: what it becomes.
        name: where, below the output directory.
        linkname: text of a symbolic link, or the name that a hard link shares.
        size: bytes of data that follow in the stream; zero unless it is a file.
    """

    __slots__ = ("kind", "linkname", "name", "size")

    def __init__(self, kind: Kind, name: bytes, linkname: bytes, size: int) -> None:
        self.kind = kind
        self.name = name
        self.linkname = linkname
        self.size = size


Overrides = dict[bytes, bytes]
"""What extended headers said about the next member: ``path``, ``linkpath``, ``size``, and under
``SPARSE`` a keyword. All others are forgotten at once, so that memory is bounded (BOX-8)."""

PATH = b"path"
LINKPATH = b"linkpath"
SIZE = b"size"
SPARSE = b"GNU.sparse"

KINDS = {
    b"\0": Kind.FILE,
    b"0": Kind.FILE,
    b"1": Kind.HARD_LINK,
    b"2": Kind.SYMBOLIC_LINK,
    b"5": Kind.DIRECTORY,
    b"7": Kind.FILE,
}
SPECIAL_FILES = {b"3": "a character device", b"4": "a block device", b"6": "a FIFO"}
GNU_SPARSE = b"S"

GNU_LONG_NAME = b"L"
GNU_LONG_LINK = b"K"
PAX_NEXT = b"x"
PAX_GLOBAL = b"g"
EXTENSIONS = (PAX_NEXT, PAX_GLOBAL, GNU_LONG_NAME, GNU_LONG_LINK)


def read(stream: Stream) -> Iterator[Member]:
    """The members in the archive's order, up to its end (TAR-14).

    After each, as much of its data as the caller wants may be read from ``stream``.

    Raises:
        InjectorError: of chapter TAR.
    """
    overrides: Overrides = {}
    allowance = Allowance("too many pax records", FREE_RECORDS, RECORDS_EACH)
    dangling = False
    while (block := next_header(stream)) is not None:
        head = header.read(block, stream.position - len(block))
        if head.type in EXTENSIONS:
            # TAR-4: what several of them say adds up; of one keyword the last counts.
            overrides |= read_extension(stream, head, allowance)
            dangling = dangling or head.type != PAX_GLOBAL
            continue
        if is_sparse(head.type, overrides):
            raise errors.SparseMemberError(f"{quoted(head.name)} is stored as a sparse file")
        size = size_of(head, overrides)
        end = stream.position + padded(size)
        if not is_passed_over(head.type):
            yield member_of(head, overrides, size)
        stream.skip_to(end)
        forget(overrides)
        dangling = False
    if dangling:
        raise errors.DanglingHeaderError("the archive ends after an extended header")


def next_header(stream: Stream) -> bytes | None:
    """The next header block, or None at the archive's end.

    TAR-14: two zero blocks end an archive. TAR-9a: so does the end of the stream at a member's
    boundary, after one zero block or none.

    Raises:
        LoneZeroBlockError: one zero block, and then something else.
        TruncatedArchiveError: the stream ends within a block (TAR-9).
    """
    block = stream.header()
    if block is None or not header.is_zero(block):
        return block
    second = stream.header()
    if second is not None and not header.is_zero(second):
        raise errors.LoneZeroBlockError(
            f"a single zero block before byte {stream.position - len(second)} of the archive"
        )
    return None


def size_of(head: Header, overrides: Overrides) -> int:
    """TAR-3: the data's length in bytes; a pax record outweighs the header."""
    override = overrides.get(SIZE)
    return number.from_record(override) if override else head.size


def forget(overrides: Overrides) -> None:
    """TAR-4: nothing that was said about a member is left for the one after it."""
    overrides.clear()


def is_passed_over(type_: bytes) -> bool:
    """TAR-1, TAR-1a: vendors' own types, which POSIX reserves capital letters for.

    GNU's sparse members are files, and not to be lost in silence (TAR-11).
    """
    return type_.isupper() and type_ != GNU_SPARSE


def member_of(head: Header, overrides: Overrides, size: int) -> Member:
    """The member that ``head`` and ``overrides`` describe.

    What an empty override says is nothing: the header's own text holds (TAR-1).

    Raises:
        InjectorError: it is not to be extracted (TAR-1, TAR-10, TAR-13, TAR-16).
    """
    name = overrides.get(PATH) or checked_text(head.name)
    linkname = overrides.get(LINKPATH) or checked_text(head.linkname)
    if is_special_file(head.type):
        raise errors.SpecialFileError(f"{quoted(name)} is {SPECIAL_FILES[head.type]}")
    kind = KINDS.get(head.type)
    if kind is None:
        raise errors.UnknownTypeError(f"{quoted(name)} has the unknown type {head.type!r}")
    if kind is Kind.FILE and name.endswith(b"/"):
        # Archives from before there was a type for directories mark them so. The whole name tells,
        # and not what of it is in the header (TAR-2).
        kind = Kind.DIRECTORY
    if size and kind is not Kind.FILE:
        raise errors.UnexpectedDataError(
            f"{quoted(name)} is a {kind.value}, but {size} bytes of data follow it"
        )
    return Member(kind, name, linkname, size)


def is_special_file(type_: bytes) -> bool:
    """TAR-10, TAR-10a: a device or a FIFO, which nothing is made of."""
    return type_ in SPECIAL_FILES


def is_sparse(type_: bytes, overrides: Overrides) -> bool:
    """TAR-11: whether the data is a condensed form of the content."""
    return type_ == GNU_SPARSE or SPARSE in overrides


def checked_text(name: bytes) -> bytes:
    """TAR-13: a name, if a system call can take it.

    Raises:
        MalformedNameError: it is too long, or has a zero byte in it, which would end it early.
    """
    if b"\0" in name:
        raise errors.MalformedNameError(f"zero byte in the name {quoted(name)}")
    if len(name) > LONGEST_NAME:
        raise errors.MalformedNameError(f"the name {quoted(name)} is too long")
    return name


def read_extension(stream: Stream, head: Header, allowance: Allowance) -> Overrides:
    """TAR-1: what an extended header says about the next member.

    A global header is read, so that a damaged one is noticed, but says nothing.

    Raises:
        OversizedHeaderError, MalformedRecordError, MalformedNumberError, MalformedNameError,
        TruncatedArchiveError, ExcessError: as their names say.
    """
    if not size_is_credible(head.size):
        raise errors.OversizedHeaderError(
            f"an extended header claims to be {head.size} bytes long"
        )
    end = stream.position + padded(head.size)
    data = stream.take(head.size)
    stream.skip_to(end)
    if head.type == GNU_LONG_NAME:
        return {PATH: long_name(data)}
    if head.type == GNU_LONG_LINK:
        return {LINKPATH: long_name(data)}
    said = from_records(data, allowance)
    return said if head.type == PAX_NEXT else {}


def long_name(data: bytes) -> bytes:
    """TAR-1: the text of a GNU long name, which a zero byte ends.

    Raises:
        MalformedNameError: there is none, or something else behind the zero byte (TAR-13).
    """
    name, _, rest = data.partition(b"\0")
    if not name or rest.strip(b"\0"):
        raise errors.MalformedNameError(
            f"a GNU long name is empty or has two ends: {quoted(data)}"
        )
    return checked_text(name)


def from_records(data: bytes, allowance: Allowance) -> Overrides:
    """TAR-1, TAR-12: what pax records say that concerns us; each must be right by itself.

    That holds for a record that a later one replaces as well, or that has no effect (TAR-12).
    """
    said: Overrides = {}
    count = 0
    for keyword, value in pax.records(data):
        count += 1
        if keyword in (PATH, LINKPATH):
            said[keyword] = checked_text(value)
        elif keyword == SIZE:
            said[SIZE] = value
            if value:
                number.from_record(value)
        elif pax.is_sparse(keyword):
            said[SPARSE] = keyword
    allowance.spend(count)
    return said


def size_is_credible(size: int) -> bool:
    """TAR-12, TAR-17: whether memory is set aside for an extended header of this many bytes."""
    return size <= LONGEST_EXTENSION
