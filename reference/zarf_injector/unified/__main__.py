"""``python -m zarf_injector.unified SHA256 [ADDRESS]``."""

import sys

if not sys.flags.safe_path:
    # The working directory is the init directory: its files are data, never modules (PAY-4).
    # For the same reason the packages themselves import nothing.
    del sys.path[0]

from zarf_injector.unified import command

sys.exit(command.main())
