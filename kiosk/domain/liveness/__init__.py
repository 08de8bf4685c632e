"""Is it a person who stands there, or a picture of one? What can be told without a camera."""
