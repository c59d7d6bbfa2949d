"""From what was seen to the promises that it breaks. Nothing here runs anything."""
