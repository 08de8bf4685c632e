"""How it was made sure that a person stood there, and the score of that."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    for column in (
        sa.Column("liveness", sa.String(32)),
        sa.Column("liveness_score", sa.Double),
        sa.Column("liveness_version", sa.Text),
    ):
        op.add_column("events", column)
