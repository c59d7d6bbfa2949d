"""Bubblewrap, in which contestants race."""

from injector_conformance.sandbox.bubblewrap.program import find

__all__ = ["find"]
