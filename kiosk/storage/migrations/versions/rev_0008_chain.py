"""What is played from a file is marked as such, and what must not change unseen is chained. What
stands here already is entered when the migration is done (``kiosk.storage.chain.begin``): the key
is not a migration's."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    op.add_column("events", sa.Column("recording", sa.Boolean))
    op.create_table(
        "chain",
        sa.Column("seq", sa.BigInteger, nullable=False, autoincrement=False),
        sa.Column("of", sa.String(32), nullable=False),
        sa.Column("row_id", sa.Integer, nullable=False),
        sa.Column("content", sa.LargeBinary, nullable=False),
        sa.Column("link", sa.LargeBinary, nullable=False),
        sa.Column("key_id", sa.String(8), nullable=False),
        sa.PrimaryKeyConstraint("seq", name="pk_chain"),
    )
