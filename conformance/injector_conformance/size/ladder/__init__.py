"""The size ladder: how far each way of building an injector gets, from the founding note on down.

The figures are committed as JSON, with the date and the tools of their measurement; table and
picture are made of them: ``python -m injector_conformance.size.ladder docs/ladder.json``.
"""
