"""The chapters of SPEC.md as cases, and as pytest modules over them."""
