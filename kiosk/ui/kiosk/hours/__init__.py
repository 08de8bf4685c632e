"""My hours: what one person, let in a moment ago, reads of their own hours and asks to be put
right."""
