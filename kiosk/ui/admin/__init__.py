"""The admin panel, one page a module."""
