"""Speed and memory of an injector that serves (profile ``unified``), beside web servers.

Everyone extracts the same layout and serves it at the same time, each in a sandbox of its own;
only one is talked to at a time, by turns, round by round. What is compared are costs, of which
less is better: seconds, processor time, bytes. The control is nginx over the extracted layout.

Load comes from programs of their own, which enter the network of whom they load: ``load.py``, that
throws away what it gets without copying it, and ``wrk``. How busy they were is measured too: a
figure for which the load was the bottleneck says so.
"""
