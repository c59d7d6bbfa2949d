"""Causes: what kind of thing went wrong, and whose words it breaks.

A case lists the requirements that it *can* show to be broken. Which of them it did show depends on
what was seen: a payload with a hostile name may be extracted outside, be lost, or crash the
subject, and each of these breaks other words of SPEC.md.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Cause(StrEnum):
    """What was seen to go wrong, the gravest first; reports lead with it."""

    OUTSIDE = "outside"
    """Something outside the output directory changed."""
    SHARED = "shared"
    """A file from outside became part of the tree."""
    OUTPUT = "output-directory"
    """The output directory itself is gone, replaced or closed."""
    INIT = "init-directory"
    """The init directory changed."""
    CRASH = "crash"
    HANG = "hang"
    EXCESS = "too-much"
    """Left more than can be looked at."""
    SMUGGLED = "smuggled"
    """Completed, with members that lie where no members are."""
    LOST = "lost"
    """Completed, with something missing."""
    DATA = "wrong-data"
    """Completed, with something other than it should be."""
    EXTRA = "unexpected"
    """Completed, with something that nobody asked for."""
    ACCEPTED = "accepted"
    """Completed what has to be refused."""
    WRITTEN = "written"
    """Refused as it should, but wrote before."""
    REFUSED = "refused"
    """Failed on what is valid."""
    LATE = "late"
    """Failed on what is valid, with everything that was promised in its place."""
    STUMBLED = "stumbled"
    """The same, among links that lead nowhere or round: all that was left was to set modes."""
    DEVICE = "device"
    """Made a device, FIFO or socket."""
    OWNER = "owner"
    """Applied owners or attributes."""
    MODE = "mode"
    """Left other permission bits."""
    MEMORY = "memory"
    """Needed more memory than it may."""
    NEXT = "next"
    """What is executed next did not complete."""
    MESSAGE = "message"
    """Failed without saying what it must."""
    ANSWER = "answer"
    """Answered a request otherwise than it must."""
    ENDED = "ended"
    """Ended while it had to serve."""
    BINARY = "binary"
    """The executable itself is not as it must be."""


@dataclass(frozen=True, slots=True)
class Broken:
    """A broken promise: whose it is, what was promised, what was seen, in words and in kind."""

    requirement: str
    expected: str
    observed: str
    cause: Cause


_EXPECTED: Final = frozenset(
    (
        *(Cause.SMUGGLED, Cause.LOST, Cause.DATA, Cause.EXTRA),
        *(Cause.ACCEPTED, Cause.WRITTEN, Cause.REFUSED, Cause.LATE, Cause.NEXT),
    )
)
"""What breaks the words of most requirements: another ending or another tree than they allow."""

EXPLICABLE: Final = _EXPECTED | {Cause.STUMBLED}
"""What may come of another flaw than the one that a case is about: who does not read the names
loses the file, whatever is in it. To be somewhere else, to crash or to hang may not."""

_ENDING: Final = frozenset((Cause.CRASH, Cause.HANG, Cause.EXCESS))
BROKEN_BY: Final[Mapping[str, frozenset[Cause]]] = {
    "PAY-6": _EXPECTED | {Cause.HANG},
    "PAY-8": _EXPECTED | {Cause.INIT},
    "SUM-5": frozenset((Cause.MESSAGE,)),
    "TAR-7": _EXPECTED - {Cause.LATE},
    "TAR-9": _EXPECTED | {Cause.HANG},
    "TAR-10": frozenset((Cause.DEVICE, Cause.EXTRA, Cause.DATA, Cause.ACCEPTED)),
    "TAR-12": _EXPECTED | {Cause.HANG},
    "TAR-15": frozenset((Cause.OWNER,)),
    "TAR-18": frozenset(),
    "BOX-1": frozenset((Cause.OUTSIDE,)),
    "BOX-2": frozenset((Cause.SHARED, Cause.EXTRA, Cause.DATA)),
    "BOX-3": _EXPECTED | {Cause.OUTSIDE},
    "BOX-3a": _EXPECTED | {Cause.MESSAGE},
    "BOX-4": _EXPECTED | {Cause.OUTSIDE},
    "BOX-5": frozenset((Cause.OUTSIDE,)),
    "BOX-7": frozenset((Cause.OUTPUT,)),
    "BOX-8": _ENDING,
    "MODE-1": frozenset((Cause.MODE,)),
    "MODE-2": _EXPECTED | {Cause.MODE},
    "MODE-3": frozenset((Cause.MODE,)),
    "MODE-4": frozenset(
        (Cause.MODE, Cause.OUTSIDE, Cause.HANG, Cause.LATE, Cause.STUMBLED),
    ),
    "MODE-5": frozenset((Cause.MODE,)),
    "MODE-6": frozenset((Cause.MODE,)),
    "RUN-2": _ENDING,
    "RUN-3": frozenset((Cause.MESSAGE,)),
    "RUN-3a": frozenset((Cause.MESSAGE,)),
    "RUN-8": _EXPECTED | {Cause.HANG},
    "RUN-9": _EXPECTED | _ENDING,
    "RUN-10": _EXPECTED | _ENDING,
    "RUN-10a": frozenset((Cause.MEMORY,)),
}
"""What breaks the words of the requirements that speak of something else, or of something more.

What is left open (TAR-18) no ending breaks: what is outside of it breaks the words of another one.
Crashes and hangs are RUN-2's wherever nothing else speaks of them. Those that do speak of waiting,
of the deadline or of memory are here.
"""

_OTHERWISE: Final[Mapping[Cause, str]] = {
    Cause.CRASH: "RUN-2",
    Cause.HANG: "RUN-2",
    Cause.EXCESS: "BOX-8",
    Cause.SMUGGLED: "TAR-3",
    Cause.LOST: "TAR-2",
    Cause.DATA: "TAR-2",
    Cause.EXTRA: "TAR-2",
    Cause.ACCEPTED: "RUN-1",
    Cause.WRITTEN: "RUN-1",
    Cause.REFUSED: "RUN-1",
    Cause.LATE: "RUN-1",
    Cause.STUMBLED: "MODE-4",
    Cause.MESSAGE: "RUN-3",
    Cause.NEXT: "CTR-4",
}
"""Whose words a cause breaks if it breaks those of no requirement that the case is about."""


_ABOUT_SERVING: Final = ("ARG-", "EXT-", "NAMES-", "HTTP-", "LIFE-")
_NOT_SERVED: Final = _EXPECTED | _ENDING | {Cause.LATE, Cause.STUMBLED, Cause.ANSWER, Cause.ENDED}
"""What breaks the words of whatever promises that it serves: to end or to hang is not to serve."""


def breaks(requirement: str, cause: Cause) -> bool:
    """Whether a cause breaks the words of a requirement that a case is about."""
    serves = requirement.startswith(_ABOUT_SERVING)
    return cause in BROKEN_BY.get(requirement, _NOT_SERVED if serves else _EXPECTED)


def charged(requirements: Iterable[str], causes: Collection[Cause]) -> tuple[str, Cause] | None:
    """Whose words were broken, with the gravest of the causes that did; None if nobody's.

    One flaw is told once: if several requirements of a case speak of what was seen, it is the one
    that the case names first.

    Args:
        requirements: what the case is about, the closest first.
        causes: what was seen; at least one.
    """
    gravest = sorted(causes, key=list(Cause).index)
    for one in requirements:
        for cause in gravest:
            if breaks(one, cause):
                return one, cause
    return (_OTHERWISE[gravest[0]], gravest[0]) if gravest[0] in _OTHERWISE else None
