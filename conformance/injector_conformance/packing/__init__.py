"""Packing: files to a payload, to chunks, to the objects that bring it into a cluster."""
