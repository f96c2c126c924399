"""Every migration says which half of an upgrade it is, and those "before" only add (docs/upgrade.md)."""

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest
from tests.migration.additive import Reasons, judged

from potok.revisions import chain, scripts

_SMALL = "the table was small: writers waited for a moment"
_UNRELEASED = "records were not released yet"
REASONS: dict[str, Reasons] = {
    "20261124_1556": {
        "create_index notice_by_reader on notice": _SMALL,
        "execute INSERT INTO notice_read": "fills a new table",
    },
    "20261124_1559": {
        "execute CREATE FUNCTION run_tally_": "a new function",
        "execute CREATE TRIGGER run_tally_": "counts what older workers write as well, and fails for none",
        "execute INSERT INTO run_tally": "fills a new table",
    },
    "20261124_1600": {"create_index effect_": _SMALL},
    "20261124_1620": {
        "execute CREATE FUNCTION audit_entry_": "a new function",
        "execute CREATE TRIGGER audit_entry_": "on a new table",
    },
    "20261124_1632": {"create_index run_by_caller on run": "no row has a caller yet: one pass over the table"},
    "20261124_1645": {"create_index timer_by_workspace on timer": _SMALL},
    "20261124_1800": {"execute INSERT INTO event_stopped": "fills a new table"},
    "20261124_1840": {"execute ALTER TABLE blob": "of new tables"},
    "20261124_1925": {"create_index record_change_open": _UNRELEASED},
}
"""What is not additive by its form, revision by revision."""
IDS = [one.id for one in chain()]


def _modules() -> dict[str, ModuleType]:
    found = {}
    for path in sorted((scripts() / "versions").glob("*.py")):
        module = _load(path)
        found[str(module.revision)] = module
    return found


def _load(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"migration_{path.stem.replace('-', '_')}", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    sys.modules.pop(spec.name, None)
    return module


MODULES = _modules()


def test_every_migration_states_its_half_as_potok_reads_it() -> None:
    stated = {revision: getattr(module, "half", None) for revision, module in MODULES.items()}
    assert {revision for revision, half in stated.items() if half not in ("before", "after")} == set()
    assert stated == {one.id: one.half for one in chain()}


@pytest.mark.parametrize("revision", [one.id for one in chain() if one.half == "before"])
def test_what_is_applied_beneath_older_processes_only_adds(revision: str) -> None:
    reasons = REASONS.get(revision, {})
    found = judged(MODULES[revision], reasons)
    assert found.faults == [], "make it an `after`, build it otherwise, or give the reason why it harms nobody"
    assert found.used == set(reasons), "a reason nobody needs"


def test_reasons_are_given_for_existing_migrations_only() -> None:
    assert set(REASONS) <= set(IDS)


@pytest.mark.parametrize(
    "line",
    [
        'op.drop_table("run")',
        'op.drop_column("run", "depth")',
        'op.rename_table("run", "runs")',
        'op.alter_column("run", "depth", nullable=True)',
        'op.add_column("run", sa.Column("x", sa.Text(), nullable=False))',
        'op.add_column("run", sa.Column("x", sa.Uuid(), sa.ForeignKey("event.id"), nullable=True))',
        'op.create_index("x", "run", ["depth"])',
        'op.create_unique_constraint("x", "run", ["depth"])',
        'op.create_foreign_key("x", "run", "event", ["event_id"], ["id"])',
        'op.create_check_constraint("x", "run", "depth > 0")',
        'op.execute("UPDATE run SET depth = 1")',
    ],
)
def test_what_older_processes_might_not_survive_is_found(line: str, tmp_path: Path) -> None:
    assert judged(_written(line, tmp_path), {}).faults


@pytest.mark.parametrize(
    "line",
    [
        'op.create_table("x", sa.Column("y", sa.Text(), nullable=False)); op.create_index("z", "x", ["y"])',
        'op.add_column("run", sa.Column("x", sa.Text(), nullable=True))',
        'op.add_column("run", sa.Column("x", sa.Text(), nullable=False, server_default=""))',
    ],
)
def test_what_only_adds_is_let_through(line: str, tmp_path: Path) -> None:
    assert judged(_written(line, tmp_path), {}).faults == []


def _written(line: str, folder: Path) -> ModuleType:
    path = folder / "sample.py"
    path.write_text(f"import sqlalchemy as sa\nfrom alembic import op\n\n\ndef upgrade():\n    {line}\n")
    return _load(path)
