"""From a frame to a committed decision."""
