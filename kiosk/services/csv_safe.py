"""Text for a CSV cell that a spreadsheet will not run."""

from __future__ import annotations


def cell(text: str) -> str:
    """The text with an apostrophe before it where a spreadsheet would take it for a formula
    (OWASP, CSV injection: a cell that begins with = + - @, their full-width forms, a tab or a
    line's end)."""
    return "'" + text if text.startswith(_STARTS) else text


_STARTS = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r", "\n")
