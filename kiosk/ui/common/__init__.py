"""What the page and the panel share: theme, words, pictures, work off the screen's thread."""
