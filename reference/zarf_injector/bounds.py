"""BOX-8: what an archive may ask for, in proportion to what it brings.

A deflated archive can be a thousand times as large as the payload, and what it asks for a hundred
times as much work as what it is read with: the same few names, as deep as names can be, by turns.
"""

from zarf_injector import errors


class Allowance:
    """So much at once, and so much more with each time that something is spent."""

    __slots__ = ("_each", "_left", "_what")

    def __init__(self, what: str, at_first: int, each: int) -> None:
        self._what = what
        self._left = at_first
        self._each = each

    def spend(self, amount: int) -> None:
        """Take ``amount`` away.

        Raises:
            ExcessError: so much is not left.
        """
        self._left += self._each - amount
        if self._left < 0:
            raise errors.ExcessError(f"the archive asks for too much: {self._what}")
