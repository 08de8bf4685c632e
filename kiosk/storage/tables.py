"""The tables as they are now; ``migrations`` brings older databases here."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Double,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    SmallInteger,
    String,
    Table,
    Text,
    false,
    text,
)

from kiosk.storage.columns import Day, Float32, FreeText, UtcDateTime

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

# Ids are never used twice (AUTOINCREMENT): the log and the attendance outlive the people they
# name, and must not pass to whoever is added next. For the same reason person_id is no foreign
# key in events and clock_events.

people = Table(
    "people",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", Text, nullable=False),
    Column("staff_number", Text, unique=True),
    Column("enabled", Boolean, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("pin_hash", Text),
    Column("search_name", Text, nullable=False, server_default=""),
    Column("department", FreeText, nullable=False, server_default=""),
    # Days, both included, on which the person may be let in.
    Column("valid_from", Day),
    Column("valid_until", Day),
    Index(None, "search_name"),
    sqlite_autoincrement=True,
)

templates = Table(
    "templates",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("person_id", Integer, ForeignKey("people.id", ondelete="CASCADE"), nullable=False),
    Column("encoder_id", Text, nullable=False),
    Column("dimension", Integer, nullable=False),
    Column("vector", Float32, nullable=False),
    Column("quality", Double, nullable=False),
    Column("source", FreeText, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    # A small JPEG of the face, only where the site keeps them.
    Column("crop", LargeBinary),
    Index(None, "person_id"),
    Index(None, "encoder_id"),
    sqlite_autoincrement=True,
)

# What an encoder's cohort says of each person's vector: from it alone, and quicker read than made.
known_people = Table(
    "known_people",
    metadata,
    Column(
        "person_id",
        Integer,
        ForeignKey("people.id", ondelete="CASCADE"),
        primary_key=True,
        autoincrement=False,
    ),
    Column("encoder_id", Text, nullable=False),
    Column("cohort", String(16), nullable=False),
    Column("digest", LargeBinary, nullable=False),
    Column("mean", Double, nullable=False),
    Column("deviation", Double, nullable=False),
)

# Who may do something in the panel, and by which PIN or passphrase; a manager of which departments,
# one a line.
roles = Table(
    "roles",
    metadata,
    Column(
        "person_id",
        Integer,
        ForeignKey("people.id", ondelete="CASCADE"),
        primary_key=True,
        autoincrement=False,
    ),
    Column("role", String(16), nullable=False),
    Column("secret_hash", Text),
    Column("departments", FreeText, nullable=False, server_default=""),
)

# Who agreed to what, and until when: it outlives the person, as the log does.
consents = Table(
    "consents",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("person_id", Integer, nullable=False),
    Column("person_name", FreeText, nullable=False),
    Column("version", String(64), nullable=False),
    Column("text", FreeText, nullable=False),
    Column("given_at", UtcDateTime, nullable=False),
    Column("recorded_by", FreeText, nullable=False),
    # On paper, at the kiosk.
    Column("how", FreeText, nullable=False),
    Column("withdrawn_at", UtcDateTime),
    Column("withdrawn_by", FreeText),
    Index(None, "person_id"),
    sqlite_autoincrement=True,
)

events = Table(
    "events",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("at", UtcDateTime, nullable=False),
    # The kiosk's own offset then, so that the local time can be told years later.
    Column("utc_offset_minutes", SmallInteger, nullable=False),
    Column("outcome", String(32), nullable=False),
    Column("reason", String(32), nullable=False),
    Column("mode", String(32), nullable=False),
    Column("person_id", Integer),
    Column("person_name", FreeText),
    Column("score", Double),
    Column("threshold", Double),
    Column("far", Double),
    Column("encoder_id", Text),
    Column("camera", FreeText),
    Column("duration", Double),
    Column("search_name", Text, nullable=False, server_default=""),
    # An ALLOW of somebody let in a moment ago: neither greeted anew nor clocked.
    Column("repeat", Boolean, nullable=False, server_default=false()),
    Column("clock_suspect", Boolean, nullable=False, server_default=false()),
    # How it was made sure that a person stood there; rows from before say nothing.
    Column("liveness", String(32)),
    Column("liveness_score", Double),
    Column("liveness_version", Text),
    # True where it was played from a file; else empty, as in all rows from before.
    Column("recording", Boolean),
    Index(None, "at"),
    Index(None, "person_id", "id"),
    Index(None, "outcome", "id"),
    sqlite_autoincrement=True,
)

clock_events = Table(
    "clock_events",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("person_id", Integer, nullable=False),
    Column("direction", String(8), nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("note", FreeText, nullable=False),
    Column("event_id", Integer, ForeignKey("events.id", ondelete="SET NULL")),
    # As they were then: what was recorded reads the same for ever.
    Column("person_name", FreeText, nullable=False, server_default=""),
    Column("staff_number", Text),
    Column("utc_offset_minutes", SmallInteger, nullable=False, server_default=text("0")),
    Column("clock_suspect", Boolean, nullable=False, server_default=false()),
    # What it rests on; of a face the rate and how it was made sure that it was no photo.
    Column("evidence", String(16), nullable=False, server_default="face"),
    Column("far", Double),
    Column("liveness", String(32)),
    Column("kiosk", FreeText, nullable=False, server_default=""),
    # Why the kiosk asked what it meant.
    Column("doubt", String(16)),
    # The event that it stands in the place of, which is struck out.
    Column("replaces", Integer),
    # Who entered it, where somebody did.
    Column("author", FreeText, nullable=False, server_default=""),
    Index(None, "at"),
    Index(None, "person_id", "at"),
    Index(None, "event_id"),
    sqlite_autoincrement=True,
)

clock_strikes = Table(
    "clock_strikes",
    metadata,
    Column("id", Integer, primary_key=True),
    Column(
        "clock_event_id", Integer, ForeignKey("clock_events.id", ondelete="CASCADE"), nullable=False
    ),
    Column("at", UtcDateTime, nullable=False),
    Column("actor", FreeText, nullable=False),
    Column("why", FreeText, nullable=False),
    # The newest row of an event says whether it counts.
    Column("struck", Boolean, nullable=False),
    Index(None, "clock_event_id"),
    sqlite_autoincrement=True,
)

# Never changed: people are given another one from a day on.
rotas = Table(
    "rotas",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", FreeText, nullable=False),
    # A shift a day with commas between, as people write it.
    Column("days", Text, nullable=False),
    Column("grace_minutes", SmallInteger, nullable=False),
    sqlite_autoincrement=True,
)

rota_assignments = Table(
    "rota_assignments",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("person_id", Integer, nullable=False),
    Column("since", Day, nullable=False),
    # None: by no rota from then on.
    Column("rota_id", Integer, ForeignKey("rotas.id")),
    Column("first", SmallInteger, nullable=False),
    Index(None, "person_id"),
    sqlite_autoincrement=True,
)

absences = Table(
    "absences",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("person_id", Integer, nullable=False),
    Column("kind", FreeText, nullable=False),
    Column("since", Day, nullable=False),
    Column("until", Day, nullable=False),
    Column("note", FreeText, nullable=False),
    # Whether somebody took it back; the audit trail says who and why.
    Column("withdrawn", Boolean, nullable=False, server_default=false()),
    Index(None, "person_id"),
    Index(None, "since"),
    sqlite_autoincrement=True,
)

periods = Table(
    "periods",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("since", Day, nullable=False),
    Column("until", Day, nullable=False),
    Column("closed_at", UtcDateTime, nullable=False),
    Column("closed_by", FreeText, nullable=False),
    Column("digest", String(64), nullable=False),
    # The settings that its hours follow from.
    Column("rules", Text, nullable=False),
    # Up to where punches, and what was said of them, are in its lines.
    Column("last_event", Integer, nullable=False),
    Column("last_strike", Integer, nullable=False),
    sqlite_autoincrement=True,
)

# What was signed, a row a person and day: it stands whatever is corrected later.
period_lines = Table(
    "period_lines",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("period_id", Integer, ForeignKey("periods.id", ondelete="CASCADE"), nullable=False),
    Column("person_id", Integer, nullable=False),
    Column("person_name", FreeText, nullable=False),
    Column("staff_number", Text),
    Column("day", Day, nullable=False),
    # Seconds.
    Column("counted", Integer, nullable=False),
    Column("by_hand", Integer, nullable=False),
    # By how much a day of an earlier period has changed since, and why.
    Column("carried", Boolean, nullable=False),
    Column("why", FreeText, nullable=False),
    Index(None, "period_id"),
    Index(None, "person_id", "day"),
    sqlite_autoincrement=True,
)

correction_requests = Table(
    "correction_requests",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("person_id", Integer, nullable=False),
    Column("person_name", FreeText, nullable=False),
    Column("asked_at", UtcDateTime, nullable=False),
    Column("direction", String(8), nullable=False),
    Column("moment", UtcDateTime),
    Column("replaces", Integer),
    Column("why", FreeText, nullable=False),
    Column("answered_at", UtcDateTime),
    Column("answered_by", FreeText),
    Column("approved", Boolean),
    Column("answer", FreeText),
    Index(None, "person_id"),
    sqlite_autoincrement=True,
)

# What proves that rows are as they were written: see kiosk/domain/chain.py. Columns that chained
# tables get later are empty in old rows, or their content would be another.
chain = Table(
    "chain",
    metadata,
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    Column("of", String(32), nullable=False),
    Column("row_id", Integer, nullable=False),
    Column("content", LargeBinary, nullable=False),
    Column("link", LargeBinary, nullable=False),
    Column("key_id", String(8), nullable=False),
)

# Rises with every change to people and templates: a count would miss one template put in another's
# place.
counters = Table(
    "counters",
    metadata,
    Column("name", String(32), primary_key=True),
    Column("value", BigInteger, nullable=False),
)

# Rows are only ever added.
audit = Table(
    "audit",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("at", UtcDateTime, nullable=False),
    Column("actor_kind", String(32), nullable=False),
    Column("actor_name", FreeText, nullable=False),
    Column("action", String(32), nullable=False),
    Column("subject", FreeText, nullable=False),
    Column("details", FreeText, nullable=False),
    # Rows from before say nothing.
    Column("actor_role", String(16)),
    Index(None, "at"),
    sqlite_autoincrement=True,
)

settings = Table(
    "settings",
    metadata,
    Column("name", String(200), primary_key=True),
    Column("value", JSON, nullable=False),
)
