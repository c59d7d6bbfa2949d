"""The default driver, on bubblewrap: it needs neither a daemon nor root."""

from injector_conformance.sandbox.bubblewrap.driver import Bubblewrap
from injector_conformance.sandbox.bubblewrap.program import find

__all__ = ["Bubblewrap", "find"]
