"""The only place that speaks SQL: the ports People, Events, ClockEvents, SettingsStore and
Storage over any database that SQLAlchemy knows; SQLite by default."""

from kiosk.storage.storage import SqlStorage, database_url, open_storage

__all__ = ["SqlStorage", "database_url", "open_storage"]
