"""Who judges: a conformance suite for programs that claim to be a Zarf injector."""
