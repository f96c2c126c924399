"""Add the places at limits: who is through, who waits in line, and when each turn is. Additive."""

import sqlalchemy as sa
from alembic import op

revision = "20261124_1910"
down_revision = "20261124_1900"
branch_labels = None
depends_on = None
half = "before"


def upgrade() -> None:
    op.create_table(
        "limit_place",
        sa.Column("gate_id", sa.Uuid(), nullable=False),
        sa.Column("holder", sa.String(), nullable=False),
        sa.Column("place", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("run_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("at_most", sa.Integer(), nullable=False),
        sa.Column("per_seconds", sa.Float(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("over_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("gate_id", "holder"),
        postgresql_with={"fillfactor": "70", "autovacuum_vacuum_scale_factor": "0.02"},
    )
    turns = sa.text("state = 'turn'")
    op.create_index("limit_place_line", "limit_place", ["gate_id", "state", "place"])
    op.create_index("limit_place_moment", "limit_place", ["gate_id", "at"], postgresql_where=turns)
    op.create_index("limit_place_over", "limit_place", ["over_at"], postgresql_where=turns)
    op.create_index("limit_place_by_run", "limit_place", ["run_id"])


def downgrade() -> None:
    op.drop_table("limit_place")
