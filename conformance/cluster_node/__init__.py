"""A one-node cluster from packages, for a machine that has none.

API server, controller manager, etcd, kubelet and containerd are the real ones; there is no
scheduler and no kube-proxy: see ``docs/cluster.md``.
"""


class NodeError(Exception):
    """The node cannot be brought up or down; the message says why and what to do."""
