"""Speed and memory of an injector beside its peers.

Machines differ, and change their speed from minute to minute. So everything that is compared runs
on the same payload in the same run, taking turns round by round, and what is kept are ratios to a
control, the GNU pipeline.
"""


class BenchError(Exception):
    """Nothing, or not what was asked for, can be measured; the message says why."""


class UsageError(BenchError):
    """The request itself is wrong; the message says how to put it right."""
