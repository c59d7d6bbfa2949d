"""What can go wrong with a client."""


class PullError(Exception):
    """A client did not get what it was to get; the message is its own last line, or ours."""
