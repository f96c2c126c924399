"""Keep large values apart, each once, and count them against a budget. Additive: old workers go on."""

import sqlalchemy as sa
from alembic import op

revision = "20261124_1840"
down_revision = "20261124_1815"
branch_labels = None
depends_on = None
half = "before"


def upgrade() -> None:
    op.create_table(
        "blob",
        sa.Column("day", sa.Uuid(), nullable=False),
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("sha", sa.LargeBinary(), nullable=False),
        sa.Column("scenario_id", sa.Uuid(), nullable=True),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("stored", sa.Integer(), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=True),
        sa.Column("head", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("day", "workspace_id", "sha"),
        postgresql_partition_by="RANGE (day)",
    )
    op.create_table(
        "blob_held",
        sa.Column("run_id", sa.Uuid(), nullable=False),
        sa.Column("sha", sa.LargeBinary(), nullable=False),
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("run_id", "sha"),
        postgresql_with={
            "autovacuum_vacuum_scale_factor": "0",
            "autovacuum_vacuum_threshold": "500",
            "toast.autovacuum_vacuum_scale_factor": "0",
            "toast.autovacuum_vacuum_threshold": "5000",
        },
    )
    op.create_index("blob_held_by_sha", "blob_held", ["workspace_id", "sha"])
    for table in ("blob", "blob_held"):  # it is compressed already
        op.execute(f"ALTER TABLE {table} ALTER COLUMN data SET STORAGE EXTERNAL")
    op.create_table(
        "blob_tally",
        sa.Column("scenario_id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Uuid(), nullable=False),
        sa.Column("bytes", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("scenario_id", "day"),
        postgresql_with={"fillfactor": "50"},
    )
    op.create_index("blob_tally_by_day", "blob_tally", ["day"])
    op.add_column("run_work", sa.Column("bytes", sa.BigInteger(), server_default="0", nullable=False))
    op.add_column("scenario", sa.Column("byte_budget", sa.BigInteger(), nullable=True))


def downgrade() -> None:
    op.drop_column("scenario", "byte_budget")
    op.drop_column("run_work", "bytes")
    for table in ("blob_tally", "blob_held", "blob"):
        op.drop_table(table)
