"""Is it a person or a photo: what is checked at this door, and the drill that tries it."""
