"""Open directories below a root: the ones that were lately asked for (BOX-8).

Members come sorted by directory, mostly, and then the last directory is the next one. Archives in
which two deep trees take turns are as cheap: whoever walked from the root each time would make
hundreds of system calls for each file.
"""

import os
from collections.abc import Callable

from zarf_injector.bounds import Allowance

Step = Callable[[int, bytes], int]
"""From a directory's descriptor and a component's name to that component's descriptor."""

MOST_OPEN = 64
"""Descriptors that are kept; a process may have 1,024, and sometimes fewer."""

FREE_STEPS = 100_000
STEPS_EACH = 32
"""Directories that may be gone through at first, and with each one that is asked for: so many as
no tree is deep that people make."""

CLOSED = -1


class Place:
    """A directory that is open, or on the way to one that is."""

    __slots__ = ("children", "descriptor", "name", "parent")

    def __init__(self, name: bytes, parent: "Place | None", descriptor: int = CLOSED) -> None:
        self.name = name
        self.parent = parent
        self.descriptor = descriptor
        self.children: dict[bytes, Place] = {}


class Directories:
    """Descriptors by name, each opened relative to the one before."""

    __slots__ = ("_allowance", "_last", "_last_parts", "_open", "_root")

    def __init__(self, root: int) -> None:
        self._root = Place(b"", None, root)
        self._open: dict[Place, None] = {}
        """In the order in which they were last asked for."""
        self._last = root
        self._last_parts: list[bytes] = []
        self._allowance = Allowance("too many, too deep directories", FREE_STEPS, STEPS_EACH)

    def follow(self, parts: list[bytes], step: Step) -> int:
        """A descriptor of the directory; ``step`` takes one component at a time.

        It is valid for this call and the next but ``MOST_OPEN``, less two.

        Raises:
            ExcessError: the archive has asked for too many steps (BOX-8).
        """
        if parts == self._last_parts:
            return self._last
        start, begun, known = self._nearest(parts)
        self._allowance.spend(len(parts) - begun)
        self._use(start)
        place = self._walk(start, parts, begun, known, step)
        self._use(place)
        self._last, self._last_parts = place.descriptor, list(parts)
        return self._last

    def close(self) -> None:
        """Close all but the root."""
        for place in self._open:
            os.close(place.descriptor)
        self._open.clear()
        self._root.children.clear()
        self._last, self._last_parts = self._root.descriptor, []

    def _nearest(self, parts: list[bytes]) -> tuple[Place, int, int]:
        """The deepest open place on the way, its depth, and the depth of the deepest known one."""
        place, depth = self._root, 0
        nearest, begun = place, 0
        for part in parts:
            child = place.children.get(part)
            if child is None:
                break
            place, depth = child, depth + 1
            if place.descriptor != CLOSED:
                nearest, begun = place, depth
        return nearest, begun, depth

    def _walk(self, place: Place, parts: list[bytes], begun: int, known: int, step: Step) -> Place:
        """Open what is missing, and keep the last of it, and the place where ways part."""
        here, passing = place.descriptor, False
        try:
            for depth, part in enumerate(parts[begun:], begun + 1):
                deeper = step(here, part)
                if passing:
                    os.close(here)
                here, passing = deeper, True
                place = self._child(place, part)
                if depth in (known, len(parts)):
                    place.descriptor, passing = here, False
                    self._use(place)
        except BaseException:
            if passing:
                os.close(here)
            self._forget(place)
            raise
        return place

    def _child(self, parent: Place, name: bytes) -> Place:
        child = parent.children.get(name)
        if child is None:
            child = parent.children[name] = Place(name, parent)
        return child

    def _use(self, place: Place) -> None:
        """Note that a place was asked for, and close the one for which that is longest ago."""
        if place is self._root:
            return
        self._open.pop(place, None)
        self._open[place] = None
        if len(self._open) > MOST_OPEN:
            oldest = next(iter(self._open))
            del self._open[oldest]
            os.close(oldest.descriptor)
            oldest.descriptor = CLOSED
            self._forget(oldest)

    def _forget(self, place: Place) -> None:
        """Drop what leads to nothing open, so that memory is bounded."""
        while place.parent is not None and place.descriptor == CLOSED and not place.children:
            del place.parent.children[place.name]
            place = place.parent
