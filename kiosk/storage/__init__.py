"""The only place that speaks SQL: the ports People, Events, ClockEvents, SettingsStore and
Storage over any database that SQLAlchemy knows; SQLite by default."""

from kiosk.storage.backup import Restored, restored, scratch
from kiosk.storage.sealing import is_alone, is_encrypted, is_plain, opens, settle
from kiosk.storage.session import database_file, in_memory
from kiosk.storage.storage import (
    SqlStorage,
    address_in,
    database_url,
    demand_there,
    file_url,
    open_storage,
)

__all__ = [
    "Restored",
    "SqlStorage",
    "address_in",
    "database_file",
    "database_url",
    "demand_there",
    "file_url",
    "in_memory",
    "is_alone",
    "is_encrypted",
    "is_plain",
    "open_storage",
    "opens",
    "restored",
    "scratch",
    "settle",
]
