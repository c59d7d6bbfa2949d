"""The zoo: real extractors as subjects, each with the verdict that is expected of it.

``python -m zookeeper`` builds what can be built here, judges all, and compares. Programs and
expectations lie in ``fixtures/zoo``.
"""
