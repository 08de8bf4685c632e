"""People: cards, and a sheet for each."""
