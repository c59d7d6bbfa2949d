"""Real clients: programs of this machine that pull images, and whether they do so from a subject.

The subject runs in a sandbox with a network of its own, as it does in benchmarks. Clients reach it
through a proxy on the host's loopback (``proxy.py``), which notes every request and cuts
connections where that is wanted. What a client fails is held against the subject only if the
same client does the same with a registry that everybody pulls from, on the same layout
(``control.py``).
"""
