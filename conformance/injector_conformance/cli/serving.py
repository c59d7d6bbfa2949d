"""``injector-conformance bench --profile unified``: those who serve, beside web servers."""

from __future__ import annotations

import argparse

from injector_conformance.bench import UsageError
from injector_conformance.bench.document import Document, compared, machine, write
from injector_conformance.bench.run import Place, place
from injector_conformance.bench.serving import baseline as baselines
from injector_conformance.bench.serving import contestants, document, table
from injector_conformance.bench.serving.comparison import Comparison
from injector_conformance.bench.serving.contestants import CONTROL
from injector_conformance.bench.serving.figures import select
from injector_conformance.bench.serving.results import Results
from injector_conformance.bench.serving.run import (
    COMPARED_ROUNDS,
    QUICK_ROUNDS,
    ROUNDS,
    Outcome,
    Plan,
    run,
)
from injector_conformance.bench.table import heading
from injector_conformance.cli import benching, options


def run_bench(arguments: argparse.Namespace) -> int:
    """Measure; the exit status is returned.

    Raises:
        UsageError: the request itself is wrong.
        BenchError: the subject or the control failed.
    """
    if arguments.payload or arguments.metric:
        raise UsageError(
            "--payload and --metric are profile stage1's: with --profile unified name what to"
            " measure, and to compare, by --figure"
        )
    comparison = _comparison(arguments)
    figures = select(arguments.figure, quick=arguments.quick)
    if comparison is not None:
        figures = comparison.baseline.select(figures, named=bool(arguments.figure))
    benching.check_json(arguments)
    where = place(arguments.where)
    command = options.command_of(arguments)
    everyone = [contestants.subject(command, arguments.expose)]
    for number, also in enumerate(arguments.also, 1):
        everyone.append(contestants.injector(benching.words(also), number))
    peers, missing = contestants.find(
        arguments.peer or ([CONTROL] if comparison is not None else [])
    )
    plan = Plan(
        figures,
        (*everyone, *peers),
        benching.schedule(arguments, QUICK_ROUNDS, COMPARED_ROUNDS, ROUNDS),
        everyone=bool(arguments.peer),
        seed=arguments.seed,
        deadline=arguments.timeout,
    )
    facts = machine()
    _introduce(plan, facts, where, comparison)
    outcome = _measure(plan, where, comparison)
    built = document.build(outcome, plan, facts, where.name, missing)
    verdict = None
    if comparison is not None:
        verdict = comparison.verdict(is_whole=not outcome.skipped)
        built["comparison"] = compared(comparison.judgements, verdict, comparison.limit)
    if arguments.json is not None:
        write(built, arguments.json)
    for line in table.ending(built):
        print(line)
    return benching.KEPT if verdict is None else benching.STATUS[verdict]


def _introduce(plan: Plan, facts: Document, where: Place, comparison: Comparison | None) -> None:
    print(heading(plan.contestants[0].title, facts, where.name))
    if comparison is not None:
        for line in benching.doubts(comparison, facts, plan.contestants):
            print(line)


def _measure(plan: Plan, where: Place, comparison: Comparison | None) -> Outcome:
    """Run the plan and print each table as soon as it is there."""
    titles = {one.id: one.title for one in plan.contestants}
    progress = benching.Progress(figure.id for figure in plan.figures)

    def finished(results: Results) -> None:
        if comparison is not None:
            comparison.add(results)
        progress.clear()
        print()
        for line in table.figure(document.figure(results), titles):
            print(line, flush=True)

    try:
        until = None if comparison is None else comparison.is_enough
        return run(plan, where, lambda one, step: progress.tell(one.id, step), finished, until)
    finally:
        progress.clear()


def _comparison(arguments: argparse.Namespace) -> Comparison | None:
    if arguments.baseline is None:
        if arguments.fail_above is not None:
            raise UsageError("--fail-above needs --baseline FILE")
        return None
    limit = arguments.fail_above or benching.DEFAULT_LIMIT
    return Comparison(baselines.read(arguments.baseline), limit)
