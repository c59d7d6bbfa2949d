"""``injector-conformance clients``: real clients, pulling from a serving injector."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Final

from injector_conformance.bench import UsageError
from injector_conformance.bench.run import place, workspace
from injector_conformance.bench.serving import contestants
from injector_conformance.bench.stopwatch import RunError
from injector_conformance.cli import benching, options
from injector_conformance.clients import control, document, known, sample, table
from injector_conformance.clients.results import Results, Verdict
from injector_conformance.clients.run import Plan, run, salt
from injector_conformance.profiles import UNIFIED
from injector_conformance.run.catalogue import suggestion
from injector_conformance.specification.requirement import Level

PULLED: Final = 0
FAILED: Final = 1
HARNESS_ERROR: Final = 3

_STATUS: Final = {
    Verdict.PULLED: PULLED,
    Verdict.FAILED: FAILED,
    Verdict.UNCERTAIN: HARNESS_ERROR,
}

_DESCRIPTION: Final = f"""\
Let every client that this machine has pull from COMMAND, an injector of profile unified, and
print a table: by tag, by digest, eight images at once, tags listed, and a layer of 64 MB during
which the connection is cut once and three times.

COMMAND runs in a sandbox, in a network of its own. Clients of the host reach it through a proxy on
127.0.0.1, at a port that the system chooses, as long as the run lasts. Nothing listens elsewhere.
What a client pulled is removed again from its store, docker's too.

What a client fails is tried with docker-registry on the same layout. It is held against the
injector only if that goes well; whether a client survives a cut is first of all its own affair.

Clients: {", ".join(one.id for one in known.CLIENTS)}.

Exit status: 0 every client pulled that can; 1 the injector failed a client that pulls from
docker-registry; 2 wrong usage; 3 harness error, or there is no docker-registry to tell whose fault
a failure is.
"""


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the subcommand."""
    parser = subparsers.add_parser(
        "clients",
        help="let real clients pull from an injector that serves",
        description=_DESCRIPTION,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "--profile",
        choices=[UNIFIED.id],
        default=UNIFIED.id,
        help="the contract: %(default)s, the only one under which an injector serves",
    )
    parser.add_argument(
        "--only",
        action="append",
        default=[],
        metavar="CLIENT",
        help="only these clients, separated by commas; may be repeated",
    )
    parser.add_argument(
        "--level",
        choices=("must", "should"),
        default="must",
        help="what decides the exit status: pulls (must, default), or also listing tags and"
        " resuming, where the control lets the client do it (should)",
    )
    parser.add_argument(
        *("-v", "--requests"), action="store_true", help="print the requests of each client"
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the results as JSON")
    options.add_expose(parser)
    options.add_command(parser)
    parser.set_defaults(run=run_clients)


def run_clients(arguments: argparse.Namespace) -> int:
    """Run the subcommand; the exit status is returned."""
    try:
        return _run(arguments)
    except UsageError as error:
        print(f"injector-conformance: {error}", file=sys.stderr)
        return benching.WRONG_USAGE


def _run(arguments: argparse.Namespace) -> int:
    names = _names(arguments)
    benching.check_json(arguments)
    subject = contestants.subject(options.command_of(arguments), arguments.expose)
    clients, missing = known.find(names)
    if not clients:
        reasons = "; ".join(f"{name}: {reason}" for name, reason in missing.items())
        return _complain(f"no client to pull with: {reasons}")
    served = sample.made(salt(), sample.LARGE_SIZE)
    registry, reason = control.find(served.layout)
    plan = Plan(subject, registry, clients, served, Level[arguments.level.upper()])
    progress = benching.Progress(one.id for one in clients)
    try:
        with workspace(place("tmpfs")) as work:
            results = run(plan, work, progress.tell)
    except RunError as error:
        print(f"injector-conformance: {subject.title} {error}", file=sys.stderr)
        return FAILED
    finally:
        progress.clear()
    results.missing |= missing
    if registry is None:
        results.missing[control.PROGRAM] = f"{reason} (the control)"
    return _told(results, plan, arguments)


def _told(results: Results, plan: Plan, arguments: argparse.Namespace) -> int:
    built = document.build(results, plan)
    if arguments.json is not None:
        document.write(built, arguments.json)
    print(f"{plan.subject.title} · ready after {results.seconds * 1000:,.0f} ms")
    print()
    for line in table.table(built):
        print(line)
    if arguments.requests:
        for line in table.requests(built):
            print(line)
    print()
    print(f"verdict: {_VERDICTS[results.verdict]} ({results.level.value})")
    return _STATUS[results.verdict]


_VERDICTS: Final = {
    Verdict.PULLED: "NO CLIENT FAILED BY THE INJECTOR",
    Verdict.FAILED: "CLIENTS FAILED BY THE INJECTOR",
    Verdict.UNCERTAIN: "UNCERTAIN: clients failed, and without docker-registry nobody knows why",
}


def _names(arguments: argparse.Namespace) -> list[str]:
    """The clients that ``--only`` names."""
    names = [name for words in arguments.only for name in words.split(",")]
    everyone = [one.id for one in known.CLIENTS]
    for name in names:
        if name not in everyone:
            hint = suggestion(name, everyone)
            raise UsageError(
                f"--only {name}: no such client{hint}; there are {', '.join(everyone)}"
            )
    return names


def _complain(message: str) -> int:
    print(f"injector-conformance: {message}", file=sys.stderr)
    return HARNESS_ERROR
