"""The stopwatch: the reference injector beside what else could do its work."""
