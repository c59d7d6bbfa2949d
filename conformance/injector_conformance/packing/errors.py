"""What can go wrong with packing."""

from __future__ import annotations


class PackError(Exception):
    """Something cannot be packed. The message is one line: what, why, and what to do."""
