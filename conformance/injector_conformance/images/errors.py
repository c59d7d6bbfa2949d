"""What can go wrong with container images."""

from __future__ import annotations


class ImageError(Exception):
    """An image cannot be had. The message is one line: what, where, what to do."""
