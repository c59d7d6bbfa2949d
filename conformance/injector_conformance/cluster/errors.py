"""What stops a story without saying anything about the injector."""


class ClusterError(Exception):
    """The cluster, or kubectl, does not do what is asked of it; the message says what and why."""


class UsageError(ClusterError):
    """The request itself is wrong; the message says how to put it right."""
