"""What the encoder's cohort says of each person's vector: it is filled in when it is next made."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.create_table(
        "known_people",
        sa.Column("person_id", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("encoder_id", sa.Text, nullable=False),
        sa.Column("cohort", sa.String(16), nullable=False),
        sa.Column("digest", sa.LargeBinary, nullable=False),
        sa.Column("mean", sa.Double, nullable=False),
        sa.Column("deviation", sa.Double, nullable=False),
        sa.PrimaryKeyConstraint("person_id", name="pk_known_people"),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name="fk_known_people_person_id", ondelete="CASCADE"
        ),
    )
