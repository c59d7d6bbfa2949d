"""Where a subject works: the directories of one run, and reading them afterwards."""
