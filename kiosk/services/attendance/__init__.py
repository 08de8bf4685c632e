"""Attendance: reading what was recorded, and handing it out."""

from kiosk.services.attendance.reading import Attendance

__all__ = ["Attendance"]
