"""RUN: the command line, ``zarf-injector [SHA256]``."""

import os
import sys
from collections.abc import Sequence

from zarf_injector.errors import InjectorError
from zarf_injector.injection import inject

INIT_DIRECTORY = b"."
OUTPUT_DIRECTORY = b"/zarf-stage2"

STANDARD_OUTPUT = 1
STANDARD_ERROR = 2

USAGE = """\
usage: zarf-injector [SHA256]

Join the files zarf-payload-* of the working directory, check that their SHA-256 is the one given,
and extract them, a gzip-compressed tar archive, to /zarf-stage2. Further arguments are ignored.
Exit status: 0 if everything was done, 1 if not. Needs Linux 4.18 or newer.
"""

LINES_HELD = 100
"""Progress lines that are written together: a system call for each would show in the run time."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command.

    Args:
        argv: the arguments after the program's name; those of the process if None.

    Returns:
        0 if and only if everything was done (RUN-1), or help was asked for; else 1, after one line
        on standard error that names the cause (RUN-3).
    """
    arguments = sys.argv[1:] if argv is None else argv
    occupy_standard_descriptors()
    if arguments[:1] in (["-h"], ["--help"]):
        say(STANDARD_OUTPUT, USAGE)
        return 0
    progress = Progress()
    try:
        sha256 = arguments[0] if arguments else None
        inject(INIT_DIRECTORY, OUTPUT_DIRECTORY, sha256, progress.add)
    except InjectorError as error:
        complaint = f"{error.requirement}: {error}"
    except KeyboardInterrupt:
        complaint = f"{InjectorError.requirement}: interrupted"
    except (OSError, MemoryError) as error:
        complaint = f"{InjectorError.requirement}: {type(error).__name__}: {error}"
    else:
        complaint = ""
    progress.flush()
    if complaint:
        say(STANDARD_ERROR, f"zarf-injector: {complaint}\n")
    return status(complaint)


def status(complaint: str) -> int:
    """RUN-1: the exit status."""
    return 1 if complaint else 0


class Progress:
    """Progress lines on standard output."""

    def __init__(self) -> None:
        self._lines: list[str] = []

    def add(self, line: str) -> None:
        """Take a line, which has no newline in it."""
        self._lines.append(line)
        if len(self._lines) >= LINES_HELD:
            self.flush()

    def flush(self) -> None:
        """Write what was taken."""
        say(STANDARD_OUTPUT, "".join(f"{line}\n" for line in self._lines))
        self._lines.clear()


def occupy_standard_descriptors() -> None:
    """RUN-9: make sure that no file of ours gets the descriptor of a closed standard stream.

    The system hands out the lowest free number. A chunk that became descriptor 1 would be written
    to by the next progress line. What takes the place can neither be read nor written.
    """
    while (descriptor := os.open("/", os.O_PATH | os.O_CLOEXEC)) <= STANDARD_ERROR:
        pass
    os.close(descriptor)


def say(descriptor: int, text: str) -> None:
    """RUN-9: write to a standard stream, if anybody listens.

    Python's own streams would complain at exit, and change the exit status.
    """
    rest = text.encode("utf-8", "backslashreplace")
    try:
        while rest:
            rest = rest[os.write(descriptor, rest) :]
    except OSError:
        pass
