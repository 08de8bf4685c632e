"""Hours that one can be paid by: what each punch rests on, groups, rotas, absences, closed
periods, and what people ask to be put right."""

import sqlalchemy as sa
from alembic import op

from kiosk.storage.columns import FreeText, UtcDateTime

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    _people()
    _punches()
    _plans()
    _periods()
    _requests()


def _people() -> None:
    op.add_column("people", sa.Column("department", FreeText, nullable=False, server_default=""))
    op.add_column("people", sa.Column("valid_from", sa.Date))
    op.add_column("people", sa.Column("valid_until", sa.Date))


def _punches() -> None:
    for column in (
        sa.Column("evidence", sa.String(16), nullable=False, server_default="face"),
        sa.Column("far", sa.Double),
        sa.Column("liveness", sa.String(32)),
        sa.Column("kiosk", FreeText, nullable=False, server_default=""),
        sa.Column("doubt", sa.String(16)),
        sa.Column("replaces", sa.Integer),
        sa.Column("author", FreeText, nullable=False, server_default=""),
    ):
        op.add_column("clock_events", column)
    punches = sa.table(
        "clock_events",
        *map(sa.column, ("event_id", "by_hand", "evidence", "far", "liveness", "kiosk")),
    )
    log = sa.table("events", *map(sa.column, ("id", "mode", "far", "liveness", "camera")))
    of_it = log.c.id == punches.c.event_id

    def told(value: sa.ColumnElement[str]) -> sa.ScalarSelect[str]:
        return sa.select(value).where(of_it).scalar_subquery()

    op.execute(
        punches.update()
        .where(punches.c.event_id.is_not(None))
        .values(
            far=told(log.c.far),
            liveness=told(log.c.liveness),
            kiosk=sa.func.coalesce(told(log.c.camera), ""),
            evidence=sa.func.coalesce(
                told(sa.case((log.c.mode == "pin", "pin"), else_="face")), "face"
            ),
        )
    )
    op.execute(punches.update().where(punches.c.by_hand == sa.true()).values(evidence="hand"))
    # Not in batch mode: that would copy the table, and take what was struck out with the old one.
    op.drop_column("clock_events", "by_hand")


def _plans() -> None:
    op.create_table(
        "rotas",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("name", FreeText, nullable=False),
        sa.Column("days", sa.Text, nullable=False),
        sa.Column("grace_minutes", sa.SmallInteger, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_rotas"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "rota_assignments",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("person_id", sa.Integer, nullable=False),
        sa.Column("since", sa.Date, nullable=False),
        sa.Column("rota_id", sa.Integer),
        sa.Column("first", sa.SmallInteger, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_rota_assignments"),
        sa.ForeignKeyConstraint(["rota_id"], ["rotas.id"], name="fk_rota_assignments_rota_id"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_rota_assignments_person_id", "rota_assignments", ["person_id"])
    op.create_table(
        "absences",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("person_id", sa.Integer, nullable=False),
        sa.Column("kind", FreeText, nullable=False),
        sa.Column("since", sa.Date, nullable=False),
        sa.Column("until", sa.Date, nullable=False),
        sa.Column("note", FreeText, nullable=False),
        sa.Column("withdrawn", sa.Boolean, nullable=False, server_default=sa.false()),
        sa.PrimaryKeyConstraint("id", name="pk_absences"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_absences_person_id", "absences", ["person_id"])
    op.create_index("ix_absences_since", "absences", ["since"])


def _periods() -> None:
    op.create_table(
        "periods",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("since", sa.Date, nullable=False),
        sa.Column("until", sa.Date, nullable=False),
        sa.Column("closed_at", UtcDateTime, nullable=False),
        sa.Column("closed_by", FreeText, nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("rules", sa.Text, nullable=False),
        sa.Column("last_event", sa.Integer, nullable=False),
        sa.Column("last_strike", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_periods"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "period_lines",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("period_id", sa.Integer, nullable=False),
        sa.Column("person_id", sa.Integer, nullable=False),
        sa.Column("person_name", FreeText, nullable=False),
        sa.Column("staff_number", sa.Text),
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("counted", sa.Integer, nullable=False),
        sa.Column("by_hand", sa.Integer, nullable=False),
        sa.Column("carried", sa.Boolean, nullable=False),
        sa.Column("why", FreeText, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_period_lines"),
        sa.ForeignKeyConstraint(
            ["period_id"], ["periods.id"], name="fk_period_lines_period_id", ondelete="CASCADE"
        ),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_period_lines_period_id", "period_lines", ["period_id"])
    op.create_index("ix_period_lines_person_id_day", "period_lines", ["person_id", "day"])


def _requests() -> None:
    op.create_table(
        "correction_requests",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("person_id", sa.Integer, nullable=False),
        sa.Column("person_name", FreeText, nullable=False),
        sa.Column("asked_at", UtcDateTime, nullable=False),
        sa.Column("direction", sa.String(8), nullable=False),
        sa.Column("moment", UtcDateTime),
        sa.Column("replaces", sa.Integer),
        sa.Column("why", FreeText, nullable=False),
        sa.Column("answered_at", UtcDateTime),
        sa.Column("answered_by", FreeText),
        sa.Column("approved", sa.Boolean),
        sa.Column("answer", FreeText),
        sa.PrimaryKeyConstraint("id", name="pk_correction_requests"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_correction_requests_person_id", "correction_requests", ["person_id"])
