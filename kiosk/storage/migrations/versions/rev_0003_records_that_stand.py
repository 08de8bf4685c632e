"""The audit trail, a counter that rises with every change to the gallery, and rows that read the
same for ever: with the name, number and local time of when they were made."""

from datetime import UTC, datetime, timedelta

import sqlalchemy as sa
from alembic import op

from kiosk.domain.names import folded

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    _add_audit()
    _add_what_was_then()
    _fold_names()
    _mark_cosines()
    op.add_column("templates", sa.Column("crop", sa.LargeBinary))


def _add_what_was_then() -> None:
    for name in ("repeat", "clock_suspect"):
        flag = sa.Column(name, sa.Boolean, nullable=False, server_default=sa.false())
        op.add_column("events", flag)
    for column in (
        sa.Column("person_name", sa.Text, nullable=False, server_default=""),
        sa.Column("staff_number", sa.Text),
        sa.Column(
            "utc_offset_minutes", sa.SmallInteger, nullable=False, server_default=sa.text("0")
        ),
        sa.Column("clock_suspect", sa.Boolean, nullable=False, server_default=sa.false()),
    ):
        op.add_column("clock_events", column)
    connection = op.get_bind()
    # What is known best: the log row that it came from, then the person, then this machine's zone.
    rows = connection.execute(
        sa.text(
            "SELECT c.id, c.at, e.person_name, e.utc_offset_minutes, p.name, p.staff_number "
            "FROM clock_events c LEFT JOIN events e ON e.id = c.event_id "
            "LEFT JOIN people p ON p.id = c.person_id"
        ).columns(at=sa.DateTime(timezone=True))
    ).all()
    known = [
        {
            "row": row.id,
            "name": row.person_name or row.name or "",
            "number": row.staff_number,
            "offset": _offset(row.at) if row.utc_offset_minutes is None else row.utc_offset_minutes,
        }
        for row in rows
    ]
    if known:
        connection.execute(
            sa.text(
                "UPDATE clock_events SET person_name = :name, staff_number = :number, "
                "utc_offset_minutes = :offset WHERE id = :row"
            ),
            known,
        )


def _mark_cosines() -> None:
    """Scores were cosine similarities; now they are points from 0 to 100. The rows keep theirs and
    say so (``kiosk.domain.scale.COSINE``), and a margin in cosines means nothing any more."""
    op.execute(
        "UPDATE events SET encoder_id = encoder_id || ' (cosine)' "
        "WHERE encoder_id IS NOT NULL AND score IS NOT NULL"
    )
    op.execute("DELETE FROM settings WHERE name = 'margin'")


def _fold_names() -> None:
    """Anew, by the program's own rule: what is typed is folded by that, too."""
    connection = op.get_bind()
    for name, column in (("people", "name"), ("events", "person_name")):
        table = sa.table(name, sa.column("id"), sa.column(column), sa.column("search_name"))
        known = sa.select(table.c.id, table.c[column], table.c.search_name)
        rows = [
            {"row": row, "to": folded(text)}
            for row, text, before in connection.execute(known.where(table.c[column].is_not(None)))
            if folded(text) != before
        ]
        if rows:
            update = sa.update(table).where(table.c.id == sa.bindparam("row"))
            connection.execute(update.values(search_name=sa.bindparam("to")), rows)


def _offset(at: datetime) -> int:
    aware = at.replace(tzinfo=UTC) if at.tzinfo is None else at
    return (aware.astimezone().utcoffset() or timedelta()) // timedelta(minutes=1)


def _add_audit() -> None:
    op.create_table(
        "counters",
        sa.Column("name", sa.String(32), nullable=False),
        sa.Column("value", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_counters"),
    )
    op.create_table(
        "audit",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_kind", sa.String(32), nullable=False),
        sa.Column("actor_name", sa.Text, nullable=False),
        sa.Column("action", sa.String(32), nullable=False),
        sa.Column("subject", sa.Text, nullable=False),
        sa.Column("details", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_audit"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_audit_at", "audit", ["at"])
