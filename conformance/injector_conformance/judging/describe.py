"""Words for people: trees, differences, changes and outcomes in one short line each."""

from __future__ import annotations

import signal
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Final

from injector_conformance.cases.case import Completes, Expectation, Serves
from injector_conformance.observations.observation import Change, Observation
from injector_conformance.observations.observation import changes as changes_between
from injector_conformance.observations.outcome import Outcome, signal_of
from injector_conformance.stages.snapshot import Print
from injector_fixtures.tree import Difference, Directory, Entry, Regular, Special, Symlink, Tree

MOST: Final = 6
"""How many items a line names before it only counts the rest."""

_LONGEST_NAME: Final = 80
_KIBIBYTE: Final = 1024


def name(raw: bytes) -> str:
    """A file name, unambiguous and on one line; long ones are cut in the middle."""
    text = raw.decode("utf-8", "backslashreplace")
    if not text.isprintable() or " " in text or not text:
        text = ascii(raw)[1:]
    if len(text) > _LONGEST_NAME:
        half = _LONGEST_NAME // 2
        text = f"{text[:half]}…{text[-half:]} ({len(raw)} bytes)"
    return text


def size(count: int) -> str:
    """A number of bytes."""
    if count < 10 * _KIBIBYTE:
        return "1 byte" if count == 1 else f"{count:,} bytes"
    if count < 10 * _KIBIBYTE**2:
        return f"{count / _KIBIBYTE:,.0f} KiB"
    return f"{count / _KIBIBYTE**2:,.0f} MiB"


def entry(one: Entry, own_name: bytes | None = None) -> str:
    """What an entry is, without its mode; a file's first name is told to its other names only."""
    match one:
        case Directory():
            return "directory"
        case Regular(count, first_name=first):
            if first is None or first == own_name:
                return size(count)
            return f"{size(count)}, the same file as {name(first)}"
        case Symlink(target):
            return f"link to {name(target)}"
        case Special(kind):
            return kind


def tree(whole: Tree) -> str:
    """A tree on one line."""
    if not whole:
        return "empty"
    return listed(f"{name(one)} ({entry(whole[one], one)})" for one in sorted(whole))


def seen_tree(seen: Observation) -> str:
    """The tree that a run left, or that nobody could look at it."""
    return tree(seen.tree) if seen.is_observed else "not looked at, as its file system is gone"


def listed(items: Iterable[str], most: int = MOST) -> str:
    """The first items, and how many more there are."""
    rest = iter(items)
    shown = list(islice(rest, most))
    left = sum(1 for _ in rest)
    return ", ".join(shown) + (f" and {left} more" if left else "")


def tree_differences(wrong: Iterable[Difference]) -> str:
    """What is missing, what is unexpected, what is other than it should be."""
    missing, surplus, other = [], [], []
    for one in wrong:
        shown = name(one.name)
        if one.observed is None and one.expected is not None:
            missing.append(f"{shown} ({entry(one.expected, one.name)})")
        elif one.expected is None and one.observed is not None:
            surplus.append(f"{shown} ({entry(one.observed, one.name)})")
        elif one.expected is not None and one.observed is not None:
            other.append(f"{shown}: {_contrast(one.name, one.expected, one.observed)}")
    parts = (("missing", missing), ("unexpected", surplus), ("wrong", other))
    return "; ".join(f"{word} {listed(items)}" for word, items in parts if items)


def _contrast(own_name: bytes, expected: Entry, observed: Entry) -> str:
    before, after = entry(expected, own_name), entry(observed, own_name)
    if before == after:
        return f"{after} with other content"
    return f"{after} instead of {before}"


def expectation(one: Expectation) -> str:
    """What an alternative asks for."""
    if isinstance(one, Completes):
        text = f"completed, tree: {tree(one.tree)}"
        if one.memory_growth is not None:
            text += f", at most {size(one.memory_growth)} more memory than for a small payload"
        return text
    if isinstance(one, Serves):
        return "it serves, and answers as asked"
    text = "rejected or aborted"
    if one.untouched:
        text += ", nothing written"
    if one.says:
        text += ", naming " + listed(map(name, one.says))
    return text


def alternatives(every: Iterable[Expectation]) -> list[str]:
    """What each of some alternatives asks for; those that no word tells apart are told once."""
    return list(dict.fromkeys(map(expectation, every)))


def ending(seen: Observation) -> str:
    """How a run ended, with its status or signal."""
    status, stopped = seen.run.status, seen.run.stopped
    if stopped is not None:
        return f"hung: stopped after {seen.run.seconds:.1f} s ({stopped.value})"
    outcome = seen.outcome
    if outcome is Outcome.COMPLETED:
        return "completed"
    if outcome is Outcome.OVERSIZED:
        return f"left more than can be looked at: {seen.output.excess}"
    if outcome is Outcome.QUIT:
        return "quit: status 0 without having served"
    if outcome is Outcome.HUNG:
        listens = seen.service.listens if seen.service is not None else ()
        where = f", and listens at {listed(listens)}" if listens else ", and listens nowhere"
        return f"hung: it neither served nor ended{where}"
    try:
        how = signal.Signals(signal_of(status)).name
    except ValueError:
        how = f"status {status}"
    if seen.aborts_elsewhere:
        how += " as process 1, aborted elsewhere"
    return f"{outcome.value} ({how})"


def output_changes(seen: Observation) -> str:
    """What has changed below or about the output directory."""
    return "the output directory has changed: " + changes(
        changes_between(seen.output_before, seen.output)
    )


def changes(all_of_them: Iterable[Change]) -> str:
    """Changed objects and what changed about each."""
    return listed(f"{name(one.name)} {'; '.join(_change(one))}" for one in all_of_them)


def _change(one: Change) -> Iterator[str]:
    if one.before is None or one.after is None:
        yield "created" if one.before is None else "removed"
        return
    yield from _attribute_changes(one.name, one.before, one.after)


def _attribute_changes(own_name: bytes, before: Print, after: Print) -> Iterator[str]:
    old, new = before.entry, after.entry
    old_mode, new_mode = getattr(old, "mode", None), getattr(new, "mode", None)
    if type(old) is not type(new):
        kind = "file of " if isinstance(new, Regular) else ""
        yield f"is now a {kind}{entry(new, own_name)}"
    elif old_mode != new_mode:
        yield f"mode {old_mode:04o} became {new_mode:04o}"
    if before.inode != after.inode:
        yield "replaced"
    if isinstance(old, Regular) and isinstance(new, Regular) and old.sha256 != new.sha256:
        yield "content changed"
    if (before.user, before.group) != (after.user, after.group):
        yield f"owner {before.user}:{before.group} became {after.user}:{after.group}"
    if before.links != after.links and not isinstance(new, Directory):
        yield "hard link added" if after.links > before.links else "hard link removed"
    elif before.modified != after.modified:
        yield "modified"
