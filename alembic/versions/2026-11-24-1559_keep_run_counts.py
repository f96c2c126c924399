"""Keep the number of runs per scenario instead of counting them. Additive: triggers serve old workers as well."""

import sqlalchemy as sa
from alembic import op

revision = "20261124_1559"
down_revision = "20261124_1556"
branch_labels = None
depends_on = None
half = "before"

_KINDS = ("open", "succeeded", "failed", "cancelled")
# What one row counts as; the engine's connections forbid joins by hash, so old and new rows are added up instead.
_OF_ROW = """
    scenario_id,
    {sign}(status NOT IN ('succeeded', 'failed', 'cancelled'))::int AS open,
    {sign}(status = 'succeeded')::int AS succeeded,
    {sign}(status = 'failed')::int AS failed,
    {sign}(status = 'cancelled')::int AS cancelled
"""
_SUMS = ", ".join(f"sum({kind})" for kind in _KINDS)
_CHANGED = " OR ".join(f"sum({kind}) <> 0" for kind in _KINDS)


def _function(name: str, rows: str) -> str:
    """A statement's rows become one delta row per scenario; a statement that moves nothing writes nothing."""
    return f"""
    CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      INSERT INTO run_tally_delta (scenario_id, {", ".join(_KINDS)})
      SELECT scenario_id, {_SUMS} FROM ({rows}) AS moved GROUP BY scenario_id HAVING {_CHANGED};
      RETURN NULL;
    END $$
    """  # noqa: S608 (all of it is written above)


def upgrade() -> None:
    counts = [sa.Column(kind, sa.BigInteger(), nullable=False) for kind in _KINDS]
    op.create_table(
        "run_tally",
        sa.Column("scenario_id", sa.Uuid(), nullable=False),
        *counts,
        sa.PrimaryKeyConstraint("scenario_id"),
        postgresql_with={"fillfactor": "50"},
    )
    op.create_table(
        "run_tally_delta",
        sa.Column("scenario_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        *(sa.Column(kind, sa.Integer(), nullable=False) for kind in _KINDS),
        sa.PrimaryKeyConstraint("scenario_id", "id"),
        postgresql_with={"autovacuum_vacuum_scale_factor": "0", "autovacuum_vacuum_threshold": "5000"},
    )
    added, removed = _OF_ROW.format(sign=""), _OF_ROW.format(sign="-")
    op.execute(_function("run_tally_inserted", f"SELECT {added} FROM new_rows"))  # noqa: S608
    moved = f"SELECT {removed} FROM old_rows UNION ALL SELECT {added} FROM new_rows"  # noqa: S608
    op.execute(_function("run_tally_updated", moved))
    # Creating a trigger waits for writers under way and holds new ones, so the count below is right.
    op.execute(
        "CREATE TRIGGER run_tally_inserted AFTER INSERT ON run REFERENCING NEW TABLE AS new_rows"
        " FOR EACH STATEMENT EXECUTE FUNCTION run_tally_inserted()"
    )
    op.execute(
        "CREATE TRIGGER run_tally_updated AFTER UPDATE ON run REFERENCING OLD TABLE AS old_rows"
        " NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION run_tally_updated()"
    )
    op.execute(
        f"INSERT INTO run_tally (scenario_id, {', '.join(_KINDS)})"  # noqa: S608
        f" SELECT scenario_id, {_SUMS} FROM (SELECT {added} FROM run) AS counted GROUP BY scenario_id"
    )


def downgrade() -> None:
    for name in ("run_tally_updated", "run_tally_inserted"):
        op.execute(f"DROP TRIGGER {name} ON run")
        op.execute(f"DROP FUNCTION {name}()")
    op.drop_table("run_tally_delta")
    op.drop_table("run_tally")
