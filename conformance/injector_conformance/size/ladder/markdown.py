"""The ladder as a table."""

from __future__ import annotations

from typing import Final

from injector_conformance.size.ladder.figures import MACHINES, Ladder, Rung

CONFIGMAP: Final = 1_048_576

HEAD: Final = """\
# The size ladder

How far each way of building an injector gets. The picture is logarithmic: every step to the left
is a factor, not a difference.

![Sizes of injectors on a logarithmic scale, with the limits of 512 kB and 1 MiB](ladder.svg)

"""

FOOT: Final = """\

`≈` marks figures that their source rounded. A percentage is the share of the 1,048,576 bytes that
a ConfigMap may hold.

Made from [`ladder.json`](ladder.json) by `python -m injector_conformance.size.ladder`; do not edit
by hand.
"""


def render(ladder: Ladder) -> str:
    """The whole page, as Markdown."""
    remarks: list[str] = []
    lines = [
        "| recipe | " + " | ".join(f"{machine}, bytes" for machine in MACHINES) + " |",
        "| --- |" + " ---: |" * len(MACHINES),
    ]
    for group, rungs in ladder.groups():
        lines.append(f"| **{group}** |" + " |" * len(MACHINES))
        for rung in rungs:
            mark = ""
            if rung.remark:
                if rung.remark not in remarks:
                    remarks.append(rung.remark)
                mark = f" [{remarks.index(rung.remark) + 1}]"
            cells = [f"{rung.label}{mark}", *(_cell(rung, machine) for machine in MACHINES)]
            lines.append("| " + " | ".join(cells) + " |")
    lines += [
        f"| *limit: {limit.label}* |" + f" *{limit.bytes:,}* |" * len(MACHINES)
        for limit in ladder.limits
    ]
    notes = "".join(f"\n{number}. {remark}" for number, remark in enumerate(remarks, start=1))
    tools = ", ".join(f"{name} {version}" for name, version in ladder.tools.items())
    measured = f"\n\nMeasured on {ladder.date} with {tools}.\n"
    return HEAD + "\n".join(lines) + "\n" + notes + measured + FOOT


def _cell(rung: Rung, machine: str) -> str:
    size = rung.bytes.get(machine)
    if size is None:
        return ""
    return f"{'' if rung.exact else '≈ '}{size:,} ({size / CONFIGMAP:.1%})"
