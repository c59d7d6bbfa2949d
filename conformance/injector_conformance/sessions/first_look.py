"""The first look: does the subject extract the golden payload at all?

Whoever does not is told so before anything else, with what is likely to be the matter. A thousand
further failures would say the same in other words.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from injector_conformance.cases.case import Case
from injector_conformance.judging import describe
from injector_conformance.judging.cause import Cause
from injector_conformance.observations.outcome import Outcome
from injector_conformance.sessions.session import CaseResult, CaseStatus
from injector_conformance.subjects.subject import Subject
from injector_fixtures import golden

GOLDEN: Final = "pay-golden-one-chunk"
"""The case of the first look: what Zarf sends, in small, in the plainest of all ways."""

_LINES: Final = 2
_LONGEST: Final = 160
"""How much of what the subject printed is repeated: its last lines, cut."""

_SAYS: Final = (
    (
        ("shared librar", "exec format", "cannot execute", "not executable"),
        "it does not start: is it built for this machine, and is all that it loads there?",
    ),
    (
        ("zarf-payload", "chunk", "payload"),
        "it looks elsewhere: chunks lie in {init}, its working directory, output goes to {output}",
    ),
    (
        ("usage", "argument", "option", "flag", "command"),
        "it wants other words: it is called with {words}",
    ),
    (
        ("no such file", "not found", "cannot open", "can't open", "no module named"),
        "it misses something: --expose PATH shows it more of this machine; it starts in {init}",
    ),
    (
        ("permission", "denied", "read-only"),
        "it writes where it must not: output goes to {output}, and to nowhere else",
    ),
)
"""Words of a message and what they hint at."""


def wanted(cases: Mapping[str, Case]) -> Case | None:
    """The case of the first look if this run judges it."""
    return cases.get(GOLDEN)


def is_hopeless(result: CaseResult) -> bool:
    """Whether nothing at all came of the golden payload.

    What was extracted with a flaw, or could not be judged, is no such thing.
    """
    if result.status is not CaseStatus.FAILED:
        return False
    if result.outcome is not Outcome.COMPLETED:
        return True
    names = [describe.name(name) for name in golden.tree()]
    lost = (one.observed for one in result.broken if one.cause is Cause.LOST)
    return any(all(name in text.partition(";")[0] for name in names) for text in lost)


def complaint(result: CaseResult, subject: Subject) -> Iterator[str]:
    """What to tell of a subject that is hopeless: what was seen, and what is likely the cause."""
    yield "It does not even extract the golden payload, what Zarf sends in small: mend this first."
    yield f"  observed  {next(one.observed for one in result.broken)}"
    for line in _printed(result):
        yield f"  printed   {line}"
    for cause in _causes(result, subject):
        yield f"  perhaps   {cause}"


def _printed(result: CaseResult) -> Iterator[str]:
    raw = result.stderr.strip() or result.stdout.strip()
    for line in raw.splitlines()[-_LINES:]:
        text = line.decode("utf-8", "backslashreplace")
        shown = "".join(one if one.isprintable() else ascii(one)[1:-1] for one in text)
        yield shown if len(shown) <= _LONGEST else f"{shown[:_LONGEST]}…"


def _causes(result: CaseResult, subject: Subject) -> Iterator[str]:
    """Likely causes, the likeliest first; at least one."""
    profile = subject.profile
    init, output = profile.init, profile.output
    words = "one argument, the SHA-256 of the payload"
    if profile.address:
        words = f"two arguments, the SHA-256 of the payload and {profile.address}"
    match result.outcome:
        case Outcome.COMPLETED:
            yield f"it is no injector: it says that it is done, and nothing is in /{output}"
        case Outcome.HUNG if profile.serves:
            where = f"{profile.address}, its second argument"
            yield f"it has to serve at {where}: GET /v2/ is asked there"
            yield "every further case may take until the deadline, too: Ctrl-C, or --timeout 1"
        case Outcome.QUIT:
            yield "it has to go on and serve; it has ended with status 0"
        case Outcome.HUNG:
            yield "it waits for something: there is no terminal, no network, no daemon"
            yield "every further case may take until the deadline, too: Ctrl-C, or --timeout 1"
        case Outcome.CRASHED:
            yield "it crashes at the start: try it by hand, as the line below does"
        case _:
            said = (result.stderr + result.stdout).decode("utf-8", "replace").lower()
            told = [text for words, text in _SAYS if any(word in said for word in words)]
            for text in told or [_SAYS[1][1], _SAYS[2][1]]:
                yield text.format(init=f"/{init}", output=f"/{output}", words=words)
    if subject.is_emulated:
        machine = subject.target or subject.machine
        yield f"it is built for {machine} and runs emulated: emulation may be the matter"
