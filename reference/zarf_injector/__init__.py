"""The reference injector: SPEC.md's profile ``stage1`` as a program.

A module stands for a chapter of SPEC.md, and a function for a rule; each names the requirement
that it carries out. Read them in this order:

==================  =======  ==========================================================
``injection``                ``inject``, the whole of it: find, verify, decompress, extract
``payload``         PAY      finding the chunks and reading them as one
``checksum``        SUM      the SHA-256 argument
``gzip_stream``     GZ       the compressed stream
``tar``             TAR      the archive: headers, extended headers, members
``confinement``     BOX      names, and the directory descriptors that keep them inside
``directories``     BOX      directories that stay open for the next member
``bounds``          BOX      what an archive may ask for
``extraction``      TAR BOX  what each type of member becomes
``modes``           MODE     permission bits
``command``         RUN      the command line
==================  =======  ==========================================================

``errors`` has one exception for each way to fail. Speed lives in two places only, ``inflate`` and
``read_ahead``; everything else is written to be read.
"""
