"""Add who paused, resumed and cancelled runs, and how effects were settled by hand. Additive."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "20261124_1600"
down_revision = "20261124_1559"
branch_labels = None
depends_on = None
half = "before"


def upgrade() -> None:
    op.create_table(
        "run_control",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("run_id", sa.Uuid(), nullable=False),
        sa.Column("action", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=True),
        sa.Column("key_name", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("run_control_by_run", "run_control", ["run_id", "id"], unique=False)
    op.add_column("effect", sa.Column("answer", sqlmodel.sql.sqltypes.AutoString(), nullable=True))
    op.add_column("effect", sa.Column("answered_by", sa.Uuid(), nullable=True))
    op.add_column("effect", sa.Column("port", sqlmodel.sql.sqltypes.AutoString(), nullable=True))
    op.create_index("effect_by_workspace", "effect", ["workspace_id", "intended_at", "key"], unique=False)
    op.create_index(
        "effect_unknown", "effect", ["workspace_id"], unique=False, postgresql_where=sa.text("state = 'unknown'")
    )


def downgrade() -> None:
    op.drop_index("effect_unknown", table_name="effect", postgresql_where=sa.text("state = 'unknown'"))
    op.drop_index("effect_by_workspace", table_name="effect")
    op.drop_column("effect", "port")
    op.drop_column("effect", "answered_by")
    op.drop_column("effect", "answer")
    op.drop_index("run_control_by_run", table_name="run_control")
    op.drop_table("run_control")
