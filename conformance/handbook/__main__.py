"""``python -m handbook``: write the list of cases, and build the site from all documents."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from sphinx.cmd.build import main as sphinx

from handbook import cases
from injector_conformance.run import binary, catalogue
from injector_conformance.specification import spec

TOP: Final = Path(__file__).resolve().parents[2]
CASES: Final = Path("docs") / "cases.md"
SITE: Final = TOP / "build" / "site"

STALE: Final = 1


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command.

    Returns:
        0 if the site was built and there was nothing to complain of, a dead link for one.
    """
    parser = argparse.ArgumentParser(prog="python -m handbook", description=__doc__)
    parser.add_argument("-o", "--output", type=Path, default=SITE, metavar="DIR")
    parser.add_argument(
        "--check", action="store_true", help="write no list; fail if it is not as it should be"
    )
    parser.add_argument("--top", type=Path, default=TOP, metavar="DIR", help=argparse.SUPPRESS)
    options = parser.parse_args(argv)
    path = options.top / CASES
    text = cases.render(spec.load(), [*catalogue.load().values(), *binary.CHECKS.values()])
    if not options.check:
        path.write_text(text, encoding="utf-8")
    elif path.read_text(encoding="utf-8") != text:
        sys.stderr.write(f"{path} is out of date: make site\n")
        return STALE
    status = build(options.top, options.output)
    if status == 0:
        sys.stdout.write(f"{options.output / 'index.html'}\n")
    return status


def build(top: Path, site: Path) -> int:
    """Build the site of the documents below ``top``; every complaint is a failure."""
    return sphinx(
        [
            "--fail-on-warning",
            "--keep-going",
            "--quiet",
            "--conf-dir",
            str(top / "docs"),
            "--doctree-dir",
            str(site.with_name(f"{site.name}-cache")),
            str(top),
            str(site),
        ]
    )


if __name__ == "__main__":
    sys.exit(main())
