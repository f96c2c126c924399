"""Find events by what they did not start and by their repeats. Additive; old workers write neither table."""

import sqlalchemy as sa
from alembic import op

revision = "20261124_1800"
down_revision = "20261124_1645"
branch_labels = None
depends_on = None
half = "before"


def upgrade() -> None:
    op.create_table(
        "event_stopped",
        sa.Column("scenario_id", sa.Uuid(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("scenario_id", "event_id"),
    )
    op.create_index("event_stopped_by_workspace", "event_stopped", ["workspace_id", "event_id"], unique=False)
    op.create_table(
        "event_repeat",
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("event_id"),
        postgresql_with={"fillfactor": "70"},
    )
    op.create_index("event_repeat_by_workspace", "event_repeat", ["workspace_id", "event_id"], unique=False)
    # What was refused before is found as well.
    op.execute(
        "INSERT INTO event_stopped (scenario_id, event_id, workspace_id)"
        " SELECT DISTINCT (one->>'scenario_id')::uuid, event.id, event.workspace_id"
        " FROM event, json_array_elements(event.considered) AS one"
        " WHERE event.considered::text LIKE '%stopped_by%' AND one->>'stopped_by' IS NOT NULL"
    )


def downgrade() -> None:
    op.drop_table("event_repeat")
    op.drop_table("event_stopped")
