"""A face-verification kiosk: a camera, a threshold with a stated FAR, ALLOW or DENY."""

__version__ = "0.1.0"
