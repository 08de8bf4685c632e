"""Whose signature the list of models must have: the public half, written by
``python -m kiosk.lab sign-manifest``. docs/supply-chain.md says what it is worth."""

from __future__ import annotations

from typing import Final

MANIFEST_KEY: Final = "RWRHF2UJGlBDjShs53GbHenWc/2sXfx5mRGvjBa2xit7gYZ1Z2q4413/"
