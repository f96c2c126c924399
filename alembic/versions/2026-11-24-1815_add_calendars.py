"""Add working calendars, and to timers what it takes to reckon a wait in working time again. Additive."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "20261124_1815"
down_revision = "20261124_1830"
branch_labels = None
depends_on = None
half = "before"

_TEXT = sqlmodel.sql.sqltypes.AutoString()


def upgrade() -> None:
    op.create_table(
        "calendar",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("name", _TEXT, nullable=False),
        sa.Column("time_zone", _TEXT, nullable=False),
        sa.Column("weekly", sa.JSON(), nullable=False),
        sa.Column("exceptions", sa.JSON(), nullable=False),
        sa.Column("country", _TEXT, nullable=False),
        sa.Column("subdivision", _TEXT, nullable=False),
        sa.Column("is_default", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("calendar_by_workspace", "calendar", ["workspace_id"], unique=False)
    op.create_index(
        "calendar_default", "calendar", ["workspace_id"], unique=True, postgresql_where=sa.text("is_default")
    )
    op.add_column("timer", sa.Column("working", sa.JSON(), nullable=True))


def downgrade() -> None:
    op.drop_column("timer", "working")
    op.drop_index("calendar_default", table_name="calendar", postgresql_where=sa.text("is_default"))
    op.drop_index("calendar_by_workspace", table_name="calendar")
    op.drop_table("calendar")
