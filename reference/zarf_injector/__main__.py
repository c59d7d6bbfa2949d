"""``python -m zarf_injector [SHA256]``."""

import sys

if not sys.flags.safe_path:
    # The working directory is the init directory: its files are data, never modules (PAY-4).
    # For the same reason the package itself imports nothing.
    del sys.path[0]

from zarf_injector import command

sys.exit(command.main())
