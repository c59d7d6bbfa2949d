"""Packing for profile ``unified``: images to the layout that Zarf packs since v0.23.

``reference`` says what an image is called, ``places`` reads directories and archives,
``docker_archive`` and ``oci_layout`` find images in them, ``stores`` takes them out of local
stores, ``sources`` chooses among these, ``images`` writes the payload.
"""
