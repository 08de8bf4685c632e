"""Pixels to numbers: detector, alignment, quality, encoders."""
