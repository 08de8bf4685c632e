"""PINs, and later roles."""
