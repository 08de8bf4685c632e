"""A drill that may begin."""

from __future__ import annotations

from dataclasses import dataclass

from kiosk.domain.liveness.drill import Conditions
from kiosk.services.drill import DrillSession
from kiosk.services.site import Site
from kiosk.ui.kiosk.drill_words import Plan


@dataclass(frozen=True, slots=True, eq=False)
class Order:
    """What is to be tried, and where it is written down."""

    session: DrillSession
    plan: Plan


def conditions(site: Site) -> Conditions:
    """What a drill made now would be made with; for a worker."""
    return Conditions.of(site.settings(), site.camera_name(), site.encoder().encoder_id)
