"""SPEC.md as data: what is required, at which level, under which profile."""
