"""Fuzzing: whatever is handed in works or is refused in one sentence, never a traceback, a hang or
half of it written.

Continuous integration runs the same few thousand inputs each time; `make fuzz` as many new ones as
it is told, and prints how to repeat what it finds.
"""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings

settings.register_profile(
    "fuzz",
    derandomize=False,
    deadline=None,
    max_examples=int(os.environ.get("KIOSK_FUZZ", "2000")),
    print_blob=True,
    suppress_health_check=list(HealthCheck),
)
