"""Add who called a run: its caller, whether the caller waits for it, and how deep calls are nested."""

import sqlalchemy as sa
from alembic import op

revision = "20261124_1632"
down_revision = "20261124_1620"
branch_labels = None
depends_on = None
half = "before"


def upgrade() -> None:
    op.add_column("run", sa.Column("called_by", sa.Uuid(), nullable=True))
    op.add_column("run", sa.Column("parent_waits", sa.Boolean(), server_default=sa.text("false"), nullable=False))
    op.add_column("run", sa.Column("depth", sa.Integer(), server_default=sa.text("0"), nullable=False))
    op.create_index("run_by_caller", "run", ["called_by"], postgresql_where=sa.text("called_by IS NOT NULL"))


def downgrade() -> None:
    op.drop_index("run_by_caller", table_name="run")
    op.drop_column("run", "depth")
    op.drop_column("run", "parent_waits")
    op.drop_column("run", "called_by")
