"""The lab's commands, a module a group."""

from kiosk.lab.cli.program import app, main

__all__ = ["app", "main"]
