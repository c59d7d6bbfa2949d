"""Every way to fail, one class for each rule (RUN-3).

A class names the requirement of SPEC.md that makes it a failure. Messages say what was wrong and
where; names from the payload are shown by :func:`zarf_injector.display.printable`.
"""


class InjectorError(Exception):
    """The payload was not extracted, or not completely.

    Attributes:
        requirement: the id of the requirement in SPEC.md that demands the failure.
    """

    requirement = "RUN-1"


# PAY


class NoChunkError(InjectorError):
    """The init directory holds no chunk."""

    requirement = "PAY-5"


class UnreadableChunkError(InjectorError):
    """An entry is named like a chunk, but cannot be read as a file."""

    requirement = "PAY-6"


class ChangedChunkError(InjectorError):
    """A chunk is not the file any more whose bytes were verified."""

    requirement = "SUM-2"


# SUM


class ChecksumMismatchError(InjectorError):
    """The payload is not the one that the argument stands for."""

    requirement = "SUM-2"


class MalformedChecksumError(InjectorError):
    """The argument is not a SHA-256 digest."""

    requirement = "SUM-3"


# GZ


class DeflateError(InjectorError):
    """The compressed data breaks RFC 1951."""

    requirement = "GZ-4"


class MemberHeaderError(InjectorError):
    """A gzip member's header asks for what RFC 1952 does not define."""

    requirement = "GZ-4"


class ContentMismatchError(InjectorError):
    """The decompressed bytes do not have the CRC-32 or the length of the trailer."""

    requirement = "GZ-5"


class MemberHeaderChecksumError(InjectorError):
    """A gzip member's header does not have its own CRC-16."""

    requirement = "GZ-5a"


class TruncatedStreamError(InjectorError):
    """The payload ends within a gzip member."""

    requirement = "GZ-6"


class TrailingBytesError(InjectorError):
    """Something follows the last gzip member that is neither a member nor zeros."""

    requirement = "GZ-7a"


class NotGzipError(InjectorError):
    """The payload does not begin as a gzip stream."""

    requirement = "GZ-8"


# TAR


class UnknownTypeError(InjectorError):
    """A member has a type that neither POSIX nor a vendor may use."""

    requirement = "TAR-1"


class DirectoryConflictError(InjectorError):
    """A directory and something else share a name."""

    requirement = "TAR-6"


class MissingTargetError(InjectorError):
    """A hard link leads to nothing that could be shared."""

    requirement = "TAR-7"


class HeaderChecksumError(InjectorError):
    """A header block does not have its own checksum."""

    requirement = "TAR-8"


class TruncatedArchiveError(InjectorError):
    """The archive ends within a header or within data."""

    requirement = "TAR-9"


class DanglingHeaderError(InjectorError):
    """The archive ends between an extended header and its member."""

    requirement = "TAR-9"


class SpecialFileError(InjectorError):
    """A member is a device or a FIFO."""

    requirement = "TAR-10a"


class SparseMemberError(InjectorError):
    """A member is stored in a condensed form."""

    requirement = "TAR-11"


class MalformedNumberError(InjectorError):
    """A size is not a number, is negative, or is larger than any file."""

    requirement = "TAR-12"


class MalformedRecordError(InjectorError):
    """A pax extended header is not a list of records."""

    requirement = "TAR-12"


class OversizedHeaderError(InjectorError):
    """An extended header claims to be larger than any name or record needs."""

    requirement = "TAR-12"


class MalformedNameError(InjectorError):
    """No file can have this name."""

    requirement = "TAR-13"


class LoneZeroBlockError(InjectorError):
    """A single zero block stands between members."""

    requirement = "TAR-14"


class UnexpectedDataError(InjectorError):
    """A directory or a link announces data."""

    requirement = "TAR-16"


# BOX


class ParentReferenceError(InjectorError):
    """A name has a ``..`` component."""

    requirement = "BOX-3a"


class AbsoluteNameError(InjectorError):
    """A name begins with a slash."""

    requirement = "BOX-4"


class NotADirectoryInPathError(InjectorError):
    """A name leads through a link or a file."""

    requirement = "BOX-5"


class OutputDirectoryNameError(InjectorError):
    """A file or a link would take the place of the output directory."""

    requirement = "BOX-7"


class ExcessError(InjectorError):
    """The payload asks for more than its size can justify."""

    requirement = "BOX-8"


# MODE


class ModeError(InjectorError):
    """Permission bits could not be set."""

    requirement = "MODE-1"


# RUN


class OutputError(InjectorError):
    """The operating system refused to write."""

    requirement = "RUN-8"
