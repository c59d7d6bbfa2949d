"""Reports: one document, several formats."""
