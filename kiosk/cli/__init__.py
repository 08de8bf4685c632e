"""The command line, a module a group of commands."""

from kiosk.cli.program import app, main

__all__ = ["app", "main"]
