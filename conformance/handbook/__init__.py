"""What is to be read: the list of cases, and the site made of all documents.

``python -m handbook`` writes ``docs/cases.md`` and builds ``build/site``.
"""
