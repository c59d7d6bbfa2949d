"""Names as people see them.

Names are bytes that somebody else chose. Shown raw, a newline in one would forge a line of the
report, and an escape sequence would drive the terminal.
"""

LONGEST_SHOWN = 200
"""Characters of a name that an error message repeats."""


def printable(name: bytes) -> str:
    r"""``name`` on one line: what is not printable UTF-8 appears as ``\x1b`` or ``\u202e``."""
    text = name.decode("utf-8", "backslashreplace")
    if text.isprintable():
        return text
    return "".join(
        char if char.isprintable() else char.encode("unicode_escape").decode("ascii")
        for char in text
    )


def quoted(name: bytes) -> str:
    """``name`` for an error message: printable, in quotes, and not longer than a line or two."""
    text = printable(name)
    if len(text) > LONGEST_SHOWN:
        text = text[:LONGEST_SHOWN] + "..."
    return f"'{text}'"
