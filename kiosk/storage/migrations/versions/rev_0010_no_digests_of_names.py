"""Wrong PINs were counted under digests of the names that were typed, which outlived whoever was
erased; now under a person's number. Those of the person, counted beside them, stay."""

from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    op.execute("DELETE FROM settings WHERE name LIKE 'pin_%typed %'")
