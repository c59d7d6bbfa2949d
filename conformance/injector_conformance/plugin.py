"""The pytest plugin: the same judge behind pytest's options and reports."""
