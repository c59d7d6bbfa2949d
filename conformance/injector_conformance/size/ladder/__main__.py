"""``python -m injector_conformance.size.ladder``: figures in, table and picture out."""

from __future__ import annotations

import argparse
import datetime
import sys
from dataclasses import replace
from pathlib import Path

from injector_conformance.size.ladder import markdown, picture
from injector_conformance.size.ladder.figures import Ladder, LadderError, read, write
from injector_conformance.size.ladder.measure import with_native, with_rust
from injector_conformance.subjects.elf_refusals import SizeError


def main(argv: list[str] | None = None) -> int:
    """Render the ladder beside its figures, renewing them first if asked to.

    Returns:
        0; or 1 if ``--check`` found table or picture out of date; 2 for figures that are none.
    """
    parser = argparse.ArgumentParser(
        prog="python -m injector_conformance.size.ladder", description=__doc__
    )
    parser.add_argument("figures", type=Path, metavar="ladder.json")
    parser.add_argument(
        "--rust", type=Path, metavar="FILE", help="figures that reference/rust/ladder.py wrote"
    )
    parser.add_argument("--native", type=Path, metavar="DIR", help="where the native builds are")
    parser.add_argument(
        "--check", action="store_true", help="write nothing; fail if anything is out of date"
    )
    options = parser.parse_args(argv)
    try:
        committed = read(options.figures)
        ladder = committed
        if options.rust is not None:
            ladder = with_rust(ladder, options.rust)
        if options.native is not None:
            ladder = with_native(ladder, options.native)
    except (LadderError, SizeError) as error:
        sys.stderr.write(f"ladder: {error}\n")
        return 2
    if ladder != committed and not options.check:
        ladder = replace(ladder, date=datetime.datetime.now(tz=datetime.UTC).date().isoformat())
        write(options.figures, ladder)
    stale = [] if ladder == committed or not options.check else [options.figures]
    for path, content in _rendered(options.figures, ladder).items():
        if not options.check:
            path.write_text(content, encoding="utf-8")
        elif not path.is_file() or path.read_text(encoding="utf-8") != content:
            stale.append(path)
    for path in stale:
        sys.stderr.write(f"ladder: {path} is out of date; render it again\n")
    return 1 if stale else 0


def _rendered(figures: Path, ladder: Ladder) -> dict[Path, str]:
    return {
        figures.with_suffix(".md"): markdown.render(ladder),
        figures.with_suffix(".svg"): picture.render(ladder),
    }


if __name__ == "__main__":
    sys.exit(main())
