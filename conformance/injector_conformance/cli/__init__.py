"""The command line: ``injector-conformance``."""

from __future__ import annotations

import argparse
import os
import signal
import sys
from collections.abc import Sequence
from typing import Final

from injector_conformance import __version__, interruption
from injector_conformance.baseline import BaselineError
from injector_conformance.catalogue import SelectionError
from injector_conformance.cli import bench, check, export, listing, pack, report, size
from injector_conformance.sandbox import SandboxError
from injector_conformance.spec import SpecError
from injector_conformance.subject import SubjectError

WRONG_USAGE: Final = 2
HARNESS_ERROR: Final = 3
INTERRUPTED: Final = 130

_DESCRIPTION: Final = """\
Says, requirement by requirement, whether a program is a correct Zarf injector.

Exit status: 0 conformant; 1 not conformant; 2 wrong usage; 3 harness error, or not everything
could be judged. bench and size have statuses of their own: see their --help.
"""


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line; the exit status is returned. No error shows a traceback."""
    parser = _parser()
    arguments = parser.parse_args(argv)
    # Asked to end, it leaves as by Ctrl-C: subjects stop and sandboxes are removed.
    before = {
        number: signal.signal(number, interruption.interrupt)
        for number in (signal.SIGINT, signal.SIGTERM)
        if signal.getsignal(number) is not signal.SIG_IGN
    }
    try:
        status: int = arguments.run(arguments)
        sys.stdout.flush()
    except (SubjectError, SelectionError, BaselineError) as error:
        return _complain(str(error), WRONG_USAGE)
    except (SandboxError, SpecError) as error:
        return _complain(str(error), HARNESS_ERROR)
    except KeyboardInterrupt:
        return _complain("interrupted", INTERRUPTED)
    except BrokenPipeError:
        # Whoever read the output has gone; nothing more can be said, not even at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return HARNESS_ERROR
    except OSError as error:
        return _complain(str(error), HARNESS_ERROR)
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    return status


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="injector-conformance",
        description=_DESCRIPTION,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"%(prog)s {__version__}")
    subparsers = parser.add_subparsers(metavar="COMMAND", required=True)
    for command in (check, listing, export, report, size, bench, pack):
        command.add_parser(subparsers)
    return parser


def _complain(message: str, status: int) -> int:
    print(f"injector-conformance: {message}", file=sys.stderr)
    return status
