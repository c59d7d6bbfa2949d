"""The command line: ``injector-conformance``."""

from __future__ import annotations

import argparse
import contextlib
import os
import signal
import sys
import traceback
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from injector_conformance import __version__
from injector_conformance.cli import (
    bench,
    changes,
    check,
    clients,
    cluster,
    compare,
    completion,
    export,
    listing,
    pack,
    report,
    schema,
    size,
)
from injector_conformance.cli.parser import Parser, parsed
from injector_conformance.host import interruption, surroundings
from injector_conformance.run.baseline import BaselineError
from injector_conformance.run.catalogue import SelectionError
from injector_conformance.sandbox import SandboxError
from injector_conformance.specification.spec import SpecError
from injector_conformance.subjects.subject import SubjectError

WRONG_USAGE: Final = 2
HARNESS_ERROR: Final = 3
INTERRUPTED: Final = 130

_DESCRIPTION: Final = """\
Says, requirement by requirement, whether a program is a correct Zarf injector.

Exit status: 0 conformant; 1 not conformant; 2 wrong usage; 3 harness error, or not everything
could be judged. bench, clients and size have statuses of their own: see their --help.
A reader of the output that goes away (| head) changes none of them.
"""


TRACE: Final = "INJECTOR_CONFORMANCE_TRACEBACK"
"""The variable that, set to anything, shows where an error of the suite itself comes from."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line; the exit status is returned. No error shows a traceback.

    Status 1 is a verdict: whatever goes wrong in the suite itself, foreseen or not, ends with 3.
    """
    surroundings.open_standard_streams()
    parser, commands = _parser()
    with surroundings.unread_output():
        arguments = parsed(parser, commands, sys.argv[1:] if argv is None else list(argv))
    # Asked to end, it leaves as by Ctrl-C: subjects stop and sandboxes are removed.
    before = {
        number: signal.signal(number, interruption.interrupt)
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
        if signal.getsignal(number) is not signal.SIG_IGN
    }
    try:
        with surroundings.settled(), surroundings.unread_output():
            status: int = arguments.run(arguments)
            sys.stdout.flush()
    except (SubjectError, SelectionError, BaselineError) as error:
        return _complain(str(error), WRONG_USAGE)
    except KeyboardInterrupt:
        return _complain("interrupted", INTERRUPTED)
    except (SandboxError, SpecError, OSError) as error:
        return _complain(str(error), HARNESS_ERROR)
    except Exception as error:  # status 1 would say "not conformant"
        return _complain(_unforeseen(error), HARNESS_ERROR)
    finally:
        surroundings.silence_if_stuck(sys.stdout)
        for number, handler in before.items():
            signal.signal(number, handler)
    return status


def _unforeseen(error: Exception) -> str:
    """An error of the suite's own in one line; with :data:`TRACE` set, all of it."""
    if os.environ.get(TRACE):
        traceback.print_exc()
    last = traceback.extract_tb(error.__traceback__)[-1]
    said = " ".join(str(error).split()) or "no message"
    return (
        f"an error of the suite itself: {type(error).__name__}: {said}"
        f" ({Path(last.filename).name}:{last.lineno}); nothing is known about the injector."
        f" Please report it, with what {TRACE}=1 shows"
    )


def _parser() -> tuple[Parser, argparse._SubParsersAction[Parser]]:
    parser = Parser(
        prog="injector-conformance",
        description=_DESCRIPTION,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"%(prog)s {__version__}")
    completion.add_option(parser)
    subparsers = parser.add_subparsers(metavar="COMMAND", required=True)
    for command in (
        *(check, compare, listing, export, report, changes),
        *(size, bench, clients, pack, cluster, schema),
    ):
        command.add_parser(subparsers)
    return parser, subparsers


def _complain(message: str, status: int) -> int:
    with contextlib.suppress(OSError):
        print(f"injector-conformance: {message}", file=sys.stderr)
    surroundings.silence_if_stuck(sys.stderr)
    return status
