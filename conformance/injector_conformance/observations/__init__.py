"""What was seen of a run, before anybody judges it."""
