"""``python -m injector_conformance``."""

from injector_conformance.cli import main

raise SystemExit(main())
