"""``python -m kill_matrix``: judge every mutant; write the record, the table and the drawing."""

from __future__ import annotations

import argparse
import fnmatch
import os
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from injector_conformance.run import catalogue
from injector_conformance.sandbox import SandboxError
from injector_conformance.specification import spec
from kill_matrix import document, drawing, table
from kill_matrix.document import Matrix
from kill_matrix.judging import EVERYTHING, STANDARD, judge
from kill_matrix.row import Row
from kill_matrix.selection import select
from mutants import registry
from mutants.registry import Mutant, UnknownMutantError

NOT_PROVEN = 1
USAGE = 2
HARNESS = 3


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command.

    Returns:
        0 if every mutant is killed as it should be and every binding requirement kills one; 1 if
        not; 2 for wrong usage; 3 if a case could not be judged.
    """
    options = _options(argv)
    try:
        chosen = [one for pattern in options.mutants for one in matching(pattern)]
    except UnknownMutantError as error:
        sys.stderr.write(f"kill-matrix: {error}\n")
        return USAGE
    cases = tuple(catalogue.load().values())
    effort = EVERYTHING if options.everything else STANDARD

    def one(mutant: Mutant) -> Row:
        row = judge(mutant, select(mutant, cases), effort)
        problems = "".join(f"       {one}\n" for one in row.problems())
        mark = "FAIL  " if problems else "killed"
        line = f"{mark} {row.mutant} ({row.breaks}: {row.kills} of {row.judged})\n"
        sys.stdout.write(line + problems)
        sys.stdout.flush()
        return row

    started = time.perf_counter()
    pool = ThreadPoolExecutor(options.jobs)
    try:
        rows = tuple(pool.map(one, chosen or everyone()))
    except SandboxError as error:
        sys.stderr.write(f"kill-matrix: {error}\n")
        return HARNESS
    finally:
        pool.shutdown(cancel_futures=True)
    return _report(Matrix(spec.load().version, rows), options, time.perf_counter() - started)


def everyone() -> tuple[Mutant, ...]:
    """The mutants of all profiles."""
    return tuple(one for profile in registry.PROFILES for one in registry.every(profile))


def matching(pattern: str) -> list[Mutant]:
    """The mutants whose names a shell pattern matches.

    Raises:
        UnknownMutantError: there is none.
    """
    found = [one for one in everyone() if fnmatch.fnmatchcase(one.name, pattern)]
    return found or [registry.find(pattern)]


def _options(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="kill-matrix", description=__doc__)
    parser.add_argument(
        "mutants",
        nargs="*",
        metavar="MUTANT",
        help="judge only these (names or shell patterns); the record keeps the rows of the others",
    )
    parser.add_argument("--everything", action="store_true", help="every mutant by every case")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, metavar="N")
    parser.add_argument(
        "--output", type=Path, default=Path("docs"), metavar="DIR", help="where to write"
    )
    return parser.parse_args(argv)


def _report(matrix: Matrix, options: argparse.Namespace, seconds: float) -> int:
    runs = sum(row.judged for row in matrix.rows)
    sys.stdout.write(f"{len(matrix.rows)} mutants, {runs} runs in {seconds:.0f} s\n")
    if options.mutants:
        idle = []
        whole = document.merged(options.output / document.NAME, matrix, everyone())
    else:
        idle = list(matrix.idle(spec.load()))
        whole = matrix
    write_all(whole, options.output)
    for problem in idle:
        sys.stderr.write(f"kill-matrix: {problem}\n")
    return NOT_PROVEN if idle or any(map(list, map(Row.problems, matrix.rows))) else 0


def write_all(matrix: Matrix, directory: Path) -> None:
    """Write the record and what is made from it."""
    directory.mkdir(parents=True, exist_ok=True)
    specification = spec.load()
    document.write(matrix, directory / document.NAME)
    (directory / "kill-matrix.md").write_text(
        table.render(matrix, specification), encoding="utf-8"
    )
    (directory / "kill-matrix.svg").write_text(
        drawing.render(matrix, specification), encoding="utf-8"
    )


if __name__ == "__main__":
    sys.exit(main())
