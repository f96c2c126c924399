"""Cut events, runs, journals and effects into weeks, to drop old ones as files; add how long they are kept.

A table that has rows is not copied: it becomes the partition of everything until now. Older processes name a
unique index that a partitioned table cannot have: until they are replaced they answer 503 and keep checkpoints.
"""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "20261124_1810"
down_revision = "20261124_1800"
branch_labels = None
depends_on = None
half = "after"

_KEYS = {"event": "id", "run": "id", "journal_segment": "run_id", "effect": "run_id"}
_PRIMARY = {"event": "id", "run": "id", "journal_segment": "run_id, seq", "effect": "run_id, key"}
_STORAGE = {"run": "WITH (fillfactor = 80)"}
_INDEXES = {
    "event_by_time": "event (workspace_id, id)",
    "run_by_workspace": "run (workspace_id, id)",
    "run_by_scenario": "run (scenario_id, id)",
    "run_by_status": "run (scenario_id, status, id)",
    "run_by_event": "run (event_id)",
    "run_by_caller": "run (called_by) WHERE called_by IS NOT NULL",
    "effect_by_workspace": "effect (workspace_id, intended_at, key)",
    "effect_unknown": "effect (workspace_id) WHERE state = 'unknown'",
}
_MONDAY = datetime(1970, 1, 5, tzinfo=UTC)
_WEEK = timedelta(weeks=1)
_AHEAD = 2
_ZERO = UUID(int=0)
_REPLAY_DAYS = 30

_TRIGGERS = {
    "run_tally_inserted": "INSERT ON run REFERENCING NEW TABLE AS new_rows",
    "run_tally_updated": "UPDATE ON run REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows",
}
_DELETED = """
CREATE FUNCTION run_tally_deleted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO run_tally_delta (scenario_id, open, succeeded, failed, cancelled)
  SELECT scenario_id,
         -count(*) FILTER (WHERE status NOT IN ('succeeded', 'failed', 'cancelled')),
         -count(*) FILTER (WHERE status = 'succeeded'),
         -count(*) FILTER (WHERE status = 'failed'),
         -count(*) FILTER (WHERE status = 'cancelled')
  FROM old_rows GROUP BY scenario_id;
  RETURN NULL;
END $$
"""


def _bound(moment: datetime) -> UUID:
    """The lowest id a UUIDv7 of this moment may have: its first 48 bits are milliseconds."""
    return UUID(int=int(moment.timestamp() * 1000) << 80)


def _add_keys() -> None:
    """Deduplication gets a table of its own: a unique index over partitions must contain the partition key."""
    op.create_table(
        "event_key",
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("dedupe_key", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("workspace_id", "dedupe_key"),
    )
    op.execute("CREATE INDEX event_key_by_time ON event_key USING brin (created_at)")
    op.execute(
        "INSERT INTO event_key SELECT workspace_id, dedupe_key, id, created_at FROM event"  # noqa: S608
        f" WHERE dedupe_key IS NOT NULL AND created_at > now() - interval '{_REPLAY_DAYS} days'"
    )


def _add_retention() -> None:
    op.create_table(
        "retention",
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("days", sa.Integer(), nullable=True),
        sa.Column("max_runs", sa.BigInteger(), nullable=True),
        sa.Column("max_bytes", sa.BigInteger(), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("workspace_id"),
    )


def _partition(table: str, monday: datetime, key: str) -> None:
    filled = op.get_bind().execute(sa.text(f"SELECT EXISTS (SELECT FROM {table})")).scalar_one()  # noqa: S608
    op.execute(f"ALTER TABLE {table} RENAME TO {table}_old")
    op.execute(f"CREATE TABLE {table} (LIKE {table}_old INCLUDING DEFAULTS) PARTITION BY RANGE ({key})")
    op.execute(f"ALTER TABLE {table}_old DROP CONSTRAINT {table}_pkey")
    op.execute(f"ALTER TABLE {table} ADD PRIMARY KEY ({_PRIMARY[table]})")
    for name, target in _INDEXES.items():
        if target.startswith(f"{table} "):
            op.execute(f"ALTER INDEX {name} RENAME TO {name}_old")
            op.execute(f"CREATE INDEX {name} ON {target}")
    edges = [_bound(monday + _WEEK * number) for number in range(_AHEAD + 2)]
    weeks = [monday + _WEEK * number for number in range(_AHEAD + 1)]
    storage = _STORAGE.get(table, "")
    if filled:  # until next Monday everything stays where it is
        edges, weeks = edges[1:], weeks[1:]
    for week, low, high in zip(weeks, edges, edges[1:], strict=False):
        name = f"{table}_w{week:%Y%m%d}"
        op.execute(f"CREATE TABLE {name} PARTITION OF {table} FOR VALUES FROM ('{low}') TO ('{high}') {storage}")
    future, past = f"{table}_future", f"{table}_past"
    op.execute(
        f"CREATE TABLE {future} PARTITION OF {table} FOR VALUES FROM ('{edges[-1]}') TO (MAXVALUE) {storage}"
    )
    oldest = _ZERO if filled else edges[0]
    op.execute(f"CREATE TABLE {past} PARTITION OF {table} FOR VALUES FROM (MINVALUE) TO ('{oldest}') {storage}")
    if not filled:
        op.execute(f"DROP TABLE {table}_old")
        return
    # Ids from a clock that is ahead go where they belong.
    op.execute(
        f"WITH late AS (DELETE FROM {table}_old WHERE {key} >= '{edges[0]}' RETURNING *)"  # noqa: S608
        f" INSERT INTO {table} SELECT * FROM late"
    )
    op.execute(f"ALTER TABLE {table} ATTACH PARTITION {table}_old FOR VALUES FROM ('{_ZERO}') TO ('{edges[0]}')")


def upgrade() -> None:
    op.execute(f"LOCK TABLE {', '.join(_KEYS)} IN ACCESS EXCLUSIVE MODE")
    _add_retention()
    _add_keys()
    op.drop_index("event_dedupe", table_name="event", postgresql_where=sa.text("dedupe_key IS NOT NULL"))
    op.drop_index("effect_by_run", table_name="effect")
    for name in _TRIGGERS:
        op.execute(f"DROP TRIGGER {name} ON run")
    now = datetime.now(UTC)
    monday = _MONDAY + (now - _MONDAY) // _WEEK * _WEEK
    for table, key in _KEYS.items():
        _partition(table, monday, key)
    op.execute(_DELETED)
    for name, occasion in (
        _TRIGGERS | {"run_tally_deleted": "DELETE ON run REFERENCING OLD TABLE AS old_rows"}
    ).items():
        op.execute(f"CREATE TRIGGER {name} AFTER {occasion} FOR EACH STATEMENT EXECUTE FUNCTION {name}()")


def downgrade() -> None:
    op.execute(f"LOCK TABLE {', '.join(_KEYS)} IN ACCESS EXCLUSIVE MODE")
    primary = _PRIMARY | {"effect": "key"}
    # A key may have been used again after its time; the newest event keeps it.
    op.execute(
        "UPDATE event e SET dedupe_key = NULL FROM event newer WHERE newer.workspace_id = e.workspace_id"
        " AND newer.dedupe_key = e.dedupe_key AND newer.id > e.id"
    )
    for table in _KEYS:
        op.execute(f"CREATE TABLE {table}_flat (LIKE {table} INCLUDING DEFAULTS) {_STORAGE.get(table, '')}")
        op.execute(f"INSERT INTO {table}_flat SELECT * FROM {table}")  # noqa: S608
        op.execute(f"DROP TABLE {table}")
        op.execute(f"ALTER TABLE {table}_flat RENAME TO {table}")
        op.execute(f"ALTER TABLE {table} ADD PRIMARY KEY ({primary[table]})")
    for name, target in _INDEXES.items():
        op.execute(f"CREATE INDEX {name} ON {target}")
    op.create_index("effect_by_run", "effect", ["run_id"])
    op.execute("CREATE UNIQUE INDEX event_dedupe ON event (workspace_id, dedupe_key) WHERE dedupe_key IS NOT NULL")
    op.drop_table("event_key")
    op.drop_table("retention")
    op.execute("DROP FUNCTION run_tally_deleted()")
    for name, occasion in _TRIGGERS.items():
        op.execute(f"CREATE TRIGGER {name} AFTER {occasion} FOR EACH STATEMENT EXECUTE FUNCTION {name}()")
