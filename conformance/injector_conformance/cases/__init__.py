"""A case: its payload, its conditions, what may come of it. All cases are in ``chapters``."""
