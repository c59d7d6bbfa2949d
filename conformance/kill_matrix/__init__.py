"""The kill matrix: the proof that each promise of the suite can be broken, and that it notices.

Every mutant of :mod:`mutants` is judged like any other injector. It must be rejected by the
requirement that it breaks, and by no other than those that its flaw cannot help breaking.

``python -m kill_matrix`` judges them all and writes ``docs/kill-matrix.*``. The judge itself knows
nothing of this: a mutant is a command to it.
"""
