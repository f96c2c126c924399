"""Add the halves of applied migrations: older processes read there whether they may go on. Additive."""

import sqlalchemy as sa
from alembic import op

revision = "20261124_1930"
down_revision = "20261124_1925"
branch_labels = None
depends_on = None
half = "before"


def upgrade() -> None:
    op.create_table(
        "migration_half",
        sa.Column("revision", sa.String(), nullable=False),
        sa.Column("half", sa.String(), nullable=False),
        sa.Column("applied_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("revision"),
    )


def downgrade() -> None:
    op.drop_table("migration_half")
