"""The report as one HTML page that needs nothing from elsewhere.

It can be read without scripts; they add filters, copy buttons and the choice of colours.
"""
