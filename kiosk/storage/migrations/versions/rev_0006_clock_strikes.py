"""Clock events that were struck out, and put back: a row each time, by whom and why."""

import sqlalchemy as sa
from alembic import op

from kiosk.storage.columns import FreeText, UtcDateTime

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.create_table(
        "clock_strikes",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("clock_event_id", sa.Integer, nullable=False),
        sa.Column("at", UtcDateTime, nullable=False),
        sa.Column("actor", FreeText, nullable=False),
        sa.Column("why", FreeText, nullable=False),
        sa.Column("struck", sa.Boolean, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_clock_strikes"),
        sa.ForeignKeyConstraint(
            ["clock_event_id"],
            ["clock_events.id"],
            name="fk_clock_strikes_clock_event_id",
            ondelete="CASCADE",
        ),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_clock_strikes_clock_event_id", "clock_strikes", ["clock_event_id"])
