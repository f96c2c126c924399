"""Add who has read which notice. Additive: old processes go on writing `notice.read_at`, which nobody reads."""

import sqlalchemy as sa
from alembic import op

revision = "20261124_1556"
down_revision = "0001"
branch_labels = None
depends_on = None
half = "before"


def upgrade() -> None:
    op.create_table(
        "notice_read",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("notice_id", sa.Uuid(), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["notice_id"], ["notice.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("user_id", "notice_id"),
    )
    op.create_index("notice_read_by_notice", "notice_read", ["notice_id"], unique=False)
    op.create_index("notice_by_reader", "notice", ["workspace_id", "user_id", "id"], unique=False)
    # What one person had marked counted for all members until now; it stays read for them.
    op.execute(
        """
        INSERT INTO notice_read (user_id, notice_id, read_at)
        SELECT membership.user_id, notice.id, notice.read_at
        FROM notice JOIN membership ON membership.workspace_id = notice.workspace_id
        WHERE notice.read_at IS NOT NULL AND (notice.user_id IS NULL OR notice.user_id = membership.user_id)
        """
    )


def downgrade() -> None:
    op.execute(
        """
        UPDATE notice SET read_at = told.read_at
        FROM (SELECT notice_id, min(read_at) AS read_at FROM notice_read GROUP BY notice_id) AS told
        WHERE told.notice_id = notice.id AND notice.read_at IS NULL
        """
    )
    op.drop_index("notice_by_reader", table_name="notice")
    op.drop_index("notice_read_by_notice", table_name="notice_read")
    op.drop_table("notice_read")
