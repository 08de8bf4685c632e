"""A face-verification kiosk: a camera, a threshold with a stated FAR, ALLOW or DENY."""

from datetime import date

__version__ = "0.1.0"
BUILT = date(2026, 2, 1)
"""When this version was begun: a clock that says less is wrong. Raise it with each release."""
