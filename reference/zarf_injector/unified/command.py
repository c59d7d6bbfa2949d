"""LIFE: the command line, ``zarf-injector SHA256 [ADDRESS]``, and all that follows from it."""

import os
import sys
from collections.abc import Sequence

from zarf_injector.command import STANDARD_ERROR, occupy_standard_descriptors, status
from zarf_injector.errors import InjectorError
from zarf_injector.unified import arguments, life, seeding, serving
from zarf_injector.unified.arguments import Address
from zarf_injector.unified.layout import Layout


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command.

    Args:
        argv: the arguments after the program's name; those of the process if None.

    Returns:
        1, after one line on standard error that names the cause (LIFE-2, RUN-3). If all is well,
        it serves, and does not return.
    """
    words = sys.argv[1:] if argv is None else argv
    occupy_standard_descriptors()
    life.end_while_starting()
    try:
        run(words)
        complaint = f"{InjectorError.requirement}: the serving ended"
    except InjectorError as error:
        complaint = f"{error.requirement}: {error}"
    except (OSError, MemoryError) as error:
        complaint = f"{InjectorError.requirement}: {type(error).__name__}: {error}"
    life.say(STANDARD_ERROR, f"zarf-injector: {complaint}\n")
    return status(complaint)


def run(words: Sequence[str]) -> None:
    """Do everything in order.

    The address is taken at the start, so that a mistake in it is found before the work (ARG-4); it
    is listened at when there is something to serve, and not before (LIFE-1).

    Raises:
        InjectorError: it cannot be served, and nobody could connect so far (LIFE-2).
    """
    told = arguments.parse(words, os.environ)
    listener = serving.reserve(told.address)
    seeding.seed(told.init_root, told.seed_root, told.sha256, life.log)
    layout = Layout(os.fsencode(told.seed_root))
    port = serving.listen(listener)
    life.end_while_serving()
    life.log(f"listening on {Address(told.address.family, told.address.host, port)}")
    serving.Server(listener, layout, life.log).serve()
