"""Names are found whatever their case and accents: a folded copy of each to search in."""

import unicodedata

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    for table, name in (("people", "name"), ("events", "person_name")):
        op.add_column(table, sa.Column("search_name", sa.Text, nullable=False, server_default=""))
        _fill(sa.table(table, sa.column("id"), sa.column(name), sa.column("search_name")), name)
    op.create_index("ix_people_search_name", "people", ["search_name"])


def _fill(table: sa.TableClause, name: str) -> None:
    connection = op.get_bind()
    known = sa.select(table.c.id, table.c[name]).where(table.c[name].is_not(None))
    rows = [{"row": row, "to": _folded(text)} for row, text in connection.execute(known)]
    if rows:
        update = sa.update(table).where(table.c.id == sa.bindparam("row"))
        connection.execute(update.values(search_name=sa.bindparam("to")), rows)


def _folded(text: str) -> str:
    """As ``kiosk.storage.columns.folded`` was at this revision."""
    caseless = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    bare = "".join(c for c in caseless if unicodedata.category(c) != "Mn")
    return " ".join(bare.split())
