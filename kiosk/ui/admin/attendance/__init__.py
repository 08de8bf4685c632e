"""Day sheets."""
