"""Add signals, variables, and what scenarios have seen. Additive; old workers write none of it."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "20261124_1830"
down_revision = "20261124_1810"
branch_labels = None
depends_on = None
half = "before"

_TEXT = sqlmodel.sql.sqltypes.AutoString()
_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "signal",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("name", _TEXT, nullable=False),
        sa.Column("key", _TEXT, nullable=False),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.Column("dedupe_key", _TEXT, nullable=True),
        sa.Column("run_id", sa.Uuid(), nullable=True),
        sa.Column("sent_at", _MOMENT, nullable=False),
        sa.Column("keep_until", _MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("workspace_id", "dedupe_key"),
    )
    op.create_index("signal_by_key", "signal", ["workspace_id", "name", "key", "id"])
    op.create_index("signal_by_time", "signal", ["sent_at"])
    op.create_table(
        "signal_wait",
        sa.Column("run_id", sa.Uuid(), nullable=False),
        sa.Column("node_id", _TEXT, nullable=False),
        sa.Column("item", _TEXT, nullable=False),
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("name", _TEXT, nullable=False),
        sa.Column("key", _TEXT, nullable=False),
        sa.Column("until", _MOMENT, nullable=True),
        sa.Column("began_at", _MOMENT, nullable=False),
        sa.Column("came_at", _MOMENT, nullable=True),
        sa.Column("data", sa.JSON(), nullable=True),
        sa.PrimaryKeyConstraint("run_id", "node_id", "item"),
    )
    op.create_index("signal_wait_by_key", "signal_wait", ["workspace_id", "name", "key"])
    op.create_table(
        "signal_taken",
        sa.Column("signal_id", sa.Uuid(), nullable=False),
        sa.Column("run_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["signal_id"], ["signal.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("signal_id", "run_id"),
        postgresql_with={"autovacuum_vacuum_scale_factor": "0.05"},
    )
    op.create_table(
        "variable",
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("scope", _TEXT, nullable=False),
        sa.Column("name", _TEXT, nullable=False),
        sa.Column("kind", _TEXT, nullable=False),
        sa.Column("value", sa.JSON(), nullable=True),
        sa.Column("number", sa.Numeric(), nullable=True),
        sa.Column("updated_at", _MOMENT, nullable=False),
        sa.Column("updated_by_run", sa.Uuid(), nullable=True),
        sa.Column("updated_by", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("workspace_id", "scope", "name"),
    )
    op.create_table(
        "seen",
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("scope", _TEXT, nullable=False),
        sa.Column("key", _TEXT, nullable=False),
        sa.Column("first_run_id", sa.Uuid(), nullable=False),
        sa.Column("first_at", _MOMENT, nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.Column("keep_until", _MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("workspace_id", "scope", "key"),
    )
    op.create_index("seen_by_end", "seen", ["keep_until"])
    op.create_table(
        "memory_answer",
        sa.Column("key", _TEXT, nullable=False),
        sa.Column("run_id", sa.Uuid(), nullable=False),
        sa.Column("answer", sa.JSON(), nullable=True),
        sa.Column("told_at", _MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("key"),
    )
    op.create_index("memory_answer_by_time", "memory_answer", ["told_at"])


def downgrade() -> None:
    for table in ("memory_answer", "seen", "variable", "signal_taken", "signal_wait", "signal"):
        op.drop_table(table)
