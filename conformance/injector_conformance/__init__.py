"""Who judges: a conformance suite for programs that claim to be a Zarf injector."""

__version__ = "1.0.0.dev0"
