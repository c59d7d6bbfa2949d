"""A run of the suite as a whole: what is asked, of whom, where, and what came of it."""
