"""``injector-conformance bench``: speed and memory of an injector beside its peers."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from injector_conformance.bench import BenchError, UsageError, contestants, document, table
from injector_conformance.bench import baseline as baselines
from injector_conformance.bench.baseline import METRICS
from injector_conformance.bench.comparison import Comparison
from injector_conformance.bench.contestants import CONTROL
from injector_conformance.bench.recipes import DIMENSIONS, Recipe, select
from injector_conformance.bench.results import Results
from injector_conformance.bench.run import QUICK_ROUNDS, Outcome, Place, Plan, Rounds, place, run
from injector_conformance.bench.serving import contestants as servers
from injector_conformance.bench.serving.figures import GROUPS
from injector_conformance.cli import benching, numbers, options, serving
from injector_conformance.profiles import PROFILES, STAGE1, UNIFIED

DEADLINE: Final = 300.0

COMPARED_ROUNDS: Final = Rounds(9, 120, 45.0)
"""With a baseline: at least, at most, and seconds for each payload."""

_MOST_ROUNDS: Final = 10_000
_GATED: Final = (*METRICS, "peak")

DESCRIPTION: Final = """\
Measure wall time, CPU time and peak memory of COMMAND beside what else this machine has that could
do an injector's work: GNU tar, bsdtar, BusyBox, Python's tarfile, and a floor that writes the same
files without reading an archive. All run in the same kind of sandbox on the same payload and take
turns, in an order of chance. Ratios are to GNU tar of the same round.

With --profile unified, COMMAND serves, and what is measured is how: time until it is ready,
throughput, requests a second, how long a probe takes beside pulls, memory with a thousand
connections, and how all that grows. Beside it, in the same run, nginx and docker's registry serve
the same layout from sandboxes of their own. Ratios are to nginx of the same round. It takes nginx,
and wrk for requests a second.

With --baseline, ratios are compared with those of an earlier --json, never times. Rounds go on
until the interval of each figure lies on one side of --fail-above.

Exit status: 0 measured, and within --fail-above of the baseline; 1 something regressed; 2 wrong
usage; 3 harness error, or the command failed; 4 inconclusive.
"""


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the subcommand."""
    parser = subparsers.add_parser(
        "bench",
        help="measure speed and memory beside other programs",
        description=DESCRIPTION,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "--profile",
        choices=[*PROFILES],
        default=STAGE1.id,
        help="what is measured: extracting (stage1, default) or serving (unified)",
    )
    parser.add_argument(
        "--figure",
        action="append",
        default=[],
        metavar="NAME",
        help="with --profile unified only this figure (pull-16, manifest) or group: "
        + ", ".join(GROUPS)
        + "; may be repeated",
    )
    parser.add_argument(
        "--payload",
        action="append",
        default=[],
        metavar="NAME",
        help="only this payload (tree, files-10000) or series: "
        + ", ".join(one.name for one in DIMENSIONS)
        + "; may be repeated",
    )
    parser.add_argument("--quick", action="store_true", help="small payloads, few rounds")
    parser.add_argument(
        "--rounds",
        type=numbers.Whole(1, _MOST_ROUNDS),
        metavar="N",
        help="exactly so many (default: by time)",
    )
    parser.add_argument(
        "--peer",
        action="append",
        default=[],
        metavar="NAME",
        help="only these peers, on every payload: "
        + ", ".join(peer.id for peer in (*contestants.PEERS, *servers.PEERS))
        + " (default: all where they mean something, the control alone along series)",
    )
    parser.add_argument(
        "--also",
        action="append",
        default=[],
        metavar="COMMAND",
        help="a further injector in the same race, quoted as one word; may be repeated",
    )
    parser.add_argument(
        "--where",
        default="tmpfs",
        metavar="PLACE",
        help="where payload and output are: tmpfs (default), disk, or a directory",
    )
    parser.add_argument(
        "--seed", type=int, default=0, metavar="N", help="of the order of turns (default: 0)"
    )
    parser.add_argument(
        "--timeout",
        type=numbers.SECONDS,
        default=DEADLINE,
        metavar="S",
        help=f"seconds that one run may take (default: {DEADLINE:g})",
    )
    options.add_expose(parser)
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the report as JSON")
    parser.add_argument(
        "--baseline", type=Path, metavar="FILE", help="compare with this earlier --json"
    )
    parser.add_argument(
        "--fail-above",
        type=numbers.More(1),
        metavar="X",
        help=f"times the baseline that is too much (default: {benching.DEFAULT_LIMIT})",
    )
    parser.add_argument(
        "--metric",
        action="append",
        choices=_GATED,
        default=[],
        help="compare only this with the baseline; may be repeated (default: all three)",
    )
    options.add_command(parser)
    parser.set_defaults(run=run_bench)


def run_bench(arguments: argparse.Namespace) -> int:
    """Run the subcommand; the exit status is returned."""
    try:
        if arguments.profile == UNIFIED.id:
            return serving.run_bench(arguments)
        return _run(arguments)
    except UsageError as error:
        print(f"injector-conformance: {error}", file=sys.stderr)
        return benching.WRONG_USAGE
    except BenchError as error:
        print(f"injector-conformance: {error}", file=sys.stderr)
        return benching.HARNESS_ERROR


def _run(arguments: argparse.Namespace) -> int:
    if arguments.figure:
        raise UsageError("--figure is profile unified's: name what to run on by --payload")
    comparison = _comparison(arguments)
    recipes = select(arguments.payload, quick=arguments.quick)
    if comparison is not None:
        recipes = comparison.baseline.select(recipes, named=bool(arguments.payload))
    benching.check_json(arguments)
    where = place(arguments.where)
    plan, missing = _plan(arguments, recipes)
    facts = document.machine()
    _introduce(plan, facts, where, comparison)
    outcome = _measure(plan, where, comparison)
    built = document.build(outcome, plan, facts, where.name, missing)
    verdict = None
    if comparison is not None:
        verdict = comparison.verdict(is_whole=not outcome.skipped)
        built["comparison"] = document.compared(comparison.judgements, verdict, comparison.limit)
    if arguments.json is not None:
        document.write(built, arguments.json)
    for line in table.ending(built):
        print(line)
    return benching.KEPT if verdict is None else benching.STATUS[verdict]


def _introduce(
    plan: Plan, facts: document.Document, where: Place, comparison: Comparison | None
) -> None:
    print(table.heading(plan.contestants[0].title, facts, where.name))
    if comparison is not None:
        for line in benching.doubts(comparison, facts, plan.contestants):
            print(line)


def _measure(plan: Plan, where: Place, comparison: Comparison | None) -> Outcome:
    """Run the plan and print each table as soon as it is there."""
    titles = {one.id: one.title for one in plan.contestants}
    progress = benching.Progress(recipe.id for recipe in plan.recipes)

    def finished(results: Results) -> None:
        if comparison is not None:
            comparison.add(results)
        progress.clear()
        print()
        for line in table.payload(document.payload(results), titles):
            print(line, flush=True)

    try:
        until = None if comparison is None else comparison.is_enough
        return run(plan, where, lambda one, step: progress.tell(one.id, step), finished, until)
    finally:
        progress.clear()


def _comparison(arguments: argparse.Namespace) -> Comparison | None:
    if arguments.baseline is None:
        if arguments.fail_above is not None or arguments.metric:
            raise UsageError("--fail-above and --metric need --baseline FILE")
        return None
    limit = arguments.fail_above or benching.DEFAULT_LIMIT
    return Comparison(baselines.read(arguments.baseline), limit, arguments.metric or _GATED)


def _plan(arguments: argparse.Namespace, recipes: Sequence[Recipe]) -> tuple[Plan, dict[str, str]]:
    command = options.command_of(arguments)
    injectors = [contestants.subject(command, arguments.expose)]
    for number, words in enumerate(arguments.also, 1):
        injectors.append(contestants.injector(benching.words(words), number))
    names = arguments.peer or ([CONTROL] if arguments.baseline is not None else [])
    peers, missing = contestants.find(names)
    plan = Plan(
        recipes,
        (*injectors, *peers),
        benching.schedule(arguments, QUICK_ROUNDS, COMPARED_ROUNDS, None),
        everyone=bool(arguments.peer),
        seed=arguments.seed,
        deadline=arguments.timeout,
    )
    return plan, missing
