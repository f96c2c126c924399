"""Add object types, fields, pipelines and records. Additive; partitions of `record` come with their types."""

import sqlalchemy as sa
import sqlmodel
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "20261124_1900"
down_revision = "20261124_1840"
branch_labels = None
depends_on = None
half = "before"

_text = sqlmodel.sql.sqltypes.AutoString
_now = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "object_type",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("key", _text(), nullable=False),
        sa.Column("names", sa.JSON(), nullable=False),
        sa.Column("icon", _text(), nullable=False),
        sa.Column("color", _text(), nullable=False),
        sa.Column("title_field", _text(), nullable=False),
        sa.Column("pack", _text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("created_at", _now, nullable=False),
        sa.Column("changed_at", _now, nullable=False),
        sa.Column("archived_at", _now, nullable=True),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(
        "object_type_key",
        "object_type",
        ["workspace_id", "key"],
        unique=True,
        postgresql_where=sa.text("archived_at IS NULL"),
    )
    op.create_table(
        "object_field",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("type_id", sa.Uuid(), nullable=False),
        sa.Column("key", _text(), nullable=False),
        sa.Column("kind", _text(), nullable=False),
        sa.Column("names", sa.JSON(), nullable=False),
        sa.Column("help", sa.JSON(), nullable=False),
        sa.Column("required", sa.Boolean(), nullable=False),
        sa.Column("is_unique", sa.Boolean(), nullable=False),
        sa.Column("default", sa.JSON(), nullable=True),
        sa.Column("settings", sa.JSON(), nullable=False),
        sa.Column("rights", sa.JSON(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("archived_at", _now, nullable=True),
        sa.ForeignKeyConstraint(["type_id"], ["object_type.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("type_id", "key"),
    )
    op.create_table(
        "pipeline",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("type_id", sa.Uuid(), nullable=False),
        sa.Column("names", sa.JSON(), nullable=False),
        sa.Column("sum_mode", _text(), nullable=False),
        sa.Column("sum_field", _text(), nullable=False),
        sa.Column("sum_formula", _text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("archived_at", _now, nullable=True),
        sa.ForeignKeyConstraint(["type_id"], ["object_type.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("pipeline_by_type", "pipeline", ["type_id", "position"])
    op.create_table(
        "stage",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("pipeline_id", sa.Uuid(), nullable=False),
        sa.Column("names", sa.JSON(), nullable=False),
        sa.Column("color", _text(), nullable=False),
        sa.Column("outcome", _text(), nullable=False),
        sa.Column("probability", sa.Integer(), nullable=False),
        sa.Column("required", sa.JSON(), nullable=False),
        sa.Column("reasons", sa.JSON(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("archived_at", _now, nullable=True),
        sa.ForeignKeyConstraint(["pipeline_id"], ["pipeline.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("stage_by_pipeline", "stage", ["pipeline_id", "position"])
    _records()


def _records() -> None:
    op.create_table(
        "record",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("type_id", sa.Uuid(), nullable=False),
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("title", _text(), nullable=False),
        sa.Column("data", postgresql.JSONB(), nullable=False),
        sa.Column("errors", postgresql.JSONB(), nullable=True),
        sa.Column("search", postgresql.TSVECTOR(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", _now, nullable=False),
        sa.Column("created_by", postgresql.JSONB(), nullable=False),
        sa.Column("updated_at", _now, nullable=False),
        sa.Column("deleted_at", _now, nullable=True),
        sa.PrimaryKeyConstraint("id", "type_id"),
        postgresql_partition_by="LIST (type_id)",
    )
    op.create_index("record_by_time", "record", ["type_id", "id"])
    op.create_index(
        "record_by_stage",
        "record",
        [sa.text("(data ->> 'stage')"), "id"],
        postgresql_where=sa.text("data ->> 'stage' IS NOT NULL"),
    )
    op.create_index("record_search", "record", ["search"], postgresql_using="gin")
    op.create_table(
        "record_link",
        sa.Column("from_id", sa.Uuid(), nullable=False),
        sa.Column("field_id", sa.Uuid(), nullable=False),
        sa.Column("to_id", sa.Uuid(), nullable=False),
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("from_type", sa.Uuid(), nullable=False),
        sa.Column("to_type", _text(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("from_id", "field_id", "to_id"),
    )
    op.create_index("record_link_back", "record_link", ["to_id", "field_id", "from_id"])
    op.create_table(
        "record_unique",
        sa.Column("field_id", sa.Uuid(), nullable=False),
        sa.Column("value", _text(), nullable=False),
        sa.Column("record_id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("field_id", "value"),
    )
    op.create_index("record_unique_by_record", "record_unique", ["record_id"])
    op.create_table(
        "record_counter",
        sa.Column("field_id", sa.Uuid(), nullable=False),
        sa.Column("next", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("field_id"),
    )
    op.create_table(
        "record_change",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("type_id", sa.Uuid(), nullable=False),
        sa.Column("record_id", sa.Uuid(), nullable=False),
        sa.Column("what", _text(), nullable=False),
        sa.Column("changes", postgresql.JSONB(), nullable=False),
        sa.Column("actor", postgresql.JSONB(), nullable=False),
        sa.Column("at", _now, nullable=False),
        sa.Column("announced", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("record_change_by_record", "record_change", ["record_id", "id"])


def downgrade() -> None:
    for table in (
        "record_change",
        "record_counter",
        "record_unique",
        "record_link",
        "record",
        "stage",
        "pipeline",
        "object_field",
        "object_type",
    ):
        op.drop_table(table)
