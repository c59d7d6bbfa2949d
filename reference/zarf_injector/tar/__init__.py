"""TAR: the archive (POSIX.1-2017 pax and ustar, GNU tar, v7).

``stream`` reads the archive's bytes, ``number`` and ``header`` make sense of a header block,
``pax`` of an extended header, and ``members`` puts them together.
"""
