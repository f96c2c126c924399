"""Index the changes of records that nobody has been told of yet: those are few, whatever the timeline holds."""

import sqlalchemy as sa
from alembic import op

revision = "20261124_1925"
down_revision = "20261124_1920"
branch_labels = None
depends_on = None
half = "before"


def upgrade() -> None:
    untold = sa.text("NOT announced")
    op.create_index("record_change_open", "record_change", ["id"], postgresql_where=untold)
    op.create_index("record_change_open_by_record", "record_change", ["record_id", "id"], postgresql_where=untold)


def downgrade() -> None:
    op.drop_index("record_change_open_by_record", table_name="record_change")
    op.drop_index("record_change_open", table_name="record_change")
