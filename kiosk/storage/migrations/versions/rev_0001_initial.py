"""People, templates, the access log, attendance and settings."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "people",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("staff_number", sa.Text),
        sa.Column("enabled", sa.Boolean, nullable=False),
        sa.Column("created_at", moment, nullable=False),
        sa.Column("pin_hash", sa.Text),
        sa.PrimaryKeyConstraint("id", name="pk_people"),
        sa.UniqueConstraint("staff_number", name="uq_people_staff_number"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "templates",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("person_id", sa.Integer, nullable=False),
        sa.Column("encoder_id", sa.Text, nullable=False),
        sa.Column("dimension", sa.Integer, nullable=False),
        sa.Column("vector", sa.LargeBinary, nullable=False),
        sa.Column("quality", sa.Double, nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("created_at", moment, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_templates"),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name="fk_templates_person_id", ondelete="CASCADE"
        ),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_templates_person_id", "templates", ["person_id"])
    op.create_index("ix_templates_encoder_id", "templates", ["encoder_id"])
    op.create_table(
        "events",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("at", moment, nullable=False),
        sa.Column("utc_offset_minutes", sa.SmallInteger, nullable=False),
        sa.Column("outcome", sa.String(32), nullable=False),
        sa.Column("reason", sa.String(32), nullable=False),
        sa.Column("mode", sa.String(32), nullable=False),
        sa.Column("person_id", sa.Integer),
        sa.Column("person_name", sa.Text),
        sa.Column("score", sa.Double),
        sa.Column("threshold", sa.Double),
        sa.Column("far", sa.Double),
        sa.Column("encoder_id", sa.Text),
        sa.Column("camera", sa.Text),
        sa.Column("duration", sa.Double),
        sa.PrimaryKeyConstraint("id", name="pk_events"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_events_at", "events", ["at"])
    op.create_index("ix_events_person_id_id", "events", ["person_id", "id"])
    op.create_index("ix_events_outcome_id", "events", ["outcome", "id"])
    op.create_table(
        "clock_events",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("person_id", sa.Integer, nullable=False),
        sa.Column("direction", sa.String(8), nullable=False),
        sa.Column("at", moment, nullable=False),
        sa.Column("by_hand", sa.Boolean, nullable=False),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("event_id", sa.Integer),
        sa.PrimaryKeyConstraint("id", name="pk_clock_events"),
        sa.ForeignKeyConstraint(
            ["event_id"], ["events.id"], name="fk_clock_events_event_id", ondelete="SET NULL"
        ),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_clock_events_at", "clock_events", ["at"])
    op.create_index("ix_clock_events_person_id_at", "clock_events", ["person_id", "at"])
    op.create_index("ix_clock_events_event_id", "clock_events", ["event_id"])
    op.create_table(
        "settings",
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("value", sa.JSON, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_settings"),
    )
