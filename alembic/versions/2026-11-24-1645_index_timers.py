"""Let the calendar page through a workspace's timers. Additive."""

from alembic import op

revision = "20261124_1645"
down_revision = "20261124_1632"
branch_labels = None
depends_on = None
half = "before"


def upgrade() -> None:
    op.create_index("timer_by_workspace", "timer", ["workspace_id", "state", "fire_at", "id"], unique=False)


def downgrade() -> None:
    op.drop_index("timer_by_workspace", table_name="timer")
