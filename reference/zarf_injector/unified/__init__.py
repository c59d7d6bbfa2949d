"""The injector that serves: SPEC.md's profile ``unified`` as a program.

It does what ``stage1`` does, by the same modules, and then serves what it has extracted as a
registry to pull from. What is new reads like its chapters, in this order:

=================  ========  ===================================================================
``arguments``      ARG       the command line, the address, the two directories
``seeding``        EXT       extraction over whatever an earlier start has left
``layout``         NAMES     ``index.json``, and blobs by digest
``references``     NAMES     what a tag is, what a digest
``json_text``      NAMES     JSON, and nothing that only looks like it
``heads``          HTTP      requests as bytes: what is one, what is not, where one ends
``targets``        HTTP      from a request's target to a path
``ranges``         HTTP      parts of a blob
``answers``        HTTP      answers: statuses, fields, errors in OCI's form
``registry``       HTTP      which answer a request gets
``connection``     HTTP      one connection: requests in, answers out, one after the other
``serving``        HTTP      all connections, in one thread
``life``           LIFE      signals, descriptors, and a log that nobody need read
``command``        LIFE      all of it in order
=================  ========  ===================================================================

Nothing of a blob is ever held: the system moves it from file to connection. One thread serves
everybody, a piece at a time, so that nobody waits for anybody else's blob.
"""
