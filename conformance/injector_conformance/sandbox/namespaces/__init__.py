"""The default driver: namespaces of the kernel's, made by the launcher; it needs no daemon."""

from injector_conformance.sandbox.namespaces.driver import Namespaces

__all__ = ["Namespaces"]
