"""The whole story on one machine: pack, lay out, inject, load, push, pull."""
