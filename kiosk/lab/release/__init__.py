"""From trained weights to what ships."""
